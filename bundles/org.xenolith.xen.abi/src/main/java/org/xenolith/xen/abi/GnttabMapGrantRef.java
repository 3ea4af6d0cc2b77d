// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_map_grant_ref ({@code struct gnttab_map_grant_ref}). */
public final class GnttabMapGrantRef extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int HOST_ADDR = 0;
  public static final int FLAGS = 8;
  public static final int REF = 12;
  public static final int DOM = 16;
  public static final int STATUS = 18;
  public static final int HANDLE = 20;
  public static final int DEV_BUS_ADDR = 24;

  public long hostAddr() {
    return memory.read64(address + HOST_ADDR);
  }

  public void hostAddr(long value) {
    memory.write64(address + HOST_ADDR, value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public int ref() {
    return memory.read32(address + REF);
  }

  public void ref(int value) {
    memory.write32(address + REF, value);
  }

  public int dom() {
    return memory.read16(address + DOM) & 0xffff;
  }

  public void dom(int value) {
    memory.write16(address + DOM, (short) value);
  }

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }

  public int handle() {
    return memory.read32(address + HANDLE);
  }

  public void handle(int value) {
    memory.write32(address + HANDLE, value);
  }

  public long devBusAddr() {
    return memory.read64(address + DEV_BUS_ADDR);
  }

  public void devBusAddr(long value) {
    memory.write64(address + DEV_BUS_ADDR, value);
  }
}
