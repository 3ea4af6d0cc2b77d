// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.random.RandomGenerator;

/**
 * Scenarios of any code of a level, in 64-bit mode or of 32 or 16 bits: flags, I/O privilege, segments, page rights, breakpoints, strings, far transfers to other modes and levels, with
 * stacks on both sides of 4 GiB; and, at level 0 to 2, control registers, debug registers and model-specific ones. What QEMU is known to do otherwise none has, or QEMU gets something else
 * that does what is right ({@link X64Scenario#instead}).
 */
final class X64CodeScenarios {
  private static final long BASE = X64Scenario.BASE;
  private static final long LIVE = X64Scenario.LIVE;
  private static final long PAGES = X64Scenario.PAGES;
  private static final long GDT = LIVE + 0x5000;
  private static final long IDT = LIVE + 0x6000;
  private static final long TASK = LIVE + 0x7000;
  /** The other addresses of the tests' pages: a second and the last entry of the first table. */
  private static final long[] ALIASES = {0, 1L << 39, -1L << 39};
  private static final int STACK = 0x3FC0;
  /** Where the scenario's own handler is. */
  private static final int HANDLER = 136;
  /** What a data breakpoint may be on, and nothing near to it. */
  private static final int WATCHED = 0x2100;
  private static final int TF = 0x100;
  private static final int IF = 0x200;
  private static final int DF = 0x400;
  private static final int NT = 0x4000;
  private static final int RF = 0x1_0000;
  private static final int AC = 1 << 18;
  private static final int ID = 1 << 21;
  private static final int WRITE_PROTECT = 1 << 16;
  private static final int DE = 8;
  private static final int FSGSBASE = 1 << 16;
  private static final int UMIP = 1 << 11;
  private static final int SMEP = 1 << 20;
  private static final int SMAP = 1 << 21;
  private static final int TSD = 4;

  private final RandomGenerator pieces;
  private final boolean user;
  /** What decides: first of what is there, then of the instructions. */
  private RandomGenerator random;

  private X64Scenario scenario;
  private X64CodeWriter code;
  private int level;
  private int watch;
  private boolean steps;
  private boolean smap;
  private boolean smep;
  private boolean data;
  /** Whether those segments are for any level. */
  private boolean dataOfAll;
  /** Whether those segments are small, with a base. */
  private boolean narrowData;
  /** Whether DX is a port that all sizes may be read from. */
  private boolean port;
  /** Whether SYSCALL and SYSENTER lead to the harness. */
  private boolean targets;
  /** Whether strings are in pages that may be read and written. */
  private boolean usual;
  /** Whether loads hit the data breakpoint, too. */
  private boolean watchReads;
  private boolean kernelStack;
  /** Whether single steps may come. */
  private boolean steppable;
  /** Whether the gate of debug exceptions is of no use. */
  private boolean broken;
  private boolean breaks;
  private boolean ranges;
  /** Whether the stack is still an inner level's, so that a push is refused. */
  private boolean innerStack;
  /** Whether ECX is small: strings that are repeated stay in their pages. */
  private boolean counted;
  /** Whether DS and ES are still an inner level's, at level 3. */
  private boolean innerData;
  /** Whether what EBX points to isn't a stack's selector any more. */
  private boolean overwritten;
  /** Whether any segment may be. */
  private boolean innerSegments;
  private boolean entersBySysenter;

  /** @param pieces decides of the instructions; may be the other one */
  X64CodeScenarios(RandomGenerator random, RandomGenerator pieces, boolean user) {
    this.random = random;
    this.pieces = pieces;
    this.user = user;
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private String any(String[] some) {
    return some[random.nextInt(some.length)];
  }

  private int any(int[] some) {
    return some[random.nextInt(some.length)];
  }

  /** Makes one, whose registers are random. */
  void make(X64Scenario made) {
    scenario = made;
    code = new X64CodeWriter(made, HANDLER);
    level = user ? 3 : one(10) ? 1 + random.nextInt(2) : 0;
    code.width = one(3) ? one(3) ? 16 : 32 : 64;
    code.origin = code.width == 16 ? 0 : BASE;
    kernelStack = false;
    innerStack = false;
    counted = true;
    innerData = false;
    innerSegments = false;
    overwritten = false;
    segments();
    controls();
    debug();
    int flags = flags();
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
    random = pieces;
    for (int i = random.nextInt(1, 7); i > 0; i--) {
      piece();
    }
    if (one(2)) {
      code.code(any(X64CodeTables.ENDS).replace("f4", level == 0 ? "90" : "f4"));
    }
    code.fill();
    scenario.code(java.util.HexFormat.of().parseHex(any(new String[] {"48cf", "9c5848cf", "49ffc748cf", "fb48cf", "48ffc848cf", "0f0b",
        "50586a005848cf"})));
  }

  // ---- What is there

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

  private int flags() {
    return 2 | random.nextInt() & 0x8D5 | (one(2) ? IF : 0) | random.nextInt(4) << 12 | (one(4) ? DF : 0) | (one(10) ? TF : 0) | (one(20)
        ? NT : 0) | (one(4) ? AC : 0) | (one(8) ? ID : 0);
  }

  private int code(int width, int ofLevel) {
    return switch (ofLevel) {
      case 0 -> width == 64 ? 0x08 : width == 32 ? 0x18 : 0x50;
      case 3 -> width == 64 ? 0x33 : width == 32 ? 0x23 : 0x53;
      default -> (width == 64 ? 0x68 : width == 32 ? 0x78 : 0x50) | ofLevel;
    };
  }

  private int stack(int width, int ofLevel) {
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
    scenario.register(0, one(3) ? random.nextInt(256) : flags() & ~(steppable ? 0 : TF)).register(1, one(3) ? 0 : random.nextInt(24))
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

  // ---- What is done

  private void piece() {
    boolean wide = one(2);
    switch (random.nextInt(user ? 12 : 18)) {
      case 0 -> {
        String some = any(X64CodeTables.QUIET);
        // CDQ makes the port 0xFFFF, behind whose first byte there is nothing.
        port &= !some.equals("99");
        code.code(some);
      }
      case 1 -> {
        String some = any(X64CodeTables.FLAGS);
        if (some.equals("9d")) {
          popFlags();
        } else {
          // STI and a single step: see README.
          code.code(steps && some.startsWith("fb") ? "9c58" : some);
        }
      }
      case 2 -> {
        String some = any(X64CodeTables.PORTS);
        if ((usable() || !some.matches(".*6[c-f]$")) && (port || some.matches("e[4-7].*")) && (counted || !some.startsWith("b103"))) {
          code.code(some);
        }
      }
      case 3 -> access(wide);
      case 4 -> string(wide);
      case 5 -> code.code(any(X64CodeTables.STACKS).replace("e800000000", code.width == 16 ? "e80000" : "e800000000"));
      case 6 -> watched(wide);
      case 7 -> load();
      case 8 -> stackShadow();
      case 9 -> code.code(code.width != 64 ? any(X64CodeTables.NARROW_ONLY) : narrowData ? "4863c1" : called(any(X64CodeTables.LONG_ONLY)));
      case 10 -> interrupt();
      case 11, 12, 13 -> {
        if (level < 3 || !smap) {
          transfer();
        }
      }
      case 14 -> {
        String some = any(X64CodeTables.PRIVILEGED);
        boolean clock = some.startsWith("0f31");
        // Of the clock nothing may be left.
        code.code(called(some.matches("0f010[3b]") && !usable() || clock && (steps || breaks || code.width == 16) ? "0f06" : some));
      }
      case 15 -> modelSpecific();
      case 16 -> invalidate();
      default -> register();
    }
  }

  /** Of fast system calls, whose targets are no longer what they were, none. */
  private String called(String some) {
    return targets || !some.matches("0f05|0f34") ? some : "90";
  }

  private void popFlags() {
    if (code.room(16)) {
      int flags = flags() & ~(steppable ? 0 : TF);
      steps |= (flags & TF) != 0;
      code.load(0, flags);
      code.code(code.width == 16 && one(2) ? "6650669d" : code.width != 64 && one(3) ? "6650669d" : "509d");
    }
  }

  /** Whether registers point to the tests' pages, by segments that may be used. */
  private boolean usable() {
    return narrowData ? code.width == 16 && data : code.width == 64 || data;
  }

  private void access(boolean wide) {
    if (usable()) {
      code.plain(any(X64CodeTables.ACCESSES), wide);
    }
  }

  private void string(boolean wide) {
    if (usable()) {
      String operation = any(X64CodeTables.STRINGS);
      // Which of both operands comes first is the processor's choice.
      operation = usual && !smap && (narrowData == (code.width == 16)) ? operation : operation.replaceFirst("^a[67]$", "a4");
      String repeat = any(X64CodeTables.REPEATS);
      code.code((counted ? repeat : "") + (one(4) ? "66" : "") + (code.width == 64 && wide ? "48" : "") + operation);
    }
  }

  private void watched(boolean wide) {
    if (usable()) {
      String some = any(X64CodeTables.WATCHES);
      overwritten |= !some.matches("8[ab]03|ff33|f60301");
      // Of PUSH whose operand is watched and whose stack is refused, QEMU tells of the breakpoint, too.
      code.plain(innerStack && watchReads && some.equals("ff33") ? "8b03" : some, wide && code.width == 64);
    }
  }

  /** A load of a segment register. */
  private void load() {
    int selector = any(X64CodeTables.SELECTORS);
    String[] some = code.width == 64 ? new String[] {"8ed8", "8ec0", "8ee0", "8ee8", "500fa1", "500fa9"} : new String[] {"8ee0", "8ee8",
        "500fa1", "500fa9"};
    String how = any(some);
    if (code.room(12)) {
      code.load(0, whole(selector));
      code.code(how);
      data &= !how.equals("8ed8") && !how.equals("8ec0");
    }
  }

  /** Whether a null selector with a level becomes 0 on the way to an outer level, is the processor's choice. */
  private static int whole(int selector) {
    return selector < 4 ? 0 : selector;
  }

  /** A load of SS, behind which anything may come. */
  private void stackShadow() {
    if (steps || breaks) {
      return;
    }
    if (user && watch >= 0 && watchReads && usable() && one(2)) {
      // What is hit waits for the next instruction, with whose own exception it is told; under QEMU it doesn't wait.
      String load = code.width == 16 ? "678e13" : "8e13";
      if (one(2)) {
        code.instead(load + "66f1", "9090" + load);
      } else {
        code.instead(load + "90", "90" + load);
      }
      return;
    }
    String loaded = any(new String[] {"8ed5", "8ed5", code.width == 64 ? "8ed5" : "5517", watch < 0 && usable() && !overwritten ? "8e13"
        : "8ed5"});
    code.code(loaded.equals("8e13") && code.width == 16 ? "678e13" : loaded);
    switch (random.nextInt(6)) {
      case 0 -> code.code("cc");
      case 1 -> breakpointInstruction();
      case 2 -> watched(false);
      case 3 -> {
        code.code("cd80");
        returned();
      }
      case 4 -> code.code("0f0b");
      default -> code.code(any(X64CodeTables.QUIET));
    }
  }

  /** The scenario's own handler may have been there, and left an inner level. */
  private void returned() {
    data &= !innerData;
  }

  private void interrupt() {
    switch (random.nextInt(4)) {
      case 0 -> {
        code.code("cd80");
        returned();
      }
      case 1 -> breakpointInstruction();
      case 2 -> {
        code.code("cd%02x".formatted(random.nextInt(0x80, 0x90)));
        returned();
      }
      // Of a gate that isn't for the level QEMU has another error code.
      default -> code.code("cd%02x".formatted(level == 0 ? any(new int[] {0, 2, 8, 13, 14, 32, 0x7F, 0xFF}) : 4));
    }
  }

  private void breakpointInstruction() {
    if (!steps) {
      code.breakpointInstruction();
    }
  }

  /** To another mode, another level, or neither. */
  private void transfer() {
    int newLevel = level < 3 && one(2) ? 3 : level;
    int width = one(3) ? code.width : one(2) ? 64 : 32;
    if (newLevel != level && width == 16 || width == 16 && code.width != 16) {
      width = 32;
    }
    int selector = code(width, newLevel);
    int segment = stack(width, newLevel);
    long origin = width == 16 ? code.origin : BASE;
    long pointer = BASE + STACK - 8 * random.nextInt(4);
    if (width == 16) {
      pointer = STACK;
    } else if ((smap || broken) && newLevel < 3) {
      pointer = 0x32_FF00;
    }
    boolean outer = newLevel != level;
    int flags = flags() & ~(one(4) ? steppable ? 0 : TF : TF | NT) | (one(4) && !breaks ? RF : 0);
    boolean done = false;
    boolean narrows = !steps && !breaks && !outer && code.width == 64 && width != 64;
    boolean undefined = false;
    switch (random.nextInt(4)) {
      case 0 -> {
        if (!outer && code.width == 64 && width != 64 && !narrows) {
          return;
        }
        done = outer ? code.farReturn(selector, width, origin, segment, pointer) : code.farReturn(selector, width, origin);
        undefined = done && narrows;
      }
      case 1 -> done = !outer && code.farJump(selector, width, origin);
      case 2 -> {
        if (level == 0 && code.width == 64 && one(2)) {
          width = one(2) ? 64 : 32;
          done = code.systemReturn(width == 64, flags & ~RF);
          newLevel = done ? 3 : level;
          counted &= !done;
          innerData |= done && !dataOfAll;
          innerStack |= done;
          innerSegments |= done;
        } else {
          done = returns(outer, selector, width, origin, flags, segment, pointer);
        }
      }
      default -> done = returns(outer, selector, width, origin, flags, segment, pointer);
    }
    if (done) {
      steps |= (flags & TF) != 0;
      // What an outer level may not use is null.
      data &= (!outer || dataOfAll) && narrowData == (width == 16);
      level = newLevel;
      // The upper half of RSP is defined again when the stack is used.
      code.code(undefined ? "5058" : "eb00");
    }
  }

  private boolean returns(boolean outer, int selector, int width, long origin, int flags, int segment, long pointer) {
    boolean all = code.width == 64;
    if (all && innerSegments) {
      // QEMU looks at data segments behind each IRET of 64-bit code, as if the level were another one.
      return false;
    }
    boolean last = all && width == 64 && one(3);
    innerStack |= outer && last && kernelStack;
    return code.interruptReturn(selector, width, origin, flags, outer || all ? segment : -1, last ? -1 : pointer);
  }

  private void modelSpecific() {
    int number = one(3) ? any(X64CodeTables.MSRS) : one(2) ? 0x1B : 0x1A0;
    port = false;
    counted = false;
    targets &= number == 0x1B || number == 0x1A0;
    if (one(4)) {
      if (code.room(8)) {
        code.load(1, number);
        code.code("0f32");
      }
      return;
    }
    switch (number) {
      case 0x1B -> {
        long value = 0xFEE0_0900L;
        boolean refused = false;
        if (one(2)) {
          value = 0x900 | random.nextInt() & 0xFFFF_F000L;
        }
        if (!entersBySysenter && one(2)) {
          refused = true;
          value |= one(2) ? 1L << random.nextInt(40, 64) : 1L << any(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 9});
        }
        code.modelSpecific(number, value, refused);
      }
      case 0x1A0 -> code.modelSpecific(number, 0x1880L | (random.nextInt() & 0xC5_0009L) | (one(3) ? 1L << 34 : 0), false);
      case 0x174 -> {
        code.modelSpecific(number, random.nextInt() & 0xFFFF, false);
        // What stands for a refusal no longer does.
        entersBySysenter = true;
      }
      case 0xC000_0084 -> code.modelSpecific(number, random.nextInt() & 0xFFFF_FFFFL | 0xCD5, false);
      case 0xC000_0081 -> code.modelSpecific(number, 0x0023_0008_0000_0000L | random.nextInt() & 0xFFFF_FFFFL, false);
      default -> code.modelSpecific(number, random.nextLong() >> 17 + random.nextInt(40), false);
    }
  }

  /** INVLPG, of which segments' limits and types, and whether an address is canonical, don't matter. */
  private void invalidate() {
    if (one(3) && code.width == 64) {
      // mov rax, -1 >> 1; invlpg [rax]
      code.code("48b8" + "%016x".formatted(Long.reverseBytes(random.nextLong())) + "0f0138");
    } else {
      if (code.width != 64 && one(2) && code.room(14)) {
        // By a segment that is null, or small.
        code.load(0, one(2) ? 0 : 0x60 | level);
        code.code("8ee0");
        code.plain("640f013e", false);
        return;
      }
      code.plain(any(new String[] {"", "64", "65", "2e", "36", "26"}) + any(new String[] {"0f013e", "0f013f", "0f013b"}), false);
    }
  }

  /** MOV to and from control and debug registers. */
  private void register() {
    switch (random.nextInt(5)) {
      case 0 -> {
        if (code.room(14)) {
          code.code("0f20c0");
          flip(1 << any(new int[] {1, 3, 16, 18}));
          code.code("0f22c0");
        }
      }
      case 1 -> {
        if (code.room(14)) {
          code.code("0f20e0");
          flip(1 << any(new int[] {2, 3, 7, 8, 10, 11, 16}));
          code.code("0f22e0");
        }
      }
      case 2 -> {
        if (code.room(10)) {
          code.load(0, random.nextInt(16) | (one(3) ? 0x4000 : 0));
          code.code("0f23f0");
        }
      }
      case 3 -> {
        if (code.room(10)) {
          code.load(0, random.nextInt());
          code.code("0f23d0");
        }
      }
      default -> code.code("0f20d80f22d8");
    }
  }

  private void flip(int bit) {
    code.code((code.width == 16 ? "66" : "") + "35%02x%02x%02x%02x".formatted(bit & 0xFF, bit >>> 8 & 0xFF, bit >>> 16 & 0xFF, bit >>> 24));
  }
}
