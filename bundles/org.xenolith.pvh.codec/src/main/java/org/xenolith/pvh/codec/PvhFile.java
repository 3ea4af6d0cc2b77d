// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the ELF file of a kernel for x86-64 that is entered by the PVH boot ABI (System V ABI, chapters 4 and 5; Xen's public header {@code elfnote.h}). */
public final class PvhFile {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int EXECUTABLE = 2;
  private static final int X86_64 = 62;
  private static final int LOAD = 1;
  private static final int NOTE = 4;
  private static final int ALL_RIGHTS = 7;
  private static final int PHYS32_ENTRY = 18;

  private PvhFile() {}

  /**
   * The file, with one segment.
   *
   * @param program the segment's first bytes
   * @param address physical, where they are to be
   * @param size    of the segment; what has no bytes is zero
   * @param entry   physical address, below 4 GiB
   */
  public static byte[] of(byte[] program, long address, long size, int entry) {
    byte[] name = "Xen\0".getBytes(StandardCharsets.US_ASCII);
    int note = HEADER + 2 * PROGRAM_HEADER;
    int noteBytes = 16 + name.length;
    ByteBuffer file = ByteBuffer.allocate(note + noteBytes + program.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) EXECUTABLE).putShort((short) X86_64).putInt(1).putLong(entry).putLong(HEADER).putLong(0).putInt(0);
    file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 2).position(HEADER);
    header(file, LOAD, note + noteBytes, address, program.length, size);
    header(file, NOTE, note, 0, noteBytes, noteBytes);
    file.putInt(name.length).putInt(4).putInt(PHYS32_ENTRY).put(name).putInt(entry).put(program);
    return file.array();
  }

  private static void header(ByteBuffer file, int type, int place, long address, long bytes, long size) {
    file.putInt(type).putInt(ALL_RIGHTS).putLong(place).putLong(address).putLong(address).putLong(bytes).putLong(size).putLong(4);
  }
}
