// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_get_version ({@code struct gnttab_get_version}). */
public final class GnttabGetVersion extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int DOM = 0;
  public static final int VERSION = 4;

  public int dom() {
    return memory.read16(address + DOM) & 0xffff;
  }

  public void dom(int value) {
    memory.write16(address + DOM, (short) value);
  }

  public int version() {
    return memory.read32(address + VERSION);
  }

  public void version(int value) {
    memory.write32(address + VERSION, value);
  }
}
