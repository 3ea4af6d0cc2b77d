// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Scenarios of protection keys: pages have one, and what PKRU and IA32_PKRS allow changes between accesses (Intel SDM volume 3, 5.6.2). */
final class X64KeyScenarios {
  private static final String[] ACCESSES = {"8a06", "8806", "488b06", "488906", "480106", "66ff06", "f0480fb10e", "f30f6f06", "ff36",
      "8f06",
      "488b06488906"};
  /** RDPKRU, as it should be and with an operand that is refused. */
  private static final String[] READS = {"31c90f01ee", "31c90f01ee", "ffc10f01ee"};
  private static final String CLEAR_OPERANDS = "31c931d2";
  private static final String WRITE_USERS = "0f01ef";
  private static final String WRITE_SUPERVISORS = "b9e106000031d20f30";
  private static final int KEY = 59;
  private static final int PKE = 1 << 22;
  private static final int PKS = 1 << 24;
  private static final int WRITE_PROTECT = 1 << 16;
  /** Of key 0, which the harness has, everything is allowed. */
  private static final int RIGHTS = 0xFC;

  private final RandomGenerator random;
  private final X64Scenario scenario;
  private final boolean user;

  X64KeyScenarios(RandomGenerator random, X64Scenario scenario, boolean user) {
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

  private void users() {
    code(CLEAR_OPERANDS + "b8%02x000000".formatted(random.nextInt() & RIGHTS) + WRITE_USERS);
  }

  private void supervisors() {
    code("b8%02x000000".formatted(random.nextInt() & RIGHTS) + WRITE_SUPERVISORS);
  }

  void make() {
    boolean ofUsers = !one(6);
    // Of an access of level 3 that is refused anyway QEMU doesn't say that the key refuses it, too.
    boolean ofSupervisors = !user && one(2);
    scenario.control(one(2) ? X64ScenarioMaker.CR0 : X64ScenarioMaker.CR0 & ~WRITE_PROTECT, X64ScenarioMaker.CR4 | (ofUsers ? PKE : 0)
        | (ofSupervisors ? PKS : 0), X64ScenarioMaker.EFER);
    int page = random.nextInt(4, 8);
    scenario.poke(X64Scenario.LIVE + 0x4000 + 8 * page, X64Scenario.PAGES + 0x1000 * random.nextInt(1, 4) | 1 | (one(4) ? 0 : 2) | (one(2)
        ? 4 : 0) | (long) random.nextInt(4) << KEY);
    scenario.register(6, X64Scenario.BASE + 0x1000 * page + random.nextInt(0x3F0) * 4);
    // What an earlier scenario has left is nobody's.
    if (ofUsers) {
      users();
    }
    if (ofSupervisors) {
      supervisors();
    }
    for (int i = random.nextInt(2, 7); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> users();
        case 1 -> code(user ? READS[random.nextInt(READS.length)] : "90");
        case 2 -> {
          if (ofSupervisors) {
            supervisors();
          }
        }
        default -> code(ACCESSES[random.nextInt(ACCESSES.length)]);
      }
    }
  }
}
