// SPDX-License-Identifier: EPL-2.0
/** What subsystems of the hypervisor share that have to do with Arm. */
@NullMarked
package org.xenolith.hyp.arm.kit;

import org.jspecify.annotations.NullMarked;
