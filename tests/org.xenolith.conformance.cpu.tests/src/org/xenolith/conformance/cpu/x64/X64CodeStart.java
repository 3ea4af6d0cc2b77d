// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.random.RandomGenerator;

/**
 * What is there when a scenario of {@link X64CodeScenarios} begins: segments, controls, breakpoints, flags, stack, registers and page rights; and what of it its code may still use. At random, by one
 * generator.
 */
final class X64CodeStart {
  private static final long BASE = X64Scenario.BASE;
  private static final long LIVE = X64Scenario.LIVE;
  private static final long PAGES = X64Scenario.PAGES;
  private static final long GDT = LIVE + 0x5000;
  private static final long IDT = LIVE + 0x6000;
  private static final long TASK = LIVE + 0x7000;
  /** The other addresses of the tests' pages: a second and the last entry of the first table. */
  private static final long[] ALIASES = {0, 1L << 39, -1L << 39};
  static final int STACK = 0x3FC0;
  /** Where the scenario's own handler is. */
  private static final int HANDLER = 136;
  /** What a data breakpoint may be on, and nothing near to it. */
  private static final int WATCHED = 0x2100;
  static final int TF = 0x100;
  private static final int IF = 0x200;
  private static final int DF = 0x400;
  static final int NT = 0x4000;
  static final int RF = 0x1_0000;
  private static final int AC = 1 << 18;
  private static final int ID = 1 << 21;
  private static final int WRITE_PROTECT = 1 << 16;
  private static final int DE = 8;
  private static final int FSGSBASE = 1 << 16;
  private static final int UMIP = 1 << 11;
  private static final int SMEP = 1 << 20;
  private static final int SMAP = 1 << 21;
  private static final int TSD = 4;

  private final RandomGenerator random;
  private final boolean user;

  private X64Scenario scenario;
  X64CodeWriter code;
  int level;
  int watch;
  boolean steps;
  boolean smap;
  private boolean smep;
  boolean data;
  /** Whether those segments are for any level. */
  boolean dataOfAll;
  /** Whether those segments are small, with a base. */
  boolean narrowData;
  /** Whether DX is a port that all sizes may be read from. */
  boolean port;
  /** Whether SYSCALL and SYSENTER lead to the harness. */
  boolean targets;
  /** Whether strings are in pages that may be read and written. */
  boolean usual;
  /** Whether loads hit the data breakpoint, too. */
  boolean watchReads;
  boolean kernelStack;
  /** Whether single steps may come. */
  boolean steppable;
  /** Whether the gate of debug exceptions is of no use. */
  boolean broken;
  boolean breaks;
  private boolean ranges;
  /** Whether the stack is still an inner level's, so that a push is refused. */
  boolean innerStack;
  /** Whether ECX is small: strings that are repeated stay in their pages. */
  boolean counted = true;
  /** Whether DS and ES are still an inner level's, at level 3. */
  boolean innerData;
  /** Whether what EBX points to isn't a stack's selector any more. */
  boolean overwritten;
  /** Whether any segment may be. */
  boolean innerSegments;
  boolean entersBySysenter;

  X64CodeStart(RandomGenerator random, boolean user) {
    this.random = random;
    this.user = user;
  }

  private boolean one(int of) {
    return one(random, of);
  }

  private static boolean one(RandomGenerator by, int of) {
    return by.nextInt(of) == 0;
  }

  private int any(int[] some) {
    return some[random.nextInt(some.length)];
  }

  /** Makes it. */
  void begin(X64Scenario made) {
    scenario = made;
    code = new X64CodeWriter(made, HANDLER);
    level = user ? 3 : one(10) ? 1 + random.nextInt(2) : 0;
    code.width = one(3) ? one(3) ? 16 : 32 : 64;
    code.origin = code.width == 16 ? 0 : BASE;
    segments();
    controls();
    debug();
    int flags = flags(random);
    broken = watch < 0 && !breaks && one(3);
    // Of a single step and a breakpoint QEMU makes two exceptions, or tells of both.
    steppable = watch < 0 && !breaks && !broken;
    flags &= ~(steppable ? 0 : TF);
    steps = (flags & TF) != 0;
    if (one(6)) {
      flags |= RF;
      code.code("eb00");
    }
    long pointer = stack();
    scenario.start(code(code.width, level), stack(code.width, level), flags, pointer).at(code.origin);
    registers(pointer);
    scenario.fresh(7 & (level < 3 && (smep || one(4)) ? ~4 : -1) & (one(12) ? ~2 : -1));
    handler();
  }

  /** Segments of level, 16-bit ones among them. */
  private void segments() {
    int access = level << 5 | 0x9B;
    scenario.poke(GDT + 0x50, 0x0000_0040_0000_FFFFL & 0xFFFF_FFFFL | (long) access << 40 | 0x4000_0000_0000_0000L);
    scenario.poke(GDT + 0x58, 0x0000_FFFFL | (long) (access & ~8) << 40 | 0x4000_0000_0000_0000L);
    // Data with a base, or one that is small.
    ranges = one(2);
    scenario.poke(GDT + 0x60, (ranges ? 0x0040_F300_1000_FFFFL : 0x0000_F300_0000_0FFFL) & ~(3L << 45) | (long) level << 45);
    if (level == 1 || level == 2) {
      scenario.poke(GDT + 0x68, 0x00AF_9B00_0000_FFFFL | (long) level << 45).poke(GDT + 0x70, 0x00CF_9300_0000_FFFFL | (long) level << 45)
          .poke(GDT + 0x78, 0x00CF_9B00_0000_FFFFL
              | (long) level << 45);
    }
    data = code.width != 64 || !one(4);
    port = true;
    targets = true;
    narrowData = code.width == 16;
    dataOfAll = code.width != 16 && (level > 0 || !one(3));
    scenario.data(code.width == 16 ? 0x58 | level : !data ? 0 : dataOfAll ? 0x2B : 0x10);
    scenario.bases(one(2) ? 0 : random.nextLong() >> 17 + random.nextInt(40), one(2) ? 0 : random.nextLong() >> 17 + random.nextInt(40));
    entersBySysenter = one(2);
    scenario.calls(0x0023_0008_0000_0000L, 0x10_2000, random.nextInt() & 0x4_7700 | 0xCD5, random.nextLong() >> 17, entersBySysenter ? 8
        : 0, 0x31_0000 - 128, 0x10_2010, 0x10_2000);
    if (one(6)) {
      // The base of the I/O permission bitmap.
      scenario.poke(TASK + 0x60, (long) (one(2) ? 0x60 + random.nextInt(0x30) : random.nextInt(0x10000)) << 48);
    }
  }

  private void controls() {
    // At level 3 QEMU has IRET and RETF access the stack as of level 0.
    smap = !user && one(4);
    smep = one(4);
    long cr0 = X64ScenarioMaker.CR0 & (one(3) ? ~WRITE_PROTECT : -1) | (one(12) ? 8 : 0);
    long cr4 = X64ScenarioMaker.CR4 | (one(2) ? FSGSBASE : 0) | (one(2) ? DE : 0) | (one(4) ? UMIP : 0) | (one(8) ? TSD : 0) | (smep ? SMEP
        : 0) | (smap ? SMAP : 0) | (one(3) ? 0x80 : 0);
    scenario.control(cr0, cr4, one(8) ? X64ScenarioMaker.EFER & ~0x800 : X64ScenarioMaker.EFER);
  }

  private void debug() {
    breaks = false;
    watch = -1;
    long control = 0x400;
    for (int i = 0; i < 4; i++) {
      scenario.breakpoint(i, 0x7000_0000L + 64 * i, control);
    }
    if (one(3)) {
      scenario.debugStatus(random.nextInt(16) | (one(4) ? 0x4000 : 0));
    }
    if (one(3)) {
      watch = random.nextInt(4);
      watchReads = one(2);
      control |= 2L << 2 * watch | (watchReads ? 0xBL : 0x9L) << 16 + 4 * watch;
      scenario.breakpoint(watch, BASE + WATCHED, control);
    } else if (code.width != 16 && one(6)) {
      // QEMU compares with offsets.
      breaks = true;
      int number = random.nextInt(4);
      control |= 2L << 2 * number;
      scenario.breakpoint(number, BASE + random.nextInt(16), control);
    }
  }

  /** Flags of any kind. @param by what decides */
  int flags(RandomGenerator by) {
    return 2 | by.nextInt() & 0x8D5 | (one(by, 2) ? IF : 0) | by.nextInt(4) << 12 | (one(by, 4) ? DF : 0) | (one(by, 10) ? TF : 0) | (one(
        by, 20)
            ? NT : 0) | (one(by, 4) ? AC : 0) | (one(by, 8) ? ID : 0);
  }

  /** A selector of code. */
  int code(int width, int ofLevel) {
    return switch (ofLevel) {
      case 0 -> width == 64 ? 0x08 : width == 32 ? 0x18 : 0x50;
      case 3 -> width == 64 ? 0x33 : width == 32 ? 0x23 : 0x53;
      default -> (width == 64 ? 0x68 : width == 32 ? 0x78 : 0x50) | ofLevel;
    };
  }

  /** A selector of a stack. */
  int stack(int width, int ofLevel) {
    if (width == 16) {
      return 0x58 | ofLevel;
    }
    return ofLevel == 0 ? 0x10 : ofLevel == 3 ? 0x2B : 0x70 | ofLevel;
  }

  /** Where the stack is. */
  private long stack() {
    if (code.width == 16) {
      return STACK | (one(2) ? 0 : (long) random.nextInt() << 16 & 0xFFFF_0000L);
    }
    long offset = level == 3 && one(16) ? random.nextInt(3) * 0x1000 + 0x1000 + 8 * random.nextInt(8) : STACK;
    // QEMU takes a push over the end of the page for one to what is watched there.
    offset = watch >= 0 ? STACK : offset;
    if (level < 3 && (smap || one(3))) {
      kernelStack = true;
      return 0x33_0000 + (code.width == 64 ? alias() : 0);
    }
    return BASE + offset + (code.width == 64 ? alias() : 0);
  }

  private long alias() {
    int number = one(2) ? 0 : random.nextInt(1, 3);
    if (number > 0) {
      scenario.poke(LIVE + (number == 1 ? 8 : 8 * 511), LIVE + 0x1000 | 7);
    }
    return ALIASES[number];
  }

  private void registers(long pointer) {
    long from = code.width == 16 ? 0 : BASE;
    usual = one(2);
    scenario.register(0, one(3) ? random.nextInt(256) : flags(random) & ~(steppable ? 0 : TF)).register(1, one(3) ? 0 : random.nextInt(24))
        .register(2, one(4) ? 0xE0 + 4 * random.nextInt(4) : 0xE4)
        .register(3, from + WATCHED).register(5, stack(code.width, level)).register(6, from + place()).register(7, from + place());
    scenario.register(8, random.nextInt()).register(15, code.width == 16 ? STACK : pointer);
    rights();
    scenario.poke(PAGES + WATCHED, stack(code.width, level) | random.nextLong() << 16);
  }

  private int place() {
    int page = 0x1000 * (usual || watch >= 0 ? 1 : random.nextInt(1, 10));
    return page + (watch < 0 && one(3) ? 0x1000 - random.nextInt(1, 17) : 0x200 + random.nextInt(0x300) * 4);
  }

  /** Pages that aren't as usual. */
  private void rights() {
    for (int i = random.nextInt(3); i > 0; i--) {
      int number = random.nextInt(4, 9);
      long entry = PAGES + 0x1000 * (1 + number % 2) | (one(8) ? 0 : 1) | random.nextInt() & 0x76 | (one(4) ? 1L << 63 : 0) | (one(16) ? 1L
          << 45 : 0);
      scenario.poke(LIVE + 0x4000 + 8 * number, entry);
    }
  }

  /** A gate for INT 0x80, which any level may use, to the scenario's own handler; and one for debug exceptions that isn't there. */
  private void handler() {
    if (one(2)) {
      gate(0x80, BASE + HANDLER, 8, 0xEE | random.nextInt(2));
    }
    // INT 1 stands for ICEBP under QEMU.
    long handler = 0x10_1010L;
    // EXT where it isn't ICEBP is missing under QEMU, and where ICEBP's is added it isn't on the stack.
    int selector = broken && (level == 3 || kernelStack) ? any(new int[] {0, 3, 0x200, 0x28, 0x1F8, 0x18}) : 8;
    long word = word(handler, selector, 0x8E);
    scenario.poke(IDT + 16, word, word | 0x60L << 40);
  }

  private static long word(long handler, int selector, int access) {
    return handler & 0xFFFF | (long) selector << 16 | (long) access << 40 | (handler >>> 16 & 0xFFFF) << 48;
  }

  private void gate(int vector, long handler, int selector, int access) {
    scenario.poke(IDT + 16L * vector, word(handler, selector, access));
  }
}
