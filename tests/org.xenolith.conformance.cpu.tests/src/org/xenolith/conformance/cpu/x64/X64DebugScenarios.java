// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Scenarios of debug registers: breakpoints on instructions, data and ports, RF, single steps (Intel SDM volume 3, 18.2 and 18.3).
 *
 * <p>Of a data breakpoint QEMU knows only that of the first access of an instruction, and takes its address as it is; so one at a time is on, and aligned to its length.
 */
final class X64DebugScenarios {
  /** What accesses memory at RSI once, and at RDI not at all. */
  private static final String[] ONE_ACCESS = {"8a06", "8806", "668b06", "8b06", "488b06", "668906", "8906", "488906", "480106", "f0480106",
      "ff36",
      "8f06", "f30f6f06", "660f6f06", "f30f7f06", "0fb606", "8706", "48ff0e", "f7d3", "0f180e",
      "480fb10e", "0fb10e", "480fc11e", "d9ee", "dd06", "d906", "df2e", "8b4604", "884601", "8b46fc", "c6460255", "f7460401000000"};
  /** Strings; those that are repeated have no hit in the last repetition, of which QEMU says that the instruction isn't done. */
  private static final String[] STRINGS = {"aa", "66ab", "ab", "48ab", "f3aa", "f366ab", "f348ab", "ae", "48af", "ac", "48ad", "f3ac",
      "f348ad", "a4",
      "48a5", "f3a4", "f348a5", "a6", "48a7"};
  private static final String[] PLAIN = {"90", "48ffc0", "f8", "eb00", "9c58", "5058", "31c9", "74007500", "e800000000", "48f7d1", "cc",
      "0f0b", "6a0058"};
  /** What leaves the flags as they are, and doesn't look at them. */
  private static final String[] NO_FLAGS = {"90", "5058", "eb00", "e800000000", "48f7d1"};
  private static final String[] PORTS = {"ec", "ee", "ef", "66ef", "e4e5", "e6e5", "e7e4", "6c", "6e"};
  private static final long DATA = X64Scenario.BASE + 0x1100;
  private static final long CONTROL = 0x400;
  private static final int RESUME = 1 << 16;
  private static final int STEP = 1 << 8;
  private static final int DEBUGGING_EXTENSIONS = 8;

  private final RandomGenerator random;
  private final X64Scenario scenario;
  private final boolean user;

  X64DebugScenarios(RandomGenerator random, X64Scenario scenario, boolean user) {
    this.random = random;
    this.scenario = scenario;
    this.user = user;
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private void any(String[] some) {
    scenario.code(HexFormat.of().parseHex(some[random.nextInt(some.length)]));
  }

  /**
   * Makes one.
   *
   * @param flags RFLAGS to begin with, without TF and RF
   */
  void make(int code, int stack, long flags) {
    long cr4 = X64ScenarioMaker.CR4 | (one(2) ? DEBUGGING_EXTENSIONS : 0);
    scenario.control(X64ScenarioMaker.CR0, cr4, X64ScenarioMaker.EFER);
    for (int i = 0; i < 4; i++) {
      scenario.breakpoint(i, 0x7000_0000L + 64 * i, CONTROL);
    }
    int kind = random.nextInt(5);
    scenario.register(6, DATA + random.nextInt(64)).register(7, DATA + random.nextInt(64)).register(1, random.nextInt(1, 24));
    scenario.register(2, 0xE0 + random.nextInt(8));
    long more = 0;
    switch (kind) {
      case 0, 1 -> data();
      case 2 -> more = instructions();
      case 3 -> ports((cr4 & DEBUGGING_EXTENSIONS) != 0);
      default -> more = steps();
    }
    scenario.start(code, stack, flags | more, X64Scenario.BASE + 0x4000 - 64);
  }

  private static long on(int number, int kind, int length, boolean global) {
    return (global ? 2L : 1L) << 2 * number | (long) (kind | length << 2) << 16 + 4 * number;
  }

  private void data() {
    int number = random.nextInt(4);
    int length = random.nextInt(4);
    int bytes = length == 2 ? 8 : length + 1;
    boolean across = one(6);
    long address = (across ? X64Scenario.BASE + 0x1FE0 + random.nextInt(64) : DATA + random.nextInt(72)) & -bytes;
    scenario.breakpoint(number, address, CONTROL | on(number, one(2) ? 1 : 3, length, one(2)));
    scenario.register(6, across ? X64Scenario.BASE + 0x1FE0 + 16 * random.nextInt(4) : DATA + 16 * random.nextInt(4)).register(7, DATA + 16
        * random.nextInt(4));
    scenario.register(1, 128);
    for (int i = random.nextInt(4); i > 0; i--) {
      if (one(3)) {
        any(PLAIN);
      } else {
        any(ONE_ACCESS);
      }
    }
    // The last one, as it makes the addresses odd.
    any(one(2) ? STRINGS : ONE_ACCESS);
  }

  private long instructions() {
    long control = CONTROL;
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int number = random.nextInt(4);
      control |= on(number, 0, 0, one(2));
      scenario.breakpoint(number, X64Scenario.BASE + random.nextInt(10), control);
    }
    boolean resumes = one(2);
    if (!resumes && one(3)) {
      scenario.code((byte) 0xF3, (byte) 0xAA);
    }
    for (int i = random.nextInt(2, 8); i > 0; i--) {
      any(PLAIN);
    }
    return resumes ? RESUME : 0;
  }

  private void ports(boolean extended) {
    int number = random.nextInt(4);
    int length = random.nextInt(4);
    int bytes = length == 2 ? 8 : length + 1;
    // Without the extensions the kind is reserved.
    if (extended) {
      scenario.breakpoint(number, 0xE0 + random.nextInt(8) & -bytes, CONTROL | on(number, 2, length, one(2)));
    }
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      if (one(3)) {
        any(NO_FLAGS);
      } else {
        any(PORTS);
      }
    }
  }

  private long steps() {
    long flags = one(3) ? STEP : 0;
    boolean breaks = one(2);
    if (breaks) {
      int number = random.nextInt(4);
      scenario.breakpoint(number, X64Scenario.BASE + random.nextInt(4), CONTROL | on(number, 0, 0, one(2)));
      flags |= one(3) ? RESUME : 0;
    }
    boolean stack = !breaks && one(2);
    for (int i = stack ? 0 : random.nextInt(3); i > 0; i--) {
      any(PLAIN);
    }
    if (one(3)) {
      // POPF with TF: the instruction behind the next is trapped.
      any(new String[] {"9c810c24000100009d"});
    }
    if (stack) {
      // MOV to SS, which keeps debug exceptions away for an instruction (7.8.3); QEMU lets breakpoints through.
      scenario.register(0, user ? 0x2B : 0x10);
      any(new String[] {"8ed0"});
    } else if ((flags & RESUME) == 0) {
      any(STRINGS);
    }
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      any(one(2) ? PLAIN : ONE_ACCESS);
    }
    return flags;
  }
}
