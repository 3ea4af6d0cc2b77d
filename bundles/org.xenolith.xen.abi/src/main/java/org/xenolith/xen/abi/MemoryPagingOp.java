// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_paging_op ({@code struct xen_mem_paging_op}). */
public final class MemoryPagingOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int OP = 0;
  public static final int DOMAIN = 2;
  public static final int BUFFER = 8;
  public static final int GFN = 16;

  public int op() {
    return memory.read8(address + OP) & 0xff;
  }

  public void op(int value) {
    memory.write8(address + OP, (byte) value);
  }

  public int domain() {
    return memory.read16(address + DOMAIN) & 0xffff;
  }

  public void domain(int value) {
    memory.write16(address + DOMAIN, (short) value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }

  public long gfn() {
    return memory.read64(address + GFN);
  }

  public void gfn(long value) {
    memory.write64(address + GFN, value);
  }
}
