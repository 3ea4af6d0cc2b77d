// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A static program for Linux: an ELF file with one loadable segment that is the whole file (ELF-64 Object File Format). */
final class StaticProgram {
  private static final long ADDRESS = 0x400000;
  private static final int HEADERS = 64 + 56;
  /** Virtual address of the first byte behind the headers. */
  static final long FIRST = ADDRESS + HEADERS;

  private StaticProgram() {}

  /**
   * The file.
   *
   * @param machine of the ELF header
   * @param bytes   what is behind the headers
   * @param entry   where it is entered, from {@link #FIRST} on
   */
  static byte[] elf(int machine, byte[] bytes, int entry) {
    ByteBuffer file = ByteBuffer.allocate(HEADERS + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) machine).putInt(1); // EXEC
    file.putLong(FIRST + entry).putLong(64).putLong(0).putInt(0);
    file.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 64).putShort((short) 0).putShort((short) 0);
    file.putInt(1).putInt(5); // LOAD, readable and executable
    file.putLong(0).putLong(ADDRESS).putLong(ADDRESS).putLong(file.capacity()).putLong(file.capacity()).putLong(0x10000);
    return file.put(bytes).array();
  }
}
