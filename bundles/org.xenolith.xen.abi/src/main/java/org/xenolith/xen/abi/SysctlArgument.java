// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Values in the arguments and answers of sysctl operations ({@code sysctl.h}). Names as there. */
public final class SysctlArgument {
  public static final int CPUFREQ_PARA = 16;
  public static final int GET_CPUFREQ_AVGFREQ = 20;
  public static final int GET_CPUFREQ_PARA = 17;
  public static final int LIVEPATCH_ACTION_APPLY_NODEPS = 1;
  public static final int LIVEPATCH_ACTION_UNLOAD = 1;
  public static final int LIVEPATCH_ACTION_REVERT = 2;
  public static final int LIVEPATCH_ACTION_APPLY = 3;
  public static final int LIVEPATCH_ACTION_REPLACE = 4;
  public static final int LIVEPATCH_STATE_CHECKED = 1;
  public static final int LIVEPATCH_STATE_APPLIED = 2;
  public static final int PMSTAT_PX = 16;
  public static final int PMSTAT_get_max_px = 17;
  public static final int PMSTAT_get_pxstat = 18;
  public static final int PMSTAT_reset_pxstat = 19;
  public static final int PMSTAT_CX = 32;
  public static final int PMSTAT_get_max_cx = 33;
  public static final int PMSTAT_get_cxstat = 34;
  public static final int PMSTAT_reset_cxstat = 35;
  public static final int PMSTAT_CATEGORY_MASK = 240;
  public static final int PM_PARA_CATEGORY_MASK = 240;
  public static final int SET_CPUFREQ_GOV = 18;
  public static final int SET_CPUFREQ_PARA = 19;
  public static final int XEN_INVALID_DEV = 0xfffffffe;
  public static final int XEN_INVALID_CORE_ID = 0xffffffff;
  public static final int XEN_INVALID_MEM_SZ = 0xffffffff;
  public static final int XEN_INVALID_NODE_DIST = 0xffffffff;
  public static final int XEN_INVALID_NODE_ID = 0xffffffff;
  public static final int XEN_INVALID_SOCKET_ID = 0xffffffff;
  public static final int XEN_SYSCTL_COVERAGE_get_size = 0;
  public static final int XEN_SYSCTL_COVERAGE_read = 1;
  public static final int XEN_SYSCTL_COVERAGE_reset = 2;
  public static final int XEN_SYSCTL_CPUPOOL_OP_CREATE = 1;
  public static final int XEN_SYSCTL_CPUPOOL_OP_DESTROY = 2;
  public static final int XEN_SYSCTL_CPUPOOL_OP_INFO = 3;
  public static final int XEN_SYSCTL_CPUPOOL_OP_ADDCPU = 4;
  public static final int XEN_SYSCTL_CPUPOOL_OP_RMCPU = 5;
  public static final int XEN_SYSCTL_CPUPOOL_OP_MOVEDOMAIN = 6;
  public static final int XEN_SYSCTL_CPUPOOL_OP_FREEINFO = 7;
  public static final int XEN_SYSCTL_CPUPOOL_PAR_ANY = 0xffffffff;
  public static final int XEN_SYSCTL_CPU_HOTPLUG_ONLINE = 0;
  public static final int XEN_SYSCTL_CPU_HOTPLUG_OFFLINE = 1;
  public static final int XEN_SYSCTL_CPU_HOTPLUG_SMT_ENABLE = 2;
  public static final int XEN_SYSCTL_CPU_HOTPLUG_SMT_DISABLE = 3;
  public static final int XEN_SYSCTL_CSCHED_TSLICE_MIN = 1;
  public static final int XEN_SYSCTL_CSCHED_TSLICE_MAX = 0x3e8;
  public static final int XEN_SYSCTL_CSCHED_MGR_DLY_MAX_US = 0x186a0;
  public static final int XEN_SYSCTL_LIVEPATCH_UPLOAD = 0;
  public static final int XEN_SYSCTL_LIVEPATCH_GET = 1;
  public static final int XEN_SYSCTL_LIVEPATCH_LIST = 2;
  public static final int XEN_SYSCTL_LIVEPATCH_ACTION = 3;
  public static final int XEN_SYSCTL_LOCKPROF_reset = 1;
  public static final int XEN_SYSCTL_LOCKPROF_query = 2;
  public static final int XEN_SYSCTL_PERFCOP_reset = 1;
  public static final int XEN_SYSCTL_PERFCOP_query = 2;
  public static final int XEN_SYSCTL_PHYSCAP_hvm = 1;
  public static final int XEN_SYSCTL_PHYSCAP_pv = 2;
  public static final int XEN_SYSCTL_PHYSCAP_directio = 4;
  public static final int XEN_SYSCTL_PHYSCAP_hap = 8;
  public static final int XEN_SYSCTL_PHYSCAP_shadow = 16;
  public static final int XEN_SYSCTL_PHYSCAP_iommu_hap_pt_share = 32;
  public static final int XEN_SYSCTL_PHYSCAP_vmtrace = 64;
  public static final int XEN_SYSCTL_PHYSCAP_vpmu = 128;
  public static final int XEN_SYSCTL_PHYSCAP_gnttab_v1 = 0x100;
  public static final int XEN_SYSCTL_PHYSCAP_MAX = 0x200;
  public static final int XEN_SYSCTL_PHYSCAP_gnttab_v2 = 0x200;
  public static final int XEN_SYSCTL_SCHEDOP_putinfo = 0;
  public static final int XEN_SYSCTL_SCHEDOP_getinfo = 1;
  public static final int XEN_SYSCTL_SCHED_RATELIMIT_MAX = 0x7a120;
  public static final int XEN_SYSCTL_SCHED_RATELIMIT_MIN = 100;
  public static final int XEN_SYSCTL_TBUFOP_get_info = 0;
  public static final int XEN_SYSCTL_TBUFOP_set_cpu_mask = 1;
  public static final int XEN_SYSCTL_TBUFOP_set_evt_mask = 2;
  public static final int XEN_SYSCTL_TBUFOP_set_size = 3;
  public static final int XEN_SYSCTL_TBUFOP_enable = 4;
  public static final int XEN_SYSCTL_TBUFOP_disable = 5;

  private SysctlArgument() {
  }
}
