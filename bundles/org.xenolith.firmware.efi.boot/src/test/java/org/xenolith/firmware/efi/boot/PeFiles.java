// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Small PE32+ files for tests (Microsoft, PE Format). */
final class PeFiles {
  static final int HEADER = 0x40;
  static final int OPTIONAL = HEADER + 24;
  static final int SECTIONS = OPTIONAL + 160;
  static final int SIZE = 0x3000;

  private PeFiles() {}

  /**
   * An application with code at 0x1000, data at 0x2000 and one relocation there, of a pointer into the code.
   *
   * @param preferred address that it was linked for
   * @param target    offset in the code that the pointer points to
   */
  static byte[] application(long preferred, int target, byte fill) {
    ByteBuffer out = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort(0, (short) ('M' | 'Z' << 8)).putInt(60, HEADER).putInt(HEADER, 'P' | 'E' << 8);
    out.putShort(HEADER + 4, (short) 0xAA64).putShort(HEADER + 6, (short) 2).putShort(HEADER + 20, (short) 160);
    out.putShort(OPTIONAL, (short) 0x20B).putInt(OPTIONAL + 16, 0x1000).putLong(OPTIONAL + 24, preferred).putInt(OPTIONAL + 32, 0x1000);
    out.putInt(OPTIONAL + 56, SIZE).putInt(OPTIONAL + 60, 0x400).putShort(OPTIONAL + 68, (short) 10).putInt(OPTIONAL + 108, 6);
    out.putInt(OPTIONAL + 112 + 40, 0x2800).putInt(OPTIONAL + 112 + 44, 12);
    for (int i = 0; i < 2; i++) {
      int section = SECTIONS + 40 * i;
      out.putInt(section + 8, 0x1000).putInt(section + 12, 0x1000 * (i + 1)).putInt(section + 16, 0x1000).putInt(section + 20, 0x1000 * (i
          + 1));
    }
    out.putLong(0x2000, preferred + 0x1000 + target);
    out.putInt(0x2800, 0x2000).putInt(0x2804, 12).putShort(0x2808, (short) 0xA000).putShort(0x280A, (short) 0);
    out.put(0x2FFF, fill);
    return out.array();
  }
}
