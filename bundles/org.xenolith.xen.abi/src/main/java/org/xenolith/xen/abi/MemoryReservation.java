// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_populate_physmap and its kin ({@code struct xen_memory_reservation}). */
public final class MemoryReservation extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int EXTENT_START = 0;
  public static final int NR_EXTENTS = 8;
  public static final int EXTENT_ORDER = 16;
  public static final int MEM_FLAGS = 20;
  public static final int DOMID = 24;

  public long extentStart() {
    return memory.read64(address + EXTENT_START);
  }

  public void extentStart(long value) {
    memory.write64(address + EXTENT_START, value);
  }

  public long nrExtents() {
    return memory.read64(address + NR_EXTENTS);
  }

  public void nrExtents(long value) {
    memory.write64(address + NR_EXTENTS, value);
  }

  public int extentOrder() {
    return memory.read32(address + EXTENT_ORDER);
  }

  public void extentOrder(int value) {
    memory.write32(address + EXTENT_ORDER, value);
  }

  public int memFlags() {
    return memory.read32(address + MEM_FLAGS);
  }

  public void memFlags(int value) {
    memory.write32(address + MEM_FLAGS, value);
  }

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }
}
