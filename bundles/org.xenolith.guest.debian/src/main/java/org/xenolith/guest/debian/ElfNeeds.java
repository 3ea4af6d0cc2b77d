// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which other files an ELF file needs to run (System V ABI, "Program Loading and Dynamic Linking"). */
final class ElfNeeds {
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int INTERPRETER = 3;
  private static final long NEEDED = 1;
  private static final long STRING_TABLE = 5;

  private ElfNeeds() {}

  /**
   * The names of the shared libraries, and of the dynamic linker without its folder; empty for what is not a 64-bit
   * little-endian ELF file or is linked statically.
   *
   * @throws IllegalArgumentException when the file's tables lead out of it
   */
  static List<String> of(byte[] file) {
    ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < 64 || elf.getInt(0) != 0x464c457f || file[4] != 2 || file[5] != 1) {
      return List.of();
    }
    try {
      return names(elf);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("an ELF file's tables lead out of it", e);
    }
  }

  private static List<String> names(ByteBuffer elf) {
    List<String> names = new ArrayList<>();
    int table = Math.toIntExact(elf.getLong(0x20));
    int count = elf.getShort(0x38) & 0xffff;
    for (int header = table; header < table + count * 56; header += 56) {
      int offset = Math.toIntExact(elf.getLong(header + 8));
      if (elf.getInt(header) == INTERPRETER) {
        String path = text(elf, offset);
        names.add(path.substring(path.lastIndexOf('/') + 1));
      } else if (elf.getInt(header) == DYNAMIC) {
        List<Long> needed = new ArrayList<>();
        int strings = 0;
        int end = Math.toIntExact(offset + elf.getLong(header + 32));
        for (int at = offset; at < end && elf.getLong(at) != 0; at += 16) {
          if (elf.getLong(at) == NEEDED) {
            needed.add(elf.getLong(at + 8));
          } else if (elf.getLong(at) == STRING_TABLE) {
            strings = offsetOf(elf, table, count, elf.getLong(at + 8));
          }
        }
        for (long name : needed) {
          names.add(text(elf, Math.toIntExact(strings + name)));
        }
      }
    }
    return names;
  }

  /** Where in the file lies what will be loaded at an address. */
  private static int offsetOf(ByteBuffer elf, int table, int count, long address) {
    for (int header = table; header < table + count * 56; header += 56) {
      long start = elf.getLong(header + 16);
      if (elf.getInt(header) == LOAD && address >= start && address - start < elf.getLong(header + 32)) {
        return Math.toIntExact(address - start + elf.getLong(header + 8));
      }
    }
    throw new IndexOutOfBoundsException("no segment at 0x" + Long.toHexString(address));
  }

  private static String text(ByteBuffer elf, int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - at];
    elf.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
