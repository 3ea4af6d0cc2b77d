// SPDX-License-Identifier: EPL-2.0
/** What executes a CPU, whatever its architecture. */
@NullMarked
package org.xenolith.cpu.api;

import org.jspecify.annotations.NullMarked;
