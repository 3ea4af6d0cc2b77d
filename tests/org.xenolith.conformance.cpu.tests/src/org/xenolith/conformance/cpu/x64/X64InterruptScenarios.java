// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Scenarios of interrupts that a program sends itself by the local APIC: the shadows of STI and of loads of SS, priorities and CR8, repeated strings, IRET to and from handlers, NMI and
 * what blocks it (Intel SDM volume 3, 7.7, 7.8 and 12.8).
 */
final class X64InterruptScenarios {
  /** By RBX, which points to the local APIC: commands of EAX, EDX and EBP; ends of interrupts, the task priority; CR8; flags; and what is interrupted. */
  private static final String[] SUPERVISOR = {"fb", "fb", "fa", "90", "898300030000", "898300030000", "899300030000", "450f22c2",
      "450f22c3", "450f20c1", "8983b0000000", "44899380000000",
      "448b8ba0000000", "448b8b00030000", "8ed6", "6a029d", "68020200009d", "f3aa", "f348ab", "cd80", "0f0b", "9c4159", "cc"};
  private static final String[] USER = {"90", "f3aa", "cd80", "0f0b", "cc", "9c4159", "eb00", "fb", "fa", "68020200009d", "0f05", "8ed6"};
  /** What comes behind STI or a load of SS: of another one, and of a repeated string, QEMU makes something else. */
  private static final String[] BEHIND = {"90", "450f20c1", "9c4159", "cd80", "0f0b", "aa"};
  private static final String NOTIFY = "89ab00030000";
  private static final int SELF = 1 << 18;
  private static final int NON_MASKABLE = 0x4400;
  private static final int ENABLED = 0x200;
  private static final int STACK = 0x4000 - 64;
  /** Where handlers of the scenario's own are: one that ends the interrupt and returns, one that lets others in, one that only returns. */
  private static final int HANDLERS = 40;
  private static final String[] HANDLER = {"49ffc08983b000000048cf", "49ffc1fb908983b000000048cf", "49ffc090909048cf",
      "49ffc04183f802770689ab0003000048cf"};

  private final RandomGenerator random;
  private final X64Scenario scenario;
  private final boolean user;

  X64InterruptScenarios(RandomGenerator random, X64Scenario scenario, boolean user) {
    this.random = random;
    this.scenario = scenario;
    this.user = user;
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private int vector() {
    int vector = one(2) ? random.nextInt(0x30, 0x38) : random.nextInt(0x20, 0x100);
    // That of INT n keeps its gate.
    return vector == 0x80 ? 0x81 : vector;
  }

  private int command() {
    return one(4) ? 0 : SELF | vector();
  }

  private void code(String code) {
    scenario.code(HexFormat.of().parseHex(code));
  }

  void make() {
    scenario.control(X64ScenarioMaker.CR0, X64ScenarioMaker.CR4, X64ScenarioMaker.EFER);
    long flags = 2 | random.nextInt() & 0x8D5 | (one(2) ? ENABLED : 0) | (long) random.nextInt(4) << 12;
    scenario.start(user ? 0x33 : 8, user ? 0x2B : 0x10, flags, X64Scenario.BASE + STACK);
    int first = command();
    int second = command();
    scenario.interrupts(first, second, one(2) ? 0 : random.nextInt(256));
    int vector = vector();
    scenario.register(0, SELF | vector).register(2, SELF | vector()).register(3, X64Scenario.APIC).register(5, NON_MASKABLE).register(8, 0)
        .register(1, random.nextInt(1, 9));
    scenario.register(6, user ? 0x2B : 0x10).register(7, X64Scenario.BASE + 0x1100).register(10, random.nextInt(16)).register(11, one(2) ? 0
        : random.nextInt(16));
    if (one(2)) {
      gate(one(2) || first == 0 ? vector : first & 0xFF);
    }
    boolean notifies = !user && one(3);
    if (notifies) {
      gate(2);
    }
    byte[] handler = HexFormat.of().parseHex(HANDLER[notifies ? 2 + random.nextInt(2) : random.nextInt(2)]);
    // A single step, without STI, behind which QEMU has none.
    boolean steps = !user && one(5);
    if (steps) {
      code("68020300009d");
    }
    int place = random.nextInt(1, 5);
    for (int i = 0; i < place; i++) {
      String[] some = user ? USER : SUPERVISOR;
      String next = notifies && one(3) ? NOTIFY : some[random.nextInt(some.length)];
      if (!(steps && next.equals("fb")) && scenario.code().length + next.length() / 2 + 3 < HANDLERS) {
        code(next);
        if (next.equals("fb") || next.equals("8ed6")) {
          code(BEHIND[random.nextInt(BEHIND.length)]);
        }
      }
    }
    while (scenario.code().length < HANDLERS) {
      code("cc");
    }
    scenario.code(handler);
  }

  /** Lets a vector come to the scenario's own handler. */
  private void gate(int vector) {
    long handler = X64Scenario.BASE + HANDLERS;
    scenario.poke(X64Scenario.LIVE + 0x6000 + 16L * vector, handler & 0xFFFF | 8L << 16 | 0x8EL << 40 | handler >>> 16 << 48);
  }
}
