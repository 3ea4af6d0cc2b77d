// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** A segment of a request: the sectors of one granted page ({@code struct blkif_request_segment}). */
public final class BlkifSegment extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int GREF = 0;
  public static final int FIRST_SECT = 4;
  public static final int LAST_SECT = 5;

  public int gref() {
    return memory.read32(address + GREF);
  }

  public void gref(int value) {
    memory.write32(address + GREF, value);
  }

  public int firstSect() {
    return memory.read8(address + FIRST_SECT) & 0xff;
  }

  public void firstSect(int value) {
    memory.write8(address + FIRST_SECT, (byte) value);
  }

  public int lastSect() {
    return memory.read8(address + LAST_SECT) & 0xff;
  }

  public void lastSect(int value) {
    memory.write8(address + LAST_SECT, (byte) value);
  }
}
