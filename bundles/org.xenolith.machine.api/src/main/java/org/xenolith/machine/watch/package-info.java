// SPDX-License-Identifier: EPL-2.0
/** How a machine is watched while it executes: samples, ways out of guest code, exceptions. Nothing here has a say in a run. */
@NullMarked
package org.xenolith.machine.watch;

import org.jspecify.annotations.NullMarked;
