// SPDX-License-Identifier: EPL-2.0
/**
 * What can be asked of a machine that stands between two instructions: its processors' registers and where they are, memory as each of them sees it, walks of
 * translation tables, instructions as text. Nothing of it leaves a trace in the machine: its digest is the same afterwards.
 */
@NullMarked
package org.xenolith.inspect.api;

import org.jspecify.annotations.NullMarked;
