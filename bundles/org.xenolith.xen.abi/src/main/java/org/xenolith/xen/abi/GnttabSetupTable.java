// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_setup_table ({@code struct gnttab_setup_table}). */
public final class GnttabSetupTable extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int DOM = 0;
  public static final int NR_FRAMES = 4;
  public static final int STATUS = 8;
  public static final int FRAME_LIST = 16;

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

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }

  public long frameList() {
    return memory.read64(address + FRAME_LIST);
  }

  public void frameList(long value) {
    memory.write64(address + FRAME_LIST, value);
  }
}
