// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_cpupool_op ({@code struct xen_sysctl_cpupool_op}). */
public final class SysctlCpupoolOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int OP = 0;
  public static final int CPUPOOL_ID = 4;
  public static final int SCHED_ID = 8;
  public static final int DOMID = 12;
  public static final int CPU = 16;
  public static final int N_DOM = 20;
  public static final int CPUMAP = 24;
  /** Bytes of {@code cpumap}. */
  public static final int CPUMAP_BYTES = 16;

  public int op() {
    return memory.read32(address + OP);
  }

  public void op(int value) {
    memory.write32(address + OP, value);
  }

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

  public int domid() {
    return memory.read32(address + DOMID);
  }

  public void domid(int value) {
    memory.write32(address + DOMID, value);
  }

  public int cpu() {
    return memory.read32(address + CPU);
  }

  public void cpu(int value) {
    memory.write32(address + CPU, value);
  }

  public int nDom() {
    return memory.read32(address + N_DOM);
  }

  public void nDom(int value) {
    memory.write32(address + N_DOM, value);
  }
}
