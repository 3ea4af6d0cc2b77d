// SPDX-License-Identifier: EPL-2.0
/** Hypercall 33, physdev_op, as Xen on Arm answers it. */
package org.xenolith.hyp.physdev;
