// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The tables that {@code legacy.s} begins each scenario with, and where their words are in its results. */
final class X64LegacyImage {
  /** Where {@code legacy.s} has its handlers. */
  static final int HANDLERS = 0x10_1000;
  /** The segment through which 16-bit gates reach them. */
  static final int HANDLER_SEGMENT = 0x70;
  static final int HANDLER_BASE = 0x10_0000;
  /** What an inner level's stack is in the task state segment, behind the tests' own. */
  private static final int STACKS = X64LegacyScenario.BASE + 0x3000;
  private static final int FLAGS = 0x63;
  private static final int USER = 7;
  private static final String[] WORDS =
      ("eax ecx edx ebx esp ebp esi edi vector error eip cs eflags ss - ds es fs gs cr2 cr0 cr3 cr4 dr6 tr ldtr efer - - - - -").split(" ");
  private static final String[] RANGES = {"PD", "PT", "PAE-PD", "PAE-PT", "GDT", "TSS", "LDT", "page"};
  private static final int[] LENGTHS = {16, 16, 32, 32, 128, 32, 64, 4096};

  private X64LegacyImage() {}

  /** Segments of all levels; what is behind 0x78 is free. */
  private static final long[] SEGMENTS = {0, 0x00CF_9B00_0000_FFFFL, 0x00CF_9300_0000_FFFFL, 0x00CF_FB00_0000_FFFFL, 0x00CF_F300_0000_FFFFL,
      0x0000_9B40_0000_FFFFL,
      0x0000_F340_0000_FFFFL, 0x00CF_BB00_0000_FFFFL, 0, 0, 0x00CF_B300_0000_FFFFL, 0x00CF_FF00_0000_FFFFL, 0x00CF_DB00_0000_FFFFL,
      0x00CF_D300_0000_FFFFL,
      0x0040_9B10_0000_FFFFL, 0x0000_FB40_0000_FFFFL};

  static byte[] tables() {
    ByteBuffer tables = ByteBuffer.allocate(0xC000).order(ByteOrder.LITTLE_ENDIAN);
    int live = X64LegacyScenario.LIVE;
    tables.putInt(0, live + 0x1000 | FLAGS).putInt(4, live + 0x2000 | USER).putInt(8, 0x80_0000 | 0x87);
    for (int i = 0; i < 1024; i++) {
      tables.putInt(0x1000 + 4 * i, i << 12 | FLAGS);
    }
    for (int i = 0; i < 10; i++) {
      tables.putInt(0x2000 + 4 * i, page(i));
      tables.putLong(0x7000 + 8 * i, page(i));
    }
    tables.putLong(0x3000, live + 0x4001);
    tables.putLong(0x4000, live + 0x5000 | FLAGS).putLong(0x4008, live + 0x6000 | FLAGS).putLong(0x4010, live + 0x7000 | USER).putLong(
        0x4018, 0x80_0000 | 0x87).putLong(0x4020,
            0x80_0000 | 0x87);
    for (int i = 0; i < 1024; i++) {
      tables.putLong(0x5000 + 8 * i, (long) i << 12 | FLAGS);
    }
    for (int i = 0; i < SEGMENTS.length; i++) {
      tables.putLong(0x8000 + 8 * i, SEGMENTS[i]);
      tables.putLong(0xB000 + 8 * i, SEGMENTS[i]);
    }
    tables.putLong(0x8040, system(X64LegacyScenario.TASK, 0xFF, 0x89)).putLong(0x8048, system(X64LegacyScenario.LDT, 0xFF, 0x82));
    for (int vector = 0; vector < 256; vector++) {
      boolean open = vector == 3 || vector == 4 || vector == 5 || vector >= 0x80 && vector < 0x90;
      tables.putLong(0x9000 + 8 * vector, gate(8, HANDLERS + 16 * vector, open ? 0xEE : 0x8E, 0));
    }
    for (int level = 0; level < 3; level++) {
      tables.putInt(0xA004 + 8 * level, STACKS + 0x800 + 0x200 * level).putInt(0xA008 + 8 * level, new int[] {0x10, 0x51, 0x6A}[level]);
    }
    tables.putShort(0xA066, (short) 0x68);
    for (int i = 0x68; i < 0x88; i++) {
      tables.put(0xA000 + i, (byte) (i == 0x68 + 0x1C ? 0 : -1));
    }
    return tables.array();
  }

  private static int page(int number) {
    return X64LegacyScenario.BASE + 0x1000 * (number < 4 ? number : 1 + number % 2) | USER;
  }

  private static long system(int base, int limit, int access) {
    return limit & 0xFFFF | (base & 0xFF_FFFFL) << 16 | (long) access << 40 | (long) (base >>> 24) << 56;
  }

  /** A gate of the IDT, or a call gate with parameters. */
  static long gate(int selector, int offset, int access, int parameters) {
    return offset & 0xFFFF | (long) selector << 16 | (long) parameters << 32 | (long) access << 40 | (long) (offset >>> 16) << 48;
  }

  /** What a word of a result is. */
  static String place(int word) {
    if (word < WORDS.length) {
      return WORDS[word];
    }
    int at = word - WORDS.length;
    for (int i = 0; i < LENGTHS.length; i++) {
      if (at < LENGTHS[i]) {
        return RANGES[i] + "+" + Integer.toHexString(4 * at);
      }
      at -= LENGTHS[i];
    }
    return "?";
  }
}
