// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Scenarios of FXSAVE, XSAVE and their kin: when they are there, what they refuse, and what XRSTOR and XSETBV make of headers and masks (Intel SDM volume 1, 13). What QEMU saves of the x87 isn't
 * compared: it has no pointers, and leaves what is reserved as it was; that is held against the host's processor in {@code x64.graph}.
 */
final class X64StateScenarios {
  /** From RDI, and to RSI, which isn't compared; SSE state alone to R8, which is; at RBX single registers. */
  private static final String[] CODE = {"0fae0f", "480fae0f", "0fae2f", "480fae2f", "0fae2f", "0fae06", "480fae06", "0fae26",
      "b802000000410fae20", "b802000000490fae20", "0f110b", "0f6f03", "0f7f03",
      "d97b10", "dd7b18", "0fae5b20", "0fae5b20", "0fae5324", "31c90f01d0", "dbe3", "0f77", "b803000000", "b801000000", "31c0", "0f28ca",
      "0f57c9"};
  private static final String SET = "0f01d1";
  private static final int OSFXSR = 1 << 9;
  private static final int OSXSAVE = 1 << 18;
  private static final long CONTROL = 0x37F;
  /** Not what it is after reset, so that the state counts as in use. */
  private static final int MXCSR = 0x1FA0;

  private final RandomGenerator random;
  private final X64Scenario scenario;
  private final boolean user;

  X64StateScenarios(RandomGenerator random, X64Scenario scenario, boolean user) {
    this.random = random;
    this.scenario = scenario;
    this.user = user;
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private void code(String code) {
    scenario.code(HexFormat.of().parseHex(code));
  }

  /** An address of a state, which mostly has the alignment that is asked for. */
  private long place(long address) {
    return address + (one(8) ? new int[] {1, 8, 16, 32}[random.nextInt(4)] : 64 * random.nextInt(2));
  }

  void make() {
    long cr0 = X64ScenarioMaker.CR0 | (one(10) ? 8 : 0) | (one(10) ? 4 : 0);
    long cr4 = X64ScenarioMaker.CR4 & (one(10) ? ~OSFXSR : -1) | (one(6) ? 0 : OSXSAVE);
    scenario.control(cr0, cr4, X64ScenarioMaker.EFER);
    long from = place(X64Scenario.BASE + 0x1200);
    scenario.register(7, from).register(6, place(X64Scenario.BASE + 0x20_1000)).register(8, place(X64Scenario.BASE + 0x1480)).register(3,
        X64Scenario.BASE + 0x1100);
    scenario.register(0, random.nextInt(8)).register(1, one(4) ? random.nextInt(3) : 0).register(2, one(8) ? random.nextInt() & 0xFFFF_FFFFL
        : 0);
    long physical = from - X64Scenario.BASE + X64Scenario.PAGES;
    scenario.poke(physical, CONTROL | random.nextInt() & 0xF00 | (random.nextInt() & 0x477FL) << 16 | (random.nextInt() & 0xFFL) << 32);
    scenario.poke(physical + 24, MXCSR | random.nextInt() & 0xFFFF);
    scenario.poke(physical + 512, one(4) ? random.nextInt(8) : random.nextInt(4)).poke(physical + 520, one(10) ? random.nextInt(4) : 0)
        .poke(physical + 528, one(10) ? 1 : 0);
    scenario.poke(X64Scenario.PAGES + 0x1120, (long) MXCSR << 32);
    if (!user) {
      // So that nothing is left of the scenario before.
      code("31c931d2b80" + (one(3) ? 1 : 3) + "000000" + SET);
    }
    code("0fae0f");
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      String next = one(12) ? SET : CODE[random.nextInt(CODE.length)];
      // SSE state that is as after reset needn't count as in use; with OSFXSR it has been loaded.
      code((cr4 & OSFXSR) == 0 && next.startsWith("b802") ? "90" : next);
    }
  }
}
