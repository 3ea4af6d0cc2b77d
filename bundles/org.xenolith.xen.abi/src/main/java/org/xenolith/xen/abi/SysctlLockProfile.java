// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_lockprof_op ({@code struct xen_sysctl_lockprof_op}). */
public final class SysctlLockProfile extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int CMD = 0;
  public static final int MAX_ELEM = 4;
  public static final int NR_ELEM = 8;
  public static final int TIME = 16;
  public static final int DATA = 24;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int maxElem() {
    return memory.read32(address + MAX_ELEM);
  }

  public void maxElem(int value) {
    memory.write32(address + MAX_ELEM, value);
  }

  public int nrElem() {
    return memory.read32(address + NR_ELEM);
  }

  public void nrElem(int value) {
    memory.write32(address + NR_ELEM, value);
  }

  public long time() {
    return memory.read64(address + TIME);
  }

  public void time(long value) {
    memory.write64(address + TIME, value);
  }

  public long data() {
    return memory.read64(address + DATA);
  }

  public void data(long value) {
    memory.write64(address + DATA, value);
  }
}
