// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import org.xenolith.xen.abi.XenFeature;

/**
 * What guests of one architecture have by XENVER_get_features that those of others haven't, as Xen 4.17 says it: bits {@code 1 << XENFEAT_*} of submap 0
 * (public header {@code features.h}), for cores to give as {@code ArchitectureFacts.features}.
 */
public final class GuestFeatures {
  /** Guests on Arm. */
  public static final int ARM = 1 << XenFeature.XENFEAT_ARM_SMCCC_supported;
  /**
   * PVH guests on x86: they may be called up by a vector, and take time from vcpu_time_info. None has XENFEAT_hvm_pirqs, since physical interrupts
   * are bound to event channels only where a domain's emulation has XEN_X86_EMU_USE_PIRQ; nor XENFEAT_supervisor_mode_kernel, which told of the first PVH.
   */
  public static final int PVH = 1 << XenFeature.XENFEAT_hvm_callback_vector | 1 << XenFeature.XENFEAT_hvm_safe_pvclock;

  private GuestFeatures() {}
}
