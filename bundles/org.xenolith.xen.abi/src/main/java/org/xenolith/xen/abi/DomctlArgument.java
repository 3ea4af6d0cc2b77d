// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Values in the arguments of domctl operations ({@code domctl.h}). Names as there. */
public final class DomctlArgument {
  public static final int DPCI_REMOVE_MAPPING = 0;
  public static final int DPCI_ADD_MAPPING = 1;
  public static final int PT_IRQ_TYPE_PCI = 0;
  public static final int PT_IRQ_TYPE_ISA = 1;
  public static final int PT_IRQ_TYPE_MSI = 2;
  public static final int PT_IRQ_TYPE_MSI_TRANSLATE = 3;
  public static final int PT_IRQ_TYPE_SPI = 4;
  public static final int XEN_DOMCTL_DEBUG_OP_SINGLE_STEP_OFF = 0;
  public static final int XEN_DOMCTL_DEBUG_OP_SINGLE_STEP_ON = 1;
  public static final int XEN_DOMCTL_DEV_PCI = 0;
  public static final int XEN_DOMCTL_DEV_DT = 1;
  public static final int XEN_DOMCTL_DEV_RDM_RELAXED = 1;
  public static final int XEN_DOMCTL_MONITOR_EVENT_WRITE_CTRLREG = 0;
  public static final int XEN_DOMCTL_MONITOR_EVENT_MOV_TO_MSR = 1;
  public static final int XEN_DOMCTL_MONITOR_EVENT_SINGLESTEP = 2;
  public static final int XEN_DOMCTL_MONITOR_EVENT_SOFTWARE_BREAKPOINT = 3;
  public static final int XEN_DOMCTL_MONITOR_EVENT_GUEST_REQUEST = 4;
  public static final int XEN_DOMCTL_MONITOR_EVENT_DEBUG_EXCEPTION = 5;
  public static final int XEN_DOMCTL_MONITOR_EVENT_CPUID = 6;
  public static final int XEN_DOMCTL_MONITOR_EVENT_PRIVILEGED_CALL = 7;
  public static final int XEN_DOMCTL_MONITOR_EVENT_INTERRUPT = 8;
  public static final int XEN_DOMCTL_MONITOR_EVENT_DESC_ACCESS = 9;
  public static final int XEN_DOMCTL_MONITOR_EVENT_EMUL_UNIMPLEMENTED = 10;
  public static final int XEN_DOMCTL_MONITOR_EVENT_INGUEST_PAGEFAULT = 11;
  public static final int XEN_DOMCTL_MONITOR_EVENT_VMEXIT = 12;
  public static final int XEN_DOMCTL_MONITOR_OP_ENABLE = 0;
  public static final int XEN_DOMCTL_MONITOR_OP_DISABLE = 1;
  public static final int XEN_DOMCTL_MONITOR_OP_GET_CAPABILITIES = 2;
  public static final int XEN_DOMCTL_MONITOR_OP_EMULATE_EACH_REP = 3;
  public static final int XEN_DOMCTL_MONITOR_OP_CONTROL_REGISTERS = 4;
  public static final int XEN_DOMCTL_SCHEDOP_putinfo = 0;
  public static final int XEN_DOMCTL_SCHEDOP_getinfo = 1;
  public static final int XEN_DOMCTL_SCHEDOP_putvcpuinfo = 2;
  public static final int XEN_DOMCTL_SCHEDOP_getvcpuinfo = 3;
  public static final int XEN_DOMCTL_SCHEDRT_extra = 1;
  public static final int XEN_DOMCTL_SENDTRIGGER_NMI = 0;
  public static final int XEN_DOMCTL_SENDTRIGGER_RESET = 1;
  public static final int XEN_DOMCTL_SENDTRIGGER_INIT = 2;
  public static final int XEN_DOMCTL_SENDTRIGGER_POWER = 3;
  public static final int XEN_DOMCTL_SENDTRIGGER_SLEEP = 4;
  public static final int XEN_DOMCTL_SHADOW_ENABLE_REFCOUNT = 2;
  public static final int XEN_DOMCTL_SHADOW_ENABLE_LOG_DIRTY = 4;
  public static final int XEN_DOMCTL_SHADOW_ENABLE_TRANSLATE = 8;
  public static final int XEN_DOMCTL_SHADOW_ENABLE_EXTERNAL = 16;
  public static final int XEN_DOMCTL_SHADOW_LOGDIRTY_FINAL = 1;
  public static final int XEN_DOMCTL_SHADOW_OP_OFF = 0;
  public static final int XEN_DOMCTL_SHADOW_OP_ENABLE_TEST = 1;
  public static final int XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY = 2;
  public static final int XEN_DOMCTL_SHADOW_OP_CLEAN = 11;
  public static final int XEN_DOMCTL_SHADOW_OP_PEEK = 12;
  public static final int XEN_DOMCTL_SHADOW_OP_GET_ALLOCATION = 30;
  public static final int XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION = 31;
  public static final int XEN_DOMCTL_SHADOW_OP_ENABLE = 32;
  public static final int XEN_DOMCTL_VM_EVENT_OP_PAGING = 1;
  public static final int XEN_DOMCTL_VM_EVENT_OP_MONITOR = 2;
  public static final int XEN_DOMCTL_VM_EVENT_OP_SHARING = 3;
  public static final int XEN_DOMCTL_VUART_OP_INIT = 0;
  public static final int XEN_DOMCTL_VUART_TYPE_VPL011 = 0;
  public static final int XEN_SCHEDULER_CREDIT = 5;
  public static final int XEN_SCHEDULER_CREDIT2 = 6;
  public static final int XEN_SCHEDULER_ARINC653 = 7;
  public static final int XEN_SCHEDULER_RTDS = 8;
  public static final int XEN_SCHEDULER_NULL = 9;
  public static final int XEN_VCPUAFFINITY_HARD = 1;
  public static final int XEN_VCPUAFFINITY_SOFT = 2;
  public static final int XEN_VCPUAFFINITY_FORCE = 4;
  public static final int XEN_VM_EVENT_ENABLE = 0;
  public static final int XEN_VM_EVENT_DISABLE = 1;
  public static final int XEN_VM_EVENT_RESUME = 2;
  public static final int XEN_VM_EVENT_GET_VERSION = 3;

  private DomctlArgument() {
  }
}
