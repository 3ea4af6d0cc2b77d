// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.BareMachine;

/** However many pages a guest executes, and however often it writes them anew, its engine has memory for so many. */
class PagesBoundTest {
  private static final int PAGE = 4096;
  private static final int PAGES = Translations.MOST_PAGES + 3000;
  private static final int ADD_X0_1 = 0x9100_0400;
  private static final int TO_THE_NEXT_PAGE = 0x1400_0000 | (PAGE - 4) / 4;
  private static final int HVC = 0xD400_0002;
  private static final int TABLE = 0x1_0000;

  private final Ram ram = new Ram(0, 1 << 27);
  private final BareMachine machine = new BareMachine(ram);
  private final Cpu cpu = machine.add(CpuConfig.cortexA57(0));
  private final MachineCodeEngine engine = new MachineCodeEngine(cpu, null);

  private void run(int from, long x1, long x2, long x3) {
    cpu.powerOn(from, 0);
    cpu.begin(0);
    cpu.end();
    cpu.x[1] = x1;
    cpu.x[2] = x2;
    cpu.x[3] = x3;
    assertTrue(machine.runToEnd(engine, 10L * PAGES));
    assertTrue(engine.translations.held() <= Translations.MOST_PAGES + 1, () -> "pages " + engine.translations.held());
  }

  @Test
  void aGuestWithABranchInEachPage() {
    for (int page = 0; page < PAGES; page++) {
      ram.write(page * PAGE, 4, ADD_X0_1);
      ram.write(page * PAGE + 4, 4, TO_THE_NEXT_PAGE);
    }
    ram.write(PAGES * PAGE, 4, HVC);
    run(0, 0, 0, 0);
    assertEquals(PAGES, cpu.x[0]);
  }

  @Test
  void aGuestThatWritesTheSameCodeOverAndOver() {
    // STR W1, [X2]; BLR X2; SUBS X3, X3, #1; B.NE to the first; HVC #0. What is written is ADD X0, X0, #1; behind it is RET.
    int[] program = {0xB900_0041, 0xD63F_0040, 0xF100_0463, 0x54FF_FFA1, HVC};
    for (int i = 0; i < program.length; i++) {
      ram.write(4 * i, 4, program[i]);
    }
    ram.write(TABLE, 4, ADD_X0_1);
    ram.write(TABLE + 4, 4, 0xD65F_03C0);
    run(0, ADD_X0_1, TABLE, PAGES);
    assertEquals(PAGES, cpu.x[0]);
  }
}
