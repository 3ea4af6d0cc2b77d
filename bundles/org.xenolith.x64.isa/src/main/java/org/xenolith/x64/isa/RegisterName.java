// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

/** What registers are called. Source: Intel SDM vol. 1, 3.4. */
final class RegisterName {
  private static final String[] BYTES = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"};
  private static final String[] HIGH = {"ah", "ch", "dh", "bh"};
  private static final String[] WORDS = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
  private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

  private RegisterName() {}

  /** A general register of 8, 16, 32 or 64 bits; without REX, the byte registers 4 to 7 are the high ones. */
  static String general(int number, int size, boolean rex) {
    if (number >= 8)
      return "r" + number + (size == 8 ? "b" : size == 16 ? "w" : size == 32 ? "d" : "");
    return switch (size) {
      case 8 -> number >= 4 && !rex ? HIGH[number - 4] : BYTES[number];
      case 16 -> WORDS[number];
      case 32 -> "e" + WORDS[number];
      default -> "r" + WORDS[number];
    };
  }

  static String segment(int number) {
    return SEGMENTS[number];
  }

  /** The number of a segment register, or -1. */
  static int segment(String name) {
    return java.util.List.of(SEGMENTS).indexOf(name);
  }

  /** The size of a general register in bits, or 0 if it is none. */
  static int size(String name) {
    for (int size = 8; size <= 64; size *= 2)
      for (int number = 0; number < 16; number++)
        if (general(number, size, true).equals(name) || size == 8 && general(number, 8, false).equals(name))
          return size;
    return 0;
  }

  /** The number of a general register of that size; 4 to 7 for AH to BH; -1 if there is none. */
  static int number(String name, int size) {
    for (int number = 0; number < 16; number++)
      if (general(number, size, true).equals(name) || size == 8 && general(number, 8, false).equals(name))
        return number;
    return -1;
  }
}
