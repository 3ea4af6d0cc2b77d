// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_unmap_grant_ref ({@code struct gnttab_unmap_grant_ref}). */
public final class GnttabUnmapGrantRef extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int HOST_ADDR = 0;
  public static final int DEV_BUS_ADDR = 8;
  public static final int HANDLE = 16;
  public static final int STATUS = 20;

  public long hostAddr() {
    return memory.read64(address + HOST_ADDR);
  }

  public void hostAddr(long value) {
    memory.write64(address + HOST_ADDR, value);
  }

  public long devBusAddr() {
    return memory.read64(address + DEV_BUS_ADDR);
  }

  public void devBusAddr(long value) {
    memory.write64(address + DEV_BUS_ADDR, value);
  }

  public int handle() {
    return memory.read32(address + HANDLE);
  }

  public void handle(int value) {
    memory.write32(address + HANDLE, value);
  }

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }
}
