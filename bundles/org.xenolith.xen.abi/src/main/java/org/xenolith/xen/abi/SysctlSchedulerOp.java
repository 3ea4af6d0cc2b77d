// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_scheduler_op ({@code struct xen_sysctl_scheduler_op}). */
public final class SysctlSchedulerOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int CPUPOOL_ID = 0;
  public static final int SCHED_ID = 4;
  public static final int CMD = 8;
  public static final int CREDIT_TSLICE_MS = 16;
  public static final int CREDIT_RATELIMIT_US = 20;
  public static final int CREDIT_VCPU_MIGR_DELAY_US = 24;
  public static final int CREDIT2_RATELIMIT_US = 16;

  public int cpupoolId() {
    return memory.read32(address + CPUPOOL_ID);
  }

  public void cpupoolId(int value) {
    memory.write32(address + CPUPOOL_ID, value);
  }

  public int schedId() {
    return memory.read32(address + SCHED_ID);
  }

  public void schedId(int value) {
    memory.write32(address + SCHED_ID, value);
  }

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int creditTsliceMs() {
    return memory.read32(address + CREDIT_TSLICE_MS);
  }

  public void creditTsliceMs(int value) {
    memory.write32(address + CREDIT_TSLICE_MS, value);
  }

  public int creditRatelimitUs() {
    return memory.read32(address + CREDIT_RATELIMIT_US);
  }

  public void creditRatelimitUs(int value) {
    memory.write32(address + CREDIT_RATELIMIT_US, value);
  }

  public int creditVcpuMigrDelayUs() {
    return memory.read32(address + CREDIT_VCPU_MIGR_DELAY_US);
  }

  public void creditVcpuMigrDelayUs(int value) {
    memory.write32(address + CREDIT_VCPU_MIGR_DELAY_US, value);
  }

  public int credit2RatelimitUs() {
    return memory.read32(address + CREDIT2_RATELIMIT_US);
  }

  public void credit2RatelimitUs(int value) {
    memory.write32(address + CREDIT2_RATELIMIT_US, value);
  }
}
