// SPDX-License-Identifier: EPL-2.0
/**
 * The hypervisor's driver of the GIC and the interrupt controllers that domains see. Physical interrupts reach a domain
 * through list registers. Sources: Arm IHI 0048B (GICv2), Arm IHI 0069H (GICv3).
 */
package org.xenolith.hyp.vgic;
