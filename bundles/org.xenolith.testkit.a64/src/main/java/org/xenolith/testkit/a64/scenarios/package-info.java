// SPDX-License-Identifier: EPL-2.0
/** Bare-metal guests that run random scenarios at EL2, EL1 and EL0, for an engine to be compared with QEMU. */
@NullMarked
package org.xenolith.testkit.a64.scenarios;

import org.jspecify.annotations.NullMarked;
