// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Scenarios of any code of a level, in 64-bit mode or of 32 or 16 bits: flags, I/O privilege, segments, page rights, breakpoints, strings, far transfers to other modes and levels, with
 * stacks on both sides of 4 GiB; and, at level 0 to 2, control registers, debug registers and model-specific ones. What QEMU is known to do otherwise none has, or QEMU gets something else
 * that does what is right ({@link X64Scenario#instead}).
 */
final class X64CodeScenarios {
  private static final long BASE = X64Scenario.BASE;
  private static final int STACK = X64CodeStart.STACK;
  private static final int TF = X64CodeStart.TF;
  private static final int NT = X64CodeStart.NT;
  private static final int RF = X64CodeStart.RF;

  /** What decides of the instructions. */
  private final RandomGenerator random;
  private final boolean user;
  /** What the code begins on, and may still use. */
  private final X64CodeStart on;

  /** @param pieces decides of the instructions, {@code start} of what is there before; may be the same */
  X64CodeScenarios(RandomGenerator start, RandomGenerator pieces, boolean user) {
    random = pieces;
    this.user = user;
    on = new X64CodeStart(start, user);
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
    on.begin(made);
    for (int i = random.nextInt(1, 7); i > 0; i--) {
      piece();
    }
    if (one(2)) {
      on.code.code(any(X64CodeTables.ENDS).replace("f4", on.level == 0 ? "90" : "f4"));
    }
    on.code.fill();
    made.code(HexFormat.of().parseHex(any(new String[] {"48cf", "9c5848cf", "49ffc748cf", "fb48cf", "48ffc848cf", "0f0b",
        "50586a005848cf"})));
  }

  private void piece() {
    boolean wide = one(2);
    switch (random.nextInt(user ? 12 : 18)) {
      case 0 -> {
        String some = any(X64CodeTables.QUIET);
        // CDQ makes the port 0xFFFF, behind whose first byte there is nothing.
        on.port &= !some.equals("99");
        on.code.code(some);
      }
      case 1 -> {
        String some = any(X64CodeTables.FLAGS);
        if (some.equals("9d")) {
          popFlags();
        } else {
          // STI and a single step: see README.
          on.code.code(on.steps && some.startsWith("fb") ? "9c58" : some);
        }
      }
      case 2 -> {
        String some = any(X64CodeTables.PORTS);
        if ((usable() || !some.matches(".*6[c-f]$")) && (on.port || some.matches("e[4-7].*")) && (on.counted || !some.startsWith("b103"))) {
          on.code.code(some);
        }
      }
      case 3 -> access(wide);
      case 4 -> string(wide);
      case 5 -> on.code.code(any(X64CodeTables.STACKS).replace("e800000000", on.code.width == 16 ? "e80000" : "e800000000"));
      case 6 -> watched(wide);
      case 7 -> load();
      case 8 -> stackShadow();
      case 9 -> on.code.code(on.code.width != 64 ? any(X64CodeTables.NARROW_ONLY) : on.narrowData ? "4863c1" : called(any(
          X64CodeTables.LONG_ONLY)));
      case 10 -> interrupt();
      case 11, 12, 13 -> {
        if (on.level < 3 || !on.smap) {
          transfer();
        }
      }
      case 14 -> {
        String some = any(X64CodeTables.PRIVILEGED);
        boolean clock = some.startsWith("0f31");
        // Of the clock nothing may be left.
        on.code.code(called(some.matches("0f010[3b]") && !usable() || clock && (on.steps || on.breaks || on.code.width == 16) ? "0f06"
            : some));
      }
      case 15 -> modelSpecific();
      case 16 -> invalidate();
      default -> register();
    }
  }

  /** Of fast system calls, whose targets are no longer what they were, none. */
  private String called(String some) {
    return on.targets || !some.matches("0f05|0f34") ? some : "90";
  }

  private void popFlags() {
    if (on.code.room(16)) {
      int flags = on.flags(random) & ~(on.steppable ? 0 : TF);
      on.steps |= (flags & TF) != 0;
      on.code.load(0, flags);
      on.code.code(on.code.width == 16 && one(2) ? "6650669d" : on.code.width != 64 && one(3) ? "6650669d" : "509d");
    }
  }

  /** Whether registers point to the tests' pages, by segments that may be used. */
  private boolean usable() {
    return on.narrowData ? on.code.width == 16 && on.data : on.code.width == 64 || on.data;
  }

  private void access(boolean wide) {
    if (usable()) {
      on.code.plain(any(X64CodeTables.ACCESSES), wide);
    }
  }

  private void string(boolean wide) {
    if (usable()) {
      String operation = any(X64CodeTables.STRINGS);
      // Which of both operands comes first is the processor's choice.
      operation = on.usual && !on.smap && (on.narrowData == (on.code.width == 16)) ? operation : operation.replaceFirst("^a[67]$", "a4");
      String repeat = any(X64CodeTables.REPEATS);
      on.code.code((on.counted ? repeat : "") + (one(4) ? "66" : "") + (on.code.width == 64 && wide ? "48" : "") + operation);
    }
  }

  private void watched(boolean wide) {
    if (usable()) {
      String some = any(X64CodeTables.WATCHES);
      on.overwritten |= !some.matches("8[ab]03|ff33|f60301");
      // Of PUSH whose operand is watched and whose stack is refused, QEMU tells of the breakpoint, too.
      on.code.plain(on.innerStack && on.watchReads && some.equals("ff33") ? "8b03" : some, wide && on.code.width == 64);
    }
  }

  /** A load of a segment register. */
  private void load() {
    int selector = any(X64CodeTables.SELECTORS);
    String[] some = on.code.width == 64 ? new String[] {"8ed8", "8ec0", "8ee0", "8ee8", "500fa1", "500fa9"} : new String[] {"8ee0", "8ee8",
        "500fa1", "500fa9"};
    String how = any(some);
    if (on.code.room(12)) {
      on.code.load(0, whole(selector));
      on.code.code(how);
      on.data &= !how.equals("8ed8") && !how.equals("8ec0");
    }
  }

  /** Whether a null selector with a level becomes 0 on the way to an outer level, is the processor's choice. */
  private static int whole(int selector) {
    return selector < 4 ? 0 : selector;
  }

  /** A load of SS, behind which anything may come. */
  private void stackShadow() {
    if (on.steps || on.breaks) {
      return;
    }
    if (user && on.watch >= 0 && on.watchReads && usable() && one(2)) {
      // What is hit waits for the next instruction, with whose own exception it is told; under QEMU it doesn't wait.
      String load = on.code.width == 16 ? "678e13" : "8e13";
      if (one(2)) {
        on.code.instead(load + "66f1", "9090" + load);
      } else {
        on.code.instead(load + "90", "90" + load);
      }
      return;
    }
    String loaded = any(new String[] {"8ed5", "8ed5", on.code.width == 64 ? "8ed5" : "5517", on.watch < 0 && usable() && !on.overwritten
        ? "8e13"
        : "8ed5"});
    on.code.code(loaded.equals("8e13") && on.code.width == 16 ? "678e13" : loaded);
    switch (random.nextInt(6)) {
      case 0 -> on.code.code("cc");
      case 1 -> breakpointInstruction();
      case 2 -> watched(false);
      case 3 -> {
        on.code.code("cd80");
        returned();
      }
      case 4 -> on.code.code("0f0b");
      default -> on.code.code(any(X64CodeTables.QUIET));
    }
  }

  /** The scenario's own handler may have been there, and left an inner level. */
  private void returned() {
    on.data &= !on.innerData;
  }

  private void interrupt() {
    switch (random.nextInt(4)) {
      case 0 -> {
        on.code.code("cd80");
        returned();
      }
      case 1 -> breakpointInstruction();
      case 2 -> {
        on.code.code("cd%02x".formatted(random.nextInt(0x80, 0x90)));
        returned();
      }
      // Of a gate that isn't for the level QEMU has another error code.
      default -> on.code.code("cd%02x".formatted(on.level == 0 ? any(new int[] {0, 2, 8, 13, 14, 32, 0x7F, 0xFF}) : 4));
    }
  }

  private void breakpointInstruction() {
    if (!on.steps) {
      on.code.breakpointInstruction();
    }
  }

  /** To another mode, another level, or neither. */
  private void transfer() {
    int newLevel = on.level < 3 && one(2) ? 3 : on.level;
    int width = one(3) ? on.code.width : one(2) ? 64 : 32;
    if (newLevel != on.level && width == 16 || width == 16 && on.code.width != 16) {
      width = 32;
    }
    int selector = on.code(width, newLevel);
    int segment = on.stack(width, newLevel);
    long origin = width == 16 ? on.code.origin : BASE;
    long pointer = BASE + STACK - 8 * random.nextInt(4);
    if (width == 16) {
      pointer = STACK;
    } else if ((on.smap || on.broken) && newLevel < 3) {
      pointer = 0x32_FF00;
    }
    boolean outer = newLevel != on.level;
    int flags = on.flags(random) & ~(one(4) ? on.steppable ? 0 : TF : TF | NT) | (one(4) && !on.breaks ? RF : 0);
    boolean done = false;
    boolean narrows = !on.steps && !on.breaks && !outer && on.code.width == 64 && width != 64;
    boolean undefined = false;
    switch (random.nextInt(4)) {
      case 0 -> {
        if (!outer && on.code.width == 64 && width != 64 && !narrows) {
          return;
        }
        done = outer ? on.code.farReturn(selector, width, origin, segment, pointer) : on.code.farReturn(selector, width, origin);
        undefined = done && narrows;
      }
      case 1 -> done = !outer && on.code.farJump(selector, width, origin);
      case 2 -> {
        if (on.level == 0 && on.code.width == 64 && one(2)) {
          width = one(2) ? 64 : 32;
          done = on.code.systemReturn(width == 64, flags & ~RF);
          newLevel = done ? 3 : on.level;
          on.counted &= !done;
          on.innerData |= done && !on.dataOfAll;
          on.innerStack |= done;
          on.innerSegments |= done;
        } else {
          done = returns(outer, selector, width, origin, flags, segment, pointer);
        }
      }
      default -> done = returns(outer, selector, width, origin, flags, segment, pointer);
    }
    if (done) {
      on.steps |= (flags & TF) != 0;
      // What an outer level may not use is null.
      on.data &= (!outer || on.dataOfAll) && on.narrowData == (width == 16);
      on.level = newLevel;
      // The upper half of RSP is defined again when the stack is used.
      on.code.code(undefined ? "5058" : "eb00");
    }
  }

  private boolean returns(boolean outer, int selector, int width, long origin, int flags, int segment, long pointer) {
    boolean all = on.code.width == 64;
    if (all && on.innerSegments) {
      // QEMU looks at data segments behind each IRET of 64-bit code, as if the level were another one.
      return false;
    }
    boolean last = all && width == 64 && one(3);
    on.innerStack |= outer && last && on.kernelStack;
    return on.code.interruptReturn(selector, width, origin, flags, outer || all ? segment : -1, last ? -1 : pointer);
  }

  private void modelSpecific() {
    int number = one(3) ? any(X64CodeTables.MSRS) : one(2) ? 0x1B : 0x1A0;
    on.port = false;
    on.counted = false;
    on.targets &= number == 0x1B || number == 0x1A0;
    if (one(4)) {
      if (on.code.room(8)) {
        on.code.load(1, number);
        on.code.code("0f32");
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
        if (!on.entersBySysenter && one(2)) {
          refused = true;
          value |= one(2) ? 1L << random.nextInt(40, 64) : 1L << any(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 9});
        }
        on.code.modelSpecific(number, value, refused);
      }
      case 0x1A0 -> on.code.modelSpecific(number, 0x1880L | (random.nextInt() & 0xC5_0009L) | (one(3) ? 1L << 34 : 0), false);
      case 0x174 -> {
        on.code.modelSpecific(number, random.nextInt() & 0xFFFF, false);
        // What stands for a refusal no longer does.
        on.entersBySysenter = true;
      }
      case 0xC000_0084 -> on.code.modelSpecific(number, random.nextInt() & 0xFFFF_FFFFL | 0xCD5, false);
      case 0xC000_0081 -> on.code.modelSpecific(number, 0x0023_0008_0000_0000L | random.nextInt() & 0xFFFF_FFFFL, false);
      default -> on.code.modelSpecific(number, random.nextLong() >> 17 + random.nextInt(40), false);
    }
  }

  /** INVLPG, of which segments' limits and types, and whether an address is canonical, don't matter. */
  private void invalidate() {
    if (one(3) && on.code.width == 64) {
      // mov rax, -1 >> 1; invlpg [rax]
      on.code.code("48b8" + "%016x".formatted(Long.reverseBytes(random.nextLong())) + "0f0138");
    } else {
      if (on.code.width != 64 && one(2) && on.code.room(14)) {
        // By a segment that is null, or small.
        on.code.load(0, one(2) ? 0 : 0x60 | on.level);
        on.code.code("8ee0");
        on.code.plain("640f013e", false);
        return;
      }
      on.code.plain(any(new String[] {"", "64", "65", "2e", "36", "26"}) + any(new String[] {"0f013e", "0f013f", "0f013b"}), false);
    }
  }

  /** MOV to and from control and debug registers. */
  private void register() {
    switch (random.nextInt(5)) {
      case 0 -> {
        if (on.code.room(14)) {
          on.code.code("0f20c0");
          flip(1 << any(new int[] {1, 3, 16, 18}));
          on.code.code("0f22c0");
        }
      }
      case 1 -> {
        if (on.code.room(14)) {
          on.code.code("0f20e0");
          flip(1 << any(new int[] {2, 3, 7, 8, 10, 11, 16}));
          on.code.code("0f22e0");
        }
      }
      case 2 -> {
        if (on.code.room(10)) {
          on.code.load(0, random.nextInt(16) | (one(3) ? 0x4000 : 0));
          on.code.code("0f23f0");
        }
      }
      case 3 -> {
        if (on.code.room(10)) {
          on.code.load(0, random.nextInt());
          on.code.code("0f23d0");
        }
      }
      default -> on.code.code("0f20d80f22d8");
    }
  }

  private void flip(int bit) {
    on.code.code((on.code.width == 16 ? "66" : "") + "35%02x%02x%02x%02x".formatted(bit & 0xFF, bit >>> 8 & 0xFF, bit >>> 16 & 0xFF, bit
        >>> 24));
  }
}
