// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of XEN_DOMCTL_scheduler_op; weight and cap are those of credit2, at the same place as credit's ({@code
 * struct xen_domctl_scheduler_op}).
 */
public final class DomctlSchedulerOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int SCHED_ID = 0;
  public static final int CMD = 4;
  public static final int WEIGHT = 8;
  public static final int CAP = 10;
  public static final int VCPUS = 8;
  public static final int NR_VCPUS = 16;

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

  public int weight() {
    return memory.read16(address + WEIGHT) & 0xffff;
  }

  public void weight(int value) {
    memory.write16(address + WEIGHT, (short) value);
  }

  public int cap() {
    return memory.read16(address + CAP) & 0xffff;
  }

  public void cap(int value) {
    memory.write16(address + CAP, (short) value);
  }

  public long vcpus() {
    return memory.read64(address + VCPUS);
  }

  public void vcpus(long value) {
    memory.write64(address + VCPUS, value);
  }

  public int nrVcpus() {
    return memory.read32(address + NR_VCPUS);
  }

  public void nrVcpus(int value) {
    memory.write32(address + NR_VCPUS, value);
  }
}
