// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_perfc_op ({@code struct xen_sysctl_perfc_op}). */
public final class SysctlPerformanceOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int CMD = 0;
  public static final int NR_COUNTERS = 4;
  public static final int NR_VALS = 8;
  public static final int DESC = 16;
  public static final int VAL = 24;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int nrCounters() {
    return memory.read32(address + NR_COUNTERS);
  }

  public void nrCounters(int value) {
    memory.write32(address + NR_COUNTERS, value);
  }

  public int nrVals() {
    return memory.read32(address + NR_VALS);
  }

  public void nrVals(int value) {
    memory.write32(address + NR_VALS, value);
  }

  public long desc() {
    return memory.read64(address + DESC);
  }

  public void desc(long value) {
    memory.write64(address + DESC, value);
  }

  public long val() {
    return memory.read64(address + VAL);
  }

  public void val(long value) {
    memory.write64(address + VAL, value);
  }
}
