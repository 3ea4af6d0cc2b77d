// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** An entry of a version 1 grant table ({@code struct grant_entry_v1}). */
public final class GrantEntryV1 extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int FLAGS = 0;
  public static final int DOMID = 2;
  public static final int FRAME = 4;

  public int flags() {
    return memory.read16(address + FLAGS) & 0xffff;
  }

  public void flags(int value) {
    memory.write16(address + FLAGS, (short) value);
  }

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int frame() {
    return memory.read32(address + FRAME);
  }

  public void frame(int value) {
    memory.write32(address + FRAME, value);
  }
}
