// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_exchange ({@code struct xen_memory_exchange}). */
public final class MemoryExchange extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 72;
  public static final int IN_EXTENT_START = 0;
  public static final int IN_NR_EXTENTS = 8;
  public static final int IN_EXTENT_ORDER = 16;
  public static final int IN_MEM_FLAGS = 20;
  public static final int IN_DOMID = 24;
  public static final int OUT_EXTENT_START = 32;
  public static final int OUT_NR_EXTENTS = 40;
  public static final int OUT_EXTENT_ORDER = 48;
  public static final int OUT_MEM_FLAGS = 52;
  public static final int OUT_DOMID = 56;
  public static final int NR_EXCHANGED = 64;

  public long inExtentStart() {
    return memory.read64(address + IN_EXTENT_START);
  }

  public void inExtentStart(long value) {
    memory.write64(address + IN_EXTENT_START, value);
  }

  public long inNrExtents() {
    return memory.read64(address + IN_NR_EXTENTS);
  }

  public void inNrExtents(long value) {
    memory.write64(address + IN_NR_EXTENTS, value);
  }

  public int inExtentOrder() {
    return memory.read32(address + IN_EXTENT_ORDER);
  }

  public void inExtentOrder(int value) {
    memory.write32(address + IN_EXTENT_ORDER, value);
  }

  public int inMemFlags() {
    return memory.read32(address + IN_MEM_FLAGS);
  }

  public void inMemFlags(int value) {
    memory.write32(address + IN_MEM_FLAGS, value);
  }

  public int inDomid() {
    return memory.read16(address + IN_DOMID) & 0xffff;
  }

  public void inDomid(int value) {
    memory.write16(address + IN_DOMID, (short) value);
  }

  public long outExtentStart() {
    return memory.read64(address + OUT_EXTENT_START);
  }

  public void outExtentStart(long value) {
    memory.write64(address + OUT_EXTENT_START, value);
  }

  public long outNrExtents() {
    return memory.read64(address + OUT_NR_EXTENTS);
  }

  public void outNrExtents(long value) {
    memory.write64(address + OUT_NR_EXTENTS, value);
  }

  public int outExtentOrder() {
    return memory.read32(address + OUT_EXTENT_ORDER);
  }

  public void outExtentOrder(int value) {
    memory.write32(address + OUT_EXTENT_ORDER, value);
  }

  public int outMemFlags() {
    return memory.read32(address + OUT_MEM_FLAGS);
  }

  public void outMemFlags(int value) {
    memory.write32(address + OUT_MEM_FLAGS, value);
  }

  public int outDomid() {
    return memory.read16(address + OUT_DOMID) & 0xffff;
  }

  public void outDomid(int value) {
    memory.write16(address + OUT_DOMID, (short) value);
  }

  public long nrExchanged() {
    return memory.read64(address + NR_EXCHANGED);
  }

  public void nrExchanged(long value) {
    memory.write64(address + NR_EXCHANGED, value);
  }
}
