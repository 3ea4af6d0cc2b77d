// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_pm_op ({@code struct xen_sysctl_pm_op}). */
public final class SysctlPowerOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 128;
  public static final int CMD = 0;
  public static final int CPUID = 4;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int cpuid() {
    return memory.read32(address + CPUID);
  }

  public void cpuid(int value) {
    memory.write32(address + CPUID, value);
  }
}
