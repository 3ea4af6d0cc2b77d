// SPDX-License-Identifier: EPL-2.0
/** What debuggers of machines have in common, whatever protocol they speak: a port for each machine, one client at a time, halting, and where a machine stops. */
@NullMarked
package org.xenolith.debug.kit;

import org.jspecify.annotations.NullMarked;
