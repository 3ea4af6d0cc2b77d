// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.arch.CpuState;

/** What an engine keeps of what a guest executes has a bound, which no guest sees. */
class DecodedPagesTest {
  private static final long ENDLESS = Long.MAX_VALUE;
  /** More than two pages that are full of instructions of one byte. */
  private static final long BOUND = 1 << 20;
  private static final long FULL_PAGE = (16 << 10) + 4096 * 96;
  private static final int SLICE = 1000;

  /** Sixteen pages of INC EAX, 40, that end with a jump to the beginning, in 32-bit code without paging. */
  private static X64TestMachine machine(long most) {
    X64TestMachine machine = new X64TestMachine(cpu -> new Interpreter(cpu, most));
    Ram code = machine.low;
    code.fill(0, code.size, (byte) 0x40);
    code.write(code.size - 5, 1, 0xE9);
    code.write(code.size - 4, 4, -code.size);
    machine.cpu.reset();
    machine.cpu.start(new PvhEntry(code.base, 0));
    return machine;
  }

  private static long held(X64TestMachine machine) {
    return ((Interpreter) machine.engine).held();
  }

  @Test
  void decodedPagesTakeNoMoreThanTheyMayAndNoGuestSeesIt() {
    X64TestMachine bounded = machine(BOUND);
    X64TestMachine unbounded = machine(ENDLESS);
    for (int i = 0; i < 3 * 65; i++) {
      assertEquals(unbounded.engine.run(SLICE), bounded.engine.run(SLICE));
      assertTrue(held(bounded) <= BOUND + FULL_PAGE, () -> "held " + held(bounded));
      assertEquals(unbounded.cpu.state().save(), bounded.cpu.state().save(), "slice " + i);
    }
    assertTrue(held(unbounded) > 15 * FULL_PAGE, () -> "held " + held(unbounded));
  }

  @Test
  void whatIsWrittenIntoAPageThatWasDroppedIsExecuted() {
    X64TestMachine machine = machine(BOUND);
    machine.engine.run(machine.low.size - 4);
    long before = machine.cpu.r[CpuState.RAX];
    machine.low.fill(0, machine.low.size - 5, (byte) 0x48); // DEC EAX
    machine.engine.run(machine.low.size - 4);
    assertEquals(machine.low.size - 5, before);
    assertEquals(0, machine.cpu.r[CpuState.RAX]);
  }
}
