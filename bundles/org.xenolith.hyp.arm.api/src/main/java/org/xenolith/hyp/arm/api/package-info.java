// SPDX-License-Identifier: EPL-2.0
/** What subsystems of the hypervisor and its core have to do with one another on Arm alone. */
@NullMarked
package org.xenolith.hyp.arm.api;

import org.jspecify.annotations.NullMarked;
