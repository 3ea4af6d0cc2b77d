// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.VcpuInfo;

/** The layout of Xen's public headers that domains on Arm share with the hypervisor. */
public final class ArmLayouts {
  /** Guests on Arm, of 32 and of 64 bits ({@code arch-arm.h}: XEN_LEGACY_MAX_VCPUS is 1). */
  public static final SharedLayout ARM = new SharedLayout(1, VcpuInfo.SIZE, VcpuInfo.EVTCHN_UPCALL_PENDING, VcpuInfo.EVTCHN_PENDING_SEL,
      SharedInfo.EVTCHN_PENDING, SharedInfo.EVTCHN_MASK, SharedInfo.WC_VERSION);

  private ArmLayouts() {}
}
