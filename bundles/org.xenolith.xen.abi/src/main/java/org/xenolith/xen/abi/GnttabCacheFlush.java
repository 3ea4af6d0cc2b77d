// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_cache_flush; a bus address shares the place of a reference ({@code struct gnttab_cache_flush}). */
public final class GnttabCacheFlush extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int DEV_BUS_ADDR = 0;
  public static final int REF = 0;
  public static final int OFFSET = 8;
  public static final int LENGTH = 10;
  public static final int OP = 12;

  public long devBusAddr() {
    return memory.read64(address + DEV_BUS_ADDR);
  }

  public void devBusAddr(long value) {
    memory.write64(address + DEV_BUS_ADDR, value);
  }

  public int ref() {
    return memory.read32(address + REF);
  }

  public void ref(int value) {
    memory.write32(address + REF, value);
  }

  public int offset() {
    return memory.read16(address + OFFSET) & 0xffff;
  }

  public void offset(int value) {
    memory.write16(address + OFFSET, (short) value);
  }

  public int length() {
    return memory.read16(address + LENGTH) & 0xffff;
  }

  public void length(int value) {
    memory.write16(address + LENGTH, (short) value);
  }

  public int op() {
    return memory.read32(address + OP);
  }

  public void op(int value) {
    memory.write32(address + OP, value);
  }
}
