// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes ELF files. */
final class ElfBytes {
  static final int CODE = 0x1000;
  final ByteBuffer file;
  private int count;

  /** A file of {@code size} bytes without segments. @param type 2 for a fixed program, 3 for a position-independent one */
  ElfBytes(int size, int type, long entry) {
    file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1});
    file.putShort(16, (short) type).putShort(18, (short) 183).putLong(24, entry).putLong(32, 64).putShort(54, (short) 56);
  }

  ElfBytes segment(int kind, long offset, long virtual, long physical, long stored, long size) {
    int at = 64 + 56 * count++;
    file.putInt(at, kind).putLong(at + 8, offset).putLong(at + 16, virtual).putLong(at + 24, physical).putLong(at + 32, stored)
        .putLong(at + 40, size).putLong(at + 48, 0x1000);
    file.putShort(56, (short) count);
    return this;
  }

  byte[] bytes() {
    return file.array();
  }

  /** A program of one segment, 0x100 bytes in the file, 0x3000 in memory. */
  static ElfBytes program(int type, long address) {
    return new ElfBytes(CODE + 0x100, type, address + 8).segment(1, CODE, address, address, 0x100, 0x3000);
  }
}
