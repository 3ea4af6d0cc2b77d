// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Makes scenarios of protected mode without IA-32e mode: paging of both kinds, segments that have bases and 16 bits, far transfers and call gates, interrupts through gates of both sizes,
 * from all levels. What QEMU does otherwise than the manual none has; {@code README.md} lists that.
 */
final class X64LegacyScenarios {
  private static final String[] ACCESSES = {"8a06", "8806", "8b06", "8906", "0106", "668906", "8f06", "ff36", "a4", "f3a4", "f3a5", "f3ab",
      "0fb10e", "f00fb10e", "8706", "f30f6f06", "660f6f06",
      "ff0e", "f6d3", "c8080000", "c8100002", "c9"};
  /** Loads of segment registers, from AX and from ESI, and what looks at descriptors. */
  private static final String[] LOADS = {"8ed8", "8ec0", "8ee0", "8ee8", "501f", "5007", "500fa1", "500fa9", "c506", "c406", "0fb406",
      "0fb506", "0f02c881e1fffff0ff", "0f03c8",
      "0f00e0", "0f00e8", "0f00d0", "63c1", "8cd8", "8cd1", "66501f", "660f02c8", "8ed0", "5017", "0fb206"};
  private static final String[] PLAIN = {"cc", "0f0b", "31c9f7f1", "ce", "d400", "6206", "f4", "fa", "9c58", "669c6658", "509d",
      "6650669d", "ec", "ee", "6c", "6e", "0f20c0", "0f20e0",
      "0f21f8", "0f06", "0f01e0", "0f01f0", "0f0106", "0f010e", "0f00c8", "0f00c0", "0f34", "0f35", "0f05", "d40a", "d50a", "9b", "0fff",
      "90", "60", "98"};
  /** For 16-bit code. */
  private static final String[] NARROW = {"5058", "6061", "9c58", "e800005a", "c8080001c9", "c8100003", "6a80", "683412", "ff360010",
      "8f060210", "a4", "f3a5", "a10010", "6650", "669c", "cd80", "cc", "ce", "0f0b", "66b878563412",
      "8b04", "67668b06", "ea30007b00", "9a30007b00", "66ea300000007b00", "669a300000007b00", "0e58", "1e0fa9", "ff2e0010", "ff1e0010",
      "683000c3", "0e683000cb", "666a7b666a3066cb", "9c687b00683000cf", "669c666a7b666a3066cf", "6a05666a7b666a3066ca0200"};
  private static final int[] LEVELS = {0, 3, 3, 3, 1, 2};
  private static final int[] CODES = {0x08, 0x39, 0x62, 0x1B};
  private static final int[] STACKS = {0x10, 0x51, 0x6A, 0x23};
  /** Of all levels and sizes, null, those of the local table, and behind the end. */
  private static final int[] SELECTORS = {0, 3, 0x08, 0x0B, 0x10, 0x13, 0x18, 0x1B, 0x1B, 0x20, 0x23, 0x28, 0x30, 0x33, 0x38, 0x39, 0x40,
      0x48, 0x50, 0x51, 0x58, 0x5B, 0x60, 0x62, 0x68, 0x6A, 0x78, 0x7B,
      0x0C, 0x14, 0x1F, 0x27, 0x3D, 0x2C, 0x200, 0x204, 0x104};
  private static final int STACK = X64LegacyScenario.BASE + 0x3FC0;
  private static final int TARGET = 48;
  private static final int CR0 = 0x33;
  private static final int PAGING = 1 << 31;
  private static final int WRITE_PROTECT = 1 << 16;
  private static final int LARGE_PAGES = 1 << 4;
  private static final int WIDE_ENTRIES = 1 << 5;
  private static final int OSFXSR = 1 << 9;
  private static final int NO_EXECUTE = 0x800;

  private final SplittableRandom random;
  private X64LegacyScenario scenario;
  private int level;

  X64LegacyScenarios(long seed) {
    random = new SplittableRandom(seed);
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private int any(int[] some) {
    return some[random.nextInt(some.length)];
  }

  private void code(String code) {
    scenario.code(HexFormat.of().parseHex(code));
  }

  private void any(String[] some) {
    code(some[random.nextInt(some.length)]);
  }

  /** The next scenario. */
  X64LegacyScenario next() {
    scenario = new X64LegacyScenario();
    for (int i = 0; i < 8; i++) {
      scenario.register(i, one(3) ? random.nextInt(256) : random.nextInt() >> random.nextInt(32));
    }
    int kind = random.nextInt(5);
    level = kind == 0 ? random.nextBoolean() ? 3 : 0 : kind == 4 ? 3 : any(LEVELS);
    int flags = 2 | random.nextInt() & 0x8D5 | random.nextInt(4) << 12 | (one(6) ? 0x400 : 0);
    boolean narrowStack = kind != 0 && level == 3 && one(3);
    int code = level == 3 && one(6) ? 0x5B : CODES[level];
    // Of ESP such a stack uses 16 bits.
    scenario.start(code, narrowStack ? 0x33 : STACKS[level], flags, narrowStack ? random.nextInt() << 16 | STACK & 0xFFFF : kind == 0
        && level == 0 ? 0x33_0000
        : STACK);
    scenario.data(level == 0 && one(3) ? 0x10 : 0x23);
    switch (kind) {
      case 0 -> paging();
      case 1 -> segments();
      case 2 -> transfers();
      case 3 -> exceptions();
      default -> narrow(flags, narrowStack);
    }
    return scenario;
  }

  /** 16-bit code, with data of the same base. */
  private void narrow(int flags, boolean narrowStack) {
    control();
    stacks();
    scenario.start(0x7B, narrowStack ? 0x33 : 0x23, flags, narrowStack ? random.nextInt() << 16 | STACK & 0xFFFF : STACK).at(0).data(0x33);
    // Words that are addressed through 16-bit registers, and through wide ones.
    scenario.register(6, 0x1000 + random.nextInt(64)).register(7, 0x1800).register(3, 0x1000).register(1, random.nextInt(1, 20));
    scenario.register(5, narrowStack ? random.nextInt() << 16 | 0x3F80 : STACK - 64);
    scenario.poke(X64LegacyScenario.BASE + 0x1000, TARGET | any(new int[] {0x28, 0x2B, 0x78, 0x79, 0x7B, 0x7B, 0x2C, 0x7F, 0, 3, 0x30, 0x33,
        0x10, 0x23, 0x200, 0x204}) << 16);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      if (one(4)) {
        interrupt();
      } else {
        any(NARROW);
      }
    }
  }

  /** Stacks of inner levels that aren't as usual, but for level 0, where the exception goes; a task state segment of 16 bits. */
  private void stacks() {
    if (one(3)) {
      scenario.poke(X64LegacyScenario.TASK + 0x10, any(SELECTORS)).poke(X64LegacyScenario.TASK + 0x18, any(SELECTORS));
    }
    if (one(4)) {
      scenario.poke(X64LegacyScenario.GDT + 0x80, 0x0000_9340_0000_FFFFL).poke(X64LegacyScenario.TASK + 8, 0x80).poke(X64LegacyScenario.TASK
          + 4,
          random.nextInt() << 16 | 0x3A00);
      if (one(2)) {
        scenario.poke(X64LegacyScenario.GDT + 0x44, 0x0000_8120).poke(X64LegacyScenario.TASK, 0x3A00_0000).poke(X64LegacyScenario.TASK + 4,
            0x3B00_0080);
        scenario.poke(X64LegacyScenario.TASK + 8, 0x3C00_0051);
      }
    }
  }

  /** Control registers, for what isn't about paging: any. */
  private void control() {
    switch (random.nextInt(3)) {
      case 0 -> scenario.control(CR0, OSFXSR, 0, 0);
      case 1 -> scenario.control(CR0 | PAGING | WRITE_PROTECT, OSFXSR | LARGE_PAGES, 0, X64LegacyScenario.LIVE);
      default -> scenario.control(CR0 | PAGING | WRITE_PROTECT, OSFXSR | WIDE_ENTRIES, NO_EXECUTE, X64LegacyScenario.WIDE);
    }
  }

  // ---- Paging

  private void paging() {
    boolean wide = random.nextBoolean();
    scenario.data(0x23).poke(X64LegacyScenario.TASK + 4, 0x33_8000);
    int cr4 = OSFXSR | (wide ? WIDE_ENTRIES : 0) | (one(3) ? 0 : LARGE_PAGES) | (one(2) ? 0x80 : 0) | (one(3) ? 1 << 20 : 0) | (one(3) ? 1
        << 21 : 0);
    scenario.control(CR0 | PAGING | (one(2) ? WRITE_PROTECT : 0), cr4, one(3) ? 0 : NO_EXECUTE, wide ? X64LegacyScenario.WIDE
        : X64LegacyScenario.LIVE);
    if (level == 0 && one(2)) {
      page(wide, 0, 3);
    }
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int frame = X64LegacyScenario.BASE + 0x1000 * random.nextInt(1, 4);
      switch (random.nextInt(6)) {
        case 0 -> directory(wide, 2, entry(0x80_0000 | 0x80, wide) | (one(6) ? wide ? random.nextInt(256) << 13 : 1 << 21 : 0));
        case 1 -> directory(wide, 1, entry(wide ? X64LegacyScenario.WIDE + 0x4000 : X64LegacyScenario.LIVE + 0x2000, wide) & ~0x80);
        default -> page(wide, random.nextInt(10), entry(frame, wide));
      }
    }
    int address = address();
    boolean branches = one(5);
    if (branches) {
      address = X64LegacyScenario.BASE + 0x1000 * random.nextInt(10) + 0x800 + random.nextInt(0x700);
    }
    scenario.register(6, address).register(7, address()).register(1, random.nextInt(1, 20));
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      if (branches) {
        code(one(2) ? "ffe6" : "ffd6");
      } else {
        // Without LEAVE at level 0, whose stack isn't one of the tests' pages.
        code(ACCESSES[random.nextInt(level == 0 ? ACCESSES.length - 1 : ACCESSES.length)]);
      }
    }
  }

  private void page(boolean wide, int number, long value) {
    if (wide) {
      scenario.poke(X64LegacyScenario.WIDE + 0x4000 + 8 * number, value | (value >>> 12 == 0 ? X64LegacyScenario.BASE : 0));
    } else {
      scenario.poke(X64LegacyScenario.LIVE + 0x2000 + 4 * number, (int) value | (value >>> 12 == 0 ? X64LegacyScenario.BASE : 0));
    }
  }

  /** Of 4 MiB pages, or of 2 MiB pages from the tests' on. */
  private void directory(boolean wide, int number, long value) {
    if (wide) {
      scenario.poke(X64LegacyScenario.WIDE + 0x1000 + 8 * (number + 1 + (number == 2 ? random.nextInt(2) : 0)), value);
    } else {
      scenario.poke(X64LegacyScenario.LIVE + 4 * number, (int) value);
    }
  }

  private long entry(int frame, boolean wide) {
    int low = frame | (one(10) ? 0 : 1) | random.nextInt() & 0x7E & ~0x80 | (one(2) ? 6 : 0) | (one(3) ? 0x100 : 0) | (one(16) ? 0x80 : 0)
        | (one(4) ? 0xE00 : 0);
    return low & 0xFFFF_FFFFL | (wide && one(4) ? 1L << 63 : 0) | (wide && one(16) ? 1L << 45 : 0);
  }

  private int address() {
    int page = one(6) ? (one(2) ? 0x40_0000 : 0x20_0000) + 0x1000 * random.nextInt(512) : 0x1000 * random.nextInt(10);
    return X64LegacyScenario.BASE + page + (one(3) ? 0x1000 - random.nextInt(1, 17) : random.nextInt(0x400) * 4);
  }

  // ---- Segments

  private void segments() {
    control();
    long descriptor = descriptor();
    int selector = one(3) ? any(SELECTORS) : slot(descriptor);
    scenario.register(0, selector).register(6, X64LegacyScenario.BASE + 0x1000).register(7, X64LegacyScenario.BASE + 0x1180);
    scenario.poke(X64LegacyScenario.BASE + 0x1000, X64LegacyScenario.BASE + 0x1100 | (long) selector << 32);
    // The stack at level 0 is that of the exception.
    code(LOADS[random.nextInt(level == 0 ? LOADS.length - 3 : LOADS.length)]);
    // QEMU doesn't look at types, limits and whether there is a segment when one is used.
    if (selector >= 0x80 && (descriptor >>> 40 & 0x1E) == 0x12) {
      any(new String[] {"8a16", "648b07", "658b17", "268b17", "ff36", "6a00", "668b16", "ac", "aa", "a5"});
    }
  }

  /** A descriptor of any type, of the whole address space or with a base. */
  private long descriptor() {
    long access = random.nextInt() & 0x7F | (one(8) ? 0 : 0x80);
    // QEMU doesn't say of code that it was used.
    access |= (access & 0x18) == 0x18 ? 1 : 0;
    // Task gates and other tasks.
    access = (access & 0x1F) == 5 || (access & 0x1D) == 1 || (access & 0x1D) == 9 ? access & ~0x1F | 2 : access;
    long base = (access & 8) == 0 && one(2) ? 0x1000 * random.nextInt(1, 3) : 0;
    return 0x0000_FFFFL | 0xF_0000L << 32 | base << 16 | access << 40 | (8L | random.nextInt() & 5) << 52;
  }

  // ---- Transfers

  private int base(int selector) {
    return (selector & ~7) == 0x28 || (selector & ~7) == 0x30 || (selector & ~7) == 0x78 ? X64LegacyScenario.BASE : 0;
  }

  private void push(int value) {
    scenario.code((byte) 0x68, (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24));
  }

  private void narrowPush(int value) {
    scenario.code((byte) 0x66, (byte) 0x68, (byte) value, (byte) (value >> 8));
  }

  private void push(int value, boolean narrow) {
    if (narrow) {
      narrowPush(value);
    } else {
      push(value);
    }
  }

  private void transfers() {
    control();
    stacks();
    int selector = any(SELECTORS);
    int target = X64LegacyScenario.BASE + TARGET - base(selector);
    if (one(3)) {
      selector = slot(descriptor());
      target = X64LegacyScenario.BASE + TARGET;
    }
    // With 16 bits of an offset only where the segment has a base.
    boolean narrow = base(selector) != 0 && one(2);
    switch (random.nextInt(6)) {
      case 0 -> far(narrow, one(2) ? 0xEA : 0x9A, selector, target);
      case 1 -> {
        long pointer = target & 0xFFFF_FFFFL | (long) selector << 32;
        scenario.poke(X64LegacyScenario.BASE + 0x1000, narrow ? target & 0xFFFF | (long) selector << 16 : pointer);
        scenario.register(6, X64LegacyScenario.BASE + 0x1000);
        code((narrow ? "66" : "") + (one(2) ? "ff2e" : "ff1e"));
      }
      case 2, 3 -> far(false, one(3) ? 0xEA : 0x9A, slot(callGate()), random.nextInt());
      case 4 -> {
        // A return, to an outer level with a stack.
        boolean releases = one(3);
        push(one(2) ? STACKS[selector & 3] : any(SELECTORS), narrow);
        push(X64LegacyScenario.BASE + 0x3E00, narrow);
        if (releases) {
          push(random.nextInt(), narrow);
        }
        push(selector, narrow);
        push(target, narrow);
        code((narrow ? "66" : "") + (releases ? narrow ? "ca0200" : "ca0400" : "cb"));
      }
      default -> {
        push(one(2) ? STACKS[selector & 3] : any(SELECTORS), narrow);
        push(X64LegacyScenario.BASE + 0x3E00, narrow);
        push(random.nextInt() & 0x24_0ED7 | (one(8) ? 0x100 : 0), narrow);
        push(selector, narrow);
        push(target, narrow);
        code(narrow ? "66cf" : "cf");
      }
    }
  }

  /** Puts a descriptor into one of the tables. Gives its selector. */
  private int slot(long descriptor) {
    int slot = random.nextInt(17, 32);
    boolean local = one(3);
    scenario.poke((local ? X64LegacyScenario.LDT : X64LegacyScenario.GDT) + 8 * slot, descriptor);
    return slot * 8 | (local ? 4 : 0) | (one(2) ? level : random.nextInt(4));
  }

  private long callGate() {
    boolean narrow = one(3);
    int selector = narrow ? any(new int[] {0x28, 0x78, 0x2C, 0x2B}) : any(SELECTORS);
    int offset = X64LegacyScenario.BASE + TARGET - base(selector);
    int access = (one(12) ? 0 : 0x80) | (one(4) ? random.nextInt(4) : 3) << 5 | (narrow ? 4 : 12);
    return X64LegacyImage.gate(selector, offset, access, one(2) ? 0 : random.nextInt(8));
  }

  private void far(boolean narrow, int opcode, int selector, int offset) {
    if (narrow) {
      scenario.code((byte) 0x66, (byte) opcode, (byte) offset, (byte) (offset >> 8), (byte) selector, (byte) (selector >> 8));
    } else {
      scenario.code((byte) opcode, (byte) offset, (byte) (offset >> 8), (byte) (offset >> 16), (byte) (offset >> 24), (byte) selector,
          (byte) (selector >> 8));
    }
  }

  // ---- Exceptions

  private void exceptions() {
    control();
    stacks();
    scenario.register(6, X64LegacyScenario.BASE + 0x1000 + random.nextInt(64)).register(7, X64LegacyScenario.BASE + 0x1800).register(2, one(
        4) ? random.nextInt(0xE0, 0xF0) : 0xE5);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      if (one(2)) {
        interrupt();
      } else if (level == 0 && one(2)) {
        // Nothing halts it.
        code(PLAIN[random.nextInt(6)]);
      } else if (level == 0) {
        controls();
      } else {
        any(PLAIN);
      }
    }
  }

  /** A bit of CR0 or CR4 that keeps the tables what they are. */
  private void controls() {
    boolean first = one(2);
    int bit = 1 << any(first ? new int[] {1, 2, 3, 5, 16, 18} : new int[] {2, 3, 7, 8, 9, 10});
    code(first ? "0f20c0" : "0f20e0");
    scenario.code((byte) 0x35, (byte) bit, (byte) (bit >> 8), (byte) (bit >> 16), (byte) (bit >> 24));
    code(first ? "0f22c0" : "0f22e0");
  }

  /** Through a gate that is usual in nothing, but for its type: of one that is none QEMU has another error code. */
  private void interrupt() {
    int vector = random.nextInt(0x80, 0x90);
    boolean narrow = one(4);
    int selector = narrow ? X64LegacyImage.HANDLER_SEGMENT : one(3) ? any(SELECTORS) : 8;
    int handler = X64LegacyImage.HANDLERS + 16 * vector;
    boolean outside = base(selector) != 0;
    int offset = narrow ? handler - X64LegacyImage.HANDLER_BASE : outside ? TARGET : handler;
    int access = (one(12) ? 0 : 0x80) | (one(4) ? random.nextInt(4) : 3) << 5 | (narrow ? 6 : 14) | random.nextInt(2);
    scenario.poke(X64LegacyScenario.IDT + 8 * vector, X64LegacyImage.gate(selector, offset, access, 0)).code((byte) 0xCD, (byte) vector);
  }
}
