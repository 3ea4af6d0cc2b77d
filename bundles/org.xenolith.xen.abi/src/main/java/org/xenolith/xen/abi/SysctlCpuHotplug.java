// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_cpu_hotplug ({@code struct xen_sysctl_cpu_hotplug}). */
public final class SysctlCpuHotplug extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int CPU = 0;
  public static final int OP = 4;

  public int cpu() {
    return memory.read32(address + CPU);
  }

  public void cpu(int value) {
    memory.write32(address + CPU, value);
  }

  public int op() {
    return memory.read32(address + OP);
  }

  public void op(int value) {
    memory.write32(address + OP, value);
  }
}
