// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of SCHEDOP_poll ({@code struct sched_poll}). */
public final class SchedPoll extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int PORTS = 0;
  public static final int NR_PORTS = 8;
  public static final int TIMEOUT = 16;

  public long ports() {
    return memory.read64(address + PORTS);
  }

  public void ports(long value) {
    memory.write64(address + PORTS, value);
  }

  public int nrPorts() {
    return memory.read32(address + NR_PORTS);
  }

  public void nrPorts(int value) {
    memory.write32(address + NR_PORTS, value);
  }

  public long timeout() {
    return memory.read64(address + TIMEOUT);
  }

  public void timeout(long value) {
    memory.write64(address + TIMEOUT, value);
  }
}
