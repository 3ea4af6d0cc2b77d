// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.kit;

import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.xen.abi.Ia32SharedInfo;
import org.xenolith.xen.abi.Ia32VcpuInfo;
import org.xenolith.xen.abi.X64Guest;
import org.xenolith.xen.abi.X64SharedInfo;
import org.xenolith.xen.abi.X64VcpuInfo;

/** The layouts of Xen's public headers that domains on x86 share with the hypervisor. */
public final class SharedLayouts {
  /** Guests of 64 bits on x86 ({@code arch-x86/xen.h}). */
  public static final SharedLayout X64 = new SharedLayout(X64Guest.XEN_LEGACY_MAX_VCPUS, X64VcpuInfo.SIZE,
      X64VcpuInfo.EVTCHN_UPCALL_PENDING, X64VcpuInfo.EVTCHN_PENDING_SEL, X64SharedInfo.EVTCHN_PENDING, X64SharedInfo.EVTCHN_MASK,
      X64SharedInfo.WC_VERSION);

  /** Guests of 32 bits on x86 ({@code arch-x86/xen.h}, {@code arch-x86/xen-x86_32.h}). */
  public static final SharedLayout IA32 = new SharedLayout(X64Guest.XEN_LEGACY_MAX_VCPUS, Ia32VcpuInfo.SIZE,
      Ia32VcpuInfo.EVTCHN_UPCALL_PENDING, Ia32VcpuInfo.EVTCHN_PENDING_SEL, Ia32SharedInfo.EVTCHN_PENDING, Ia32SharedInfo.EVTCHN_MASK,
      Ia32SharedInfo.WC_VERSION, Ia32SharedInfo.WC_SEC_HI, 4);

  private SharedLayouts() {}
}
