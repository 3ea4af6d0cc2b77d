// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_set_version ({@code struct gnttab_set_version}). */
public final class GnttabSetVersion extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int VERSION = 0;

  public int version() {
    return memory.read32(address + VERSION);
  }

  public void version(int value) {
    memory.write32(address + VERSION, value);
  }
}
