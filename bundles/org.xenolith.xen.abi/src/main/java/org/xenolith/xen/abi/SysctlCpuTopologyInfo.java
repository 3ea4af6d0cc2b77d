// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_cputopoinfo ({@code struct xen_sysctl_cputopoinfo}). */
public final class SysctlCpuTopologyInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int NUM_CPUS = 0;
  public static final int CPUTOPO = 8;

  public int numCpus() {
    return memory.read32(address + NUM_CPUS);
  }

  public void numCpus(int value) {
    memory.write32(address + NUM_CPUS, value);
  }

  public long cputopo() {
    return memory.read64(address + CPUTOPO);
  }

  public void cputopo(long value) {
    memory.write64(address + CPUTOPO, value);
  }
}
