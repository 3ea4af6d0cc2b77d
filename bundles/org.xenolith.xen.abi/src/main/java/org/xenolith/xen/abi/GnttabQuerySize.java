// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_query_size ({@code struct gnttab_query_size}). */
public final class GnttabQuerySize extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int DOM = 0;
  public static final int NR_FRAMES = 4;
  public static final int MAX_NR_FRAMES = 8;
  public static final int STATUS = 12;

  public int dom() {
    return memory.read16(address + DOM) & 0xffff;
  }

  public void dom(int value) {
    memory.write16(address + DOM, (short) value);
  }

  public int nrFrames() {
    return memory.read32(address + NR_FRAMES);
  }

  public void nrFrames(int value) {
    memory.write32(address + NR_FRAMES, value);
  }

  public int maxNrFrames() {
    return memory.read32(address + MAX_NR_FRAMES);
  }

  public void maxNrFrames(int value) {
    memory.write32(address + MAX_NR_FRAMES, value);
  }

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }
}
