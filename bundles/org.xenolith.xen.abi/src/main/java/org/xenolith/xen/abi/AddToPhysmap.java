// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_add_to_physmap ({@code struct xen_add_to_physmap}). */
public final class AddToPhysmap extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int DOMID = 0;
  public static final int MAP_SIZE = 2;
  public static final int SPACE = 4;
  public static final int IDX = 8;
  public static final int GPFN = 16;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int mapSize() {
    return memory.read16(address + MAP_SIZE) & 0xffff;
  }

  public void mapSize(int value) {
    memory.write16(address + MAP_SIZE, (short) value);
  }

  public int space() {
    return memory.read32(address + SPACE);
  }

  public void space(int value) {
    memory.write32(address + SPACE, value);
  }

  public long idx() {
    return memory.read64(address + IDX);
  }

  public void idx(long value) {
    memory.write64(address + IDX, value);
  }

  public long gpfn() {
    return memory.read64(address + GPFN);
  }

  public void gpfn(long value) {
    memory.write64(address + GPFN, value);
  }
}
