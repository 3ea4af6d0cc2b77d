// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_access_op ({@code struct xen_mem_access_op}). */
public final class MemoryAccessOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int OP = 0;
  public static final int ACCESS = 1;
  public static final int DOMID = 2;
  public static final int NR = 4;
  public static final int PFN = 8;
  public static final int PFN_LIST = 16;
  public static final int ACCESS_LIST = 24;

  public int op() {
    return memory.read8(address + OP) & 0xff;
  }

  public void op(int value) {
    memory.write8(address + OP, (byte) value);
  }

  public int access() {
    return memory.read8(address + ACCESS) & 0xff;
  }

  public void access(int value) {
    memory.write8(address + ACCESS, (byte) value);
  }

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int nr() {
    return memory.read32(address + NR);
  }

  public void nr(int value) {
    memory.write32(address + NR, value);
  }

  public long pfn() {
    return memory.read64(address + PFN);
  }

  public void pfn(long value) {
    memory.write64(address + PFN, value);
  }

  public long pfnList() {
    return memory.read64(address + PFN_LIST);
  }

  public void pfnList(long value) {
    memory.write64(address + PFN_LIST, value);
  }

  public long accessList() {
    return memory.read64(address + ACCESS_LIST);
  }

  public void accessList(long value) {
    memory.write64(address + ACCESS_LIST, value);
  }
}
