// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes ELF files for tests that need a dynamic linker and libraries. */
final class ElfFile {
  private static final long ADDRESS = 0x10000;

  private ElfFile() {}

  /**
   * A program with an interpreter, or a library when that is null. The strings lie at an address that is not their
   * offset in the file.
   */
  static byte[] needing(String interpreter, String... libraries) {
    StringBuilder strings = new StringBuilder("\0");
    List<Integer> names = new ArrayList<>();
    for (String library : libraries) {
      names.add(strings.length());
      strings.append(library).append('\0');
    }
    int path = strings.length();
    strings.append(interpreter).append('\0');
    int stringsAt = 64 + 3 * 56;
    int dynamicAt = stringsAt + strings.length();
    int end = dynamicAt + 16 * (libraries.length + 2);
    ByteBuffer elf = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1).putLong(0x20, 64).putShort(0x38, (short) 3);
    header(elf, 64, 1, 0, end);
    header(elf, 120, interpreter == null ? 4 : 3, stringsAt + path, strings.length() - path);
    header(elf, 176, 2, dynamicAt, end - dynamicAt);
    elf.put(stringsAt, strings.toString().getBytes(StandardCharsets.UTF_8));
    int at = dynamicAt;
    for (int name : names) {
      elf.putLong(at, 1).putLong(at + 8, name);
      at += 16;
    }
    elf.putLong(at, 5).putLong(at + 8, ADDRESS + stringsAt);
    return elf.array();
  }

  private static void header(ByteBuffer elf, int at, int type, int offset, int size) {
    elf.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, ADDRESS + offset).putLong(at + 32, size).putLong(at + 40, size);
  }
}
