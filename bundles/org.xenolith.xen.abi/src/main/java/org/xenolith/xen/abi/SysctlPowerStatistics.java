// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_get_pmstat ({@code struct xen_sysctl_get_pmstat}). */
public final class SysctlPowerStatistics extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 64;
  public static final int TYPE = 0;
  public static final int CPUID = 4;

  public int type() {
    return memory.read32(address + TYPE);
  }

  public void type(int value) {
    memory.write32(address + TYPE, value);
  }

  public int cpuid() {
    return memory.read32(address + CPUID);
  }

  public void cpuid(int value) {
    memory.write32(address + CPUID, value);
  }
}
