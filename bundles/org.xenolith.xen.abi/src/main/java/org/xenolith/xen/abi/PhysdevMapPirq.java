// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of PHYSDEVOP_map_pirq ({@code struct physdev_map_pirq}). */
public final class PhysdevMapPirq extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int DOMID = 0;
  public static final int TYPE = 4;
  public static final int INDEX = 8;
  public static final int PIRQ = 12;
  public static final int BUS = 16;
  public static final int DEVFN = 20;
  public static final int ENTRY_NR = 24;
  public static final int TABLE_BASE = 32;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int type() {
    return memory.read32(address + TYPE);
  }

  public void type(int value) {
    memory.write32(address + TYPE, value);
  }

  public int index() {
    return memory.read32(address + INDEX);
  }

  public void index(int value) {
    memory.write32(address + INDEX, value);
  }

  public int pirq() {
    return memory.read32(address + PIRQ);
  }

  public void pirq(int value) {
    memory.write32(address + PIRQ, value);
  }

  public int bus() {
    return memory.read32(address + BUS);
  }

  public void bus(int value) {
    memory.write32(address + BUS, value);
  }

  public int devfn() {
    return memory.read32(address + DEVFN);
  }

  public void devfn(int value) {
    memory.write32(address + DEVFN, value);
  }

  public int entryNr() {
    return memory.read32(address + ENTRY_NR);
  }

  public void entryNr(int value) {
    memory.write32(address + ENTRY_NR, value);
  }

  public long tableBase() {
    return memory.read64(address + TABLE_BASE);
  }

  public void tableBase(long value) {
    memory.write64(address + TABLE_BASE, value);
  }
}
