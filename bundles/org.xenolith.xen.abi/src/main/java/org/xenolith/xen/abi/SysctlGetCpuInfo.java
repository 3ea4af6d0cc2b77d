// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_getcpuinfo ({@code struct xen_sysctl_getcpuinfo}). */
public final class SysctlGetCpuInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int MAX_CPUS = 0;
  public static final int INFO = 8;
  public static final int NR_CPUS = 16;

  public int maxCpus() {
    return memory.read32(address + MAX_CPUS);
  }

  public void maxCpus(int value) {
    memory.write32(address + MAX_CPUS, value);
  }

  public long info() {
    return memory.read64(address + INFO);
  }

  public void info(long value) {
    memory.write64(address + INFO, value);
  }

  public int nrCpus() {
    return memory.read32(address + NR_CPUS);
  }

  public void nrCpus(int value) {
    memory.write32(address + NR_CPUS, value);
  }
}
