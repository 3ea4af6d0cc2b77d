// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;

/** Events that are pending together (Intel SDM volume 3, table 7-2): each comes before the first instruction of the handler of the one before it. */
class PendingEventsTest {
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);

  @Test
  void anInterruptThatIsNotMaskedComesBeforeTheHandlerOfATrap() {
    machine.user();
    // nop; hlt
    machine.code.write(0, 2, 0xF490);
    machine.cpu.setFlags(FlagBits.TF, FlagBits.TF);
    machine.engine.run(1);
    ((Cpu) machine.cpu.view(null)).nmi();
    machine.engine.run(100);
    assertEquals(ExceptionVector.NMI, machine.vector());
    assertEquals(X64TestMachine.handler(ExceptionVector.DB), machine.frame(0));
  }

  @Test
  void whatIsTakenBetweenTwoRunsLeavesAShadowAsItIs() {
    machine.user();
    machine.cpu.setFlags(FlagBits.IOPL, FlagBits.IOPL | FlagBits.IF);
    // sti; nop; nop; hlt
    machine.code.write(0, 4, 0xF490_90FB);
    machine.engine.run(1);
    machine.engine.run(0);
    machine.engine.run(0);
    ((Cpu) machine.cpu.view(null)).nmi();
    machine.engine.run(1);
    assertEquals(X64TestMachine.CODE + 2, machine.cpu.pc);
    machine.engine.run(1);
    assertEquals(ExceptionVector.NMI, machine.vector());
    assertEquals(X64TestMachine.CODE + 2, machine.frame(0));
  }

  @Test
  void whatIsTakenBeforeASteppedInstructionLeavesTheStepToCome() {
    machine.user();
    machine.code.write(0, 4, 0xF490_9090);
    machine.cpu.setFlags(FlagBits.TF, FlagBits.TF);
    machine.engine.run(0);
    machine.engine.run(0);
    machine.engine.run(1);
    assertEquals(X64TestMachine.CODE + 1, machine.cpu.pc);
    machine.engine.run(0);
    assertEquals(ExceptionVector.DB, machine.vector());
    assertEquals(X64TestMachine.CODE + 1, machine.frame(0));
  }
}
