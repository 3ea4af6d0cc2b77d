// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_livepatch_op; the list's fields ({@code struct xen_sysctl_livepatch_op}). */
public final class SysctlLivePatchOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 72;
  public static final int CMD = 0;
  public static final int PAD = 4;
  public static final int VERSION = 8;
  public static final int IDX = 12;
  public static final int NR = 16;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int pad() {
    return memory.read32(address + PAD);
  }

  public void pad(int value) {
    memory.write32(address + PAD, value);
  }

  public int version() {
    return memory.read32(address + VERSION);
  }

  public void version(int value) {
    memory.write32(address + VERSION, value);
  }

  public int idx() {
    return memory.read32(address + IDX);
  }

  public void idx(int value) {
    memory.write32(address + IDX, value);
  }

  public int nr() {
    return memory.read32(address + NR);
  }

  public void nr(int value) {
    memory.write32(address + NR, value);
  }
}
