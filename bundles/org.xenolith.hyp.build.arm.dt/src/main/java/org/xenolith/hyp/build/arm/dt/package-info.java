// SPDX-License-Identifier: EPL-2.0
/** Builds domains that are described by a devicetree: the hardware domain from the host's tree, others from nothing. */
package org.xenolith.hyp.build.arm.dt;
