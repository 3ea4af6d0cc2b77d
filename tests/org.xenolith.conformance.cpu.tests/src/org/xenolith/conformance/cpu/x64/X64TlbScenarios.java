// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Scenarios of tables that change while they are used: entries are written, what the processor may still hold of them is invalidated, and the pages are accessed before and behind that
 * (Intel SDM volume 3, 4.10). What may be stale none accesses: a global page is invalidated by INVLPG or CR4.PGE. QEMU 7.2 has no PCID and no INVPCID.
 */
final class X64TlbScenarios {
  private static final String[] ACCESSES = {"8a06", "8806", "488b06", "488906", "480106", "66ff06", "f0480fb10e", "f30f6f06", "48ff0e",
      "0f01cb8806", "0f01ca8a06"};
  private static final String INVALIDATE_PAGE = "0f013e";
  private static final String LOAD_CR3 = "0f20d80f22d8";
  private static final String TOGGLE_GLOBAL = "0f20e034800f22e034800f22e0";
  /** WP, SMEP and SMAP count with what the processor holds already. */
  private static final String[] CONTROLS = {"0f20c035000001000f22c0", "0f20e035000020000f22e0", "0f20e035000010000f22e0"};
  private static final int GLOBAL = 0x100;
  private static final int LARGE = 0x80;
  private static final long NO_EXECUTE = 1L << 63;

  private final RandomGenerator random;
  private final X64Scenario scenario;

  X64TlbScenarios(RandomGenerator random, X64Scenario scenario) {
    this.random = random;
    this.scenario = scenario;
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private void code(String code) {
    scenario.code(HexFormat.of().parseHex(code));
  }

  private void access() {
    code(ACCESSES[random.nextInt(ACCESSES.length)]);
  }

  void make(long flags) {
    boolean globals = one(2);
    scenario.start(8, 0x10, flags, 0x33_0000);
    scenario.control(one(2) ? X64ScenarioMaker.CR0 : X64ScenarioMaker.CR0 & ~0x1_0000, X64ScenarioMaker.CR4 | (globals ? 0x80 : 0) | (one(3)
        ? 1 << 21 : 0), X64ScenarioMaker.EFER);
    boolean large = one(4);
    int page = random.nextInt(1, 8);
    long place = large ? X64Scenario.LIVE + 0x3008 : X64Scenario.LIVE + 0x4000 + 8 * page;
    long address = large ? X64Scenario.BASE + 0x20_0000 + 0x1000 * random.nextInt(512) : X64Scenario.BASE + 0x1000 * page;
    long before = entry(large, false);
    scenario.poke(place, before);
    scenario.register(6, address + random.nextInt(0x3F0) * 4).register(8, place).register(9, entry(large, one(6))).register(11, entry(large,
        one(6))).register(1, 1);
    if (one(3)) {
      scenario.register(6, address + 0x1000 - random.nextInt(1, 9));
    }
    access();
    boolean wasGlobal = globals && (before & GLOBAL) != 0;
    // mov [r8], r9: then r11 takes its turn.
    code("4d8908");
    invalidate(wasGlobal);
    access();
    if (one(2)) {
      code(CONTROLS[random.nextInt(CONTROLS.length)]);
      access();
    }
    if (one(2)) {
      code("4d8918");
      code(INVALIDATE_PAGE);
      access();
    }
  }

  private void invalidate(boolean wasGlobal) {
    switch (random.nextInt(3)) {
      case 0 -> code(wasGlobal ? TOGGLE_GLOBAL : LOAD_CR3);
      case 1 -> code(TOGGLE_GLOBAL);
      default -> code(INVALIDATE_PAGE);
    }
  }

  private long entry(boolean large, boolean absent) {
    long frame = large ? one(3) ? 0xA0_0000 : 0x80_0000 : X64Scenario.PAGES + 0x1000 * random.nextInt(1, 4);
    return frame | (absent ? 0 : 1) | random.nextInt() & 0x66 | (one(2) ? 2 : 0) | (one(2) ? GLOBAL : 0) | (large ? LARGE : 0) | (one(4)
        ? NO_EXECUTE : 0);
  }
}
