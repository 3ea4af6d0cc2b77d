// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Hypercall numbers, passed in x16 with {@code HVC #0xEA1} ({@code xen.h}). Names as there. */
public final class HypercallNumber {
  public static final int __HYPERVISOR_platform_op = 7;
  public static final int __HYPERVISOR_memory_op = 12;
  public static final int __HYPERVISOR_multicall = 13;
  public static final int __HYPERVISOR_set_timer_op = 15;
  public static final int __HYPERVISOR_xen_version = 17;
  public static final int __HYPERVISOR_console_io = 18;
  public static final int __HYPERVISOR_grant_table_op = 20;
  public static final int __HYPERVISOR_vm_assist = 21;
  public static final int __HYPERVISOR_vcpu_op = 24;
  public static final int __HYPERVISOR_xsm_op = 27;
  public static final int __HYPERVISOR_sched_op = 29;
  public static final int __HYPERVISOR_xenoprof_op = 31;
  public static final int __HYPERVISOR_event_channel_op = 32;
  public static final int __HYPERVISOR_physdev_op = 33;
  public static final int __HYPERVISOR_hvm_op = 34;
  public static final int __HYPERVISOR_sysctl = 35;
  public static final int __HYPERVISOR_domctl = 36;
  public static final int __HYPERVISOR_kexec_op = 37;
  public static final int __HYPERVISOR_tmem_op = 38;
  public static final int __HYPERVISOR_argo_op = 39;
  public static final int __HYPERVISOR_xenpmu_op = 40;
  public static final int __HYPERVISOR_dm_op = 41;
  public static final int __HYPERVISOR_hypfs_op = 42;
  public static final int __HYPERVISOR_arch_0 = 48;
  public static final int __HYPERVISOR_arch_1 = 49;
  public static final int __HYPERVISOR_arch_2 = 50;
  public static final int __HYPERVISOR_arch_3 = 51;
  public static final int __HYPERVISOR_arch_4 = 52;
  public static final int __HYPERVISOR_arch_5 = 53;
  public static final int __HYPERVISOR_arch_6 = 54;
  public static final int __HYPERVISOR_arch_7 = 55;

  private HypercallNumber() {
  }
}
