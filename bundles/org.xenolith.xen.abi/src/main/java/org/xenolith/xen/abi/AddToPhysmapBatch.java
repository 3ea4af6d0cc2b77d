// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_add_to_physmap_batch ({@code struct xen_add_to_physmap_batch}). */
public final class AddToPhysmapBatch extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int DOMID = 0;
  public static final int SPACE = 2;
  public static final int MAP_SIZE = 4;
  public static final int FOREIGN_DOMID = 6;
  public static final int IDXS = 8;
  public static final int GPFNS = 16;
  public static final int ERRS = 24;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int space() {
    return memory.read16(address + SPACE) & 0xffff;
  }

  public void space(int value) {
    memory.write16(address + SPACE, (short) value);
  }

  public int mapSize() {
    return memory.read16(address + MAP_SIZE) & 0xffff;
  }

  public void mapSize(int value) {
    memory.write16(address + MAP_SIZE, (short) value);
  }

  public int foreignDomid() {
    return memory.read16(address + FOREIGN_DOMID) & 0xffff;
  }

  public void foreignDomid(int value) {
    memory.write16(address + FOREIGN_DOMID, (short) value);
  }

  public long idxs() {
    return memory.read64(address + IDXS);
  }

  public void idxs(long value) {
    memory.write64(address + IDXS, value);
  }

  public long gpfns() {
    return memory.read64(address + GPFNS);
  }

  public void gpfns(long value) {
    memory.write64(address + GPFNS, value);
  }

  public long errs() {
    return memory.read64(address + ERRS);
  }

  public void errs(long value) {
    memory.write64(address + ERRS, value);
  }
}
