// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;

/** A string instruction that is to repeat for ever ends with its turn, and goes on in the next one. */
class RepeatedStringTest {
  private static final long COUNT = 1L << 40;
  private static final int TURN = 100;

  @Test
  void eachRepetitionIsOneOfTheTurn() {
    X64TestMachine machine = new X64TestMachine(Interpreter::new);
    machine.code.write(0, 2, 0xAAF3); // rep stosb
    machine.user();
    machine.cpu.r[CpuState.RCX] = COUNT;
    machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA;
    machine.cpu.r[CpuState.RAX] = 7;
    for (int turn = 1; turn <= 3; turn++) {
      assertEquals(TURN, machine.engine.run(TURN));
      assertEquals(COUNT - turn * TURN, machine.cpu.r[CpuState.RCX]);
      assertEquals(X64TestMachine.CODE, machine.cpu.pc);
      assertEquals(7, machine.data.read(turn * TURN - 1, 1));
      assertEquals(0, machine.data.read(turn * TURN, 1));
    }
  }
}
