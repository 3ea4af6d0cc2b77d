// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.hvm;

import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.XenErrno;

/** Who may read and set which parameter of a domain that says itself how it hears of events, as those on x86 do (Xen 4.17, public header {@code hvm/params.h}). */
final class PcParameters {
  private static final int EINVAL = -XenErrno.XEN_EINVAL;

  private PcParameters() {}

  /** @param own whether the domain itself asks; tools may do more @return 0 or a negative errno */
  static int refused(int index, boolean set, boolean own) {
    if (index < 0 || index >= HvmParam.HVM_NR_PARAMS) {
      return EINVAL;
    }
    return switch (index) {
      case HvmParam.HVM_PARAM_CALLBACK_IRQ, HvmParam.HVM_PARAM_VM86_TSS, HvmParam.HVM_PARAM_VM86_TSS_SIZED,
          HvmParam.HVM_PARAM_ACPI_IOPORTS_LOCATION, HvmParam.HVM_PARAM_VM_GENERATION_ID_ADDR, HvmParam.HVM_PARAM_STORE_EVTCHN,
          HvmParam.HVM_PARAM_CONSOLE_EVTCHN, HvmParam.HVM_PARAM_X87_FIP_WIDTH -> 0;
      case HvmParam.HVM_PARAM_STORE_PFN, HvmParam.HVM_PARAM_CONSOLE_PFN, HvmParam.HVM_PARAM_ALTP2M -> set && own
          ? -XenErrno.XEN_EPERM : 0;
      case HvmParam.HVM_PARAM_PAE_ENABLED, HvmParam.HVM_PARAM_DM_DOMAIN, HvmParam.HVM_PARAM_MEMORY_EVENT_CR0,
          HvmParam.HVM_PARAM_MEMORY_EVENT_CR3, HvmParam.HVM_PARAM_MEMORY_EVENT_CR4, HvmParam.HVM_PARAM_MEMORY_EVENT_INT3,
          HvmParam.HVM_PARAM_NESTEDHVM, HvmParam.HVM_PARAM_MEMORY_EVENT_SINGLE_STEP, HvmParam.HVM_PARAM_BUFIOREQ_EVTCHN,
          HvmParam.HVM_PARAM_MEMORY_EVENT_MSR -> EINVAL;
      default -> own ? -XenErrno.XEN_EPERM : 0;
    };
  }

  /** Whether a value is none of a parameter that may be set. @return 0 or a negative errno */
  static int refusedValue(int index, long value) {
    return switch (index) {
      case HvmParam.HVM_PARAM_X87_FIP_WIDTH -> value == 0 || value == 4 || value == 8 ? 0 : EINVAL;
      // There is no such timer to be moved.
      case HvmParam.HVM_PARAM_ACPI_IOPORTS_LOCATION -> -XenErrno.XEN_ENODEV;
      default -> 0;
    };
  }
}
