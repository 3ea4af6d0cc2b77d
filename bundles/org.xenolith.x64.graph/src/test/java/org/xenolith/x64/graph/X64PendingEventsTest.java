// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.X64Cpu;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64Vector;

/** Events that are pending together (Intel SDM volume 3, table 7-2): each comes before the first instruction of the handler of the one before it. */
class X64PendingEventsTest {
  private final X64TestMachine machine = new X64TestMachine(X64Interpreter::new);

  @Test
  void anInterruptThatIsNotMaskedComesBeforeTheHandlerOfATrap() {
    machine.user();
    // nop; hlt
    machine.code.write(0, 2, 0xF490);
    machine.cpu.setFlags(X64Flags.TF, X64Flags.TF);
    machine.engine.run(1);
    ((X64Cpu) machine.cpu.view(null)).nmi();
    machine.engine.run(100);
    assertEquals(X64Vector.NMI, machine.vector());
    assertEquals(X64TestMachine.handler(X64Vector.DB), machine.frame(0));
  }

  @Test
  void whatIsTakenBetweenTwoRunsLeavesAShadowAsItIs() {
    machine.user();
    machine.cpu.setFlags(X64Flags.IOPL, X64Flags.IOPL | X64Flags.IF);
    // sti; nop; nop; hlt
    machine.code.write(0, 4, 0xF490_90FB);
    machine.engine.run(1);
    machine.engine.run(0);
    machine.engine.run(0);
    ((X64Cpu) machine.cpu.view(null)).nmi();
    machine.engine.run(1);
    assertEquals(X64TestMachine.CODE + 2, machine.cpu.pc);
    machine.engine.run(1);
    assertEquals(X64Vector.NMI, machine.vector());
    assertEquals(X64TestMachine.CODE + 2, machine.frame(0));
  }

  @Test
  void whatIsTakenBeforeASteppedInstructionLeavesTheStepToCome() {
    machine.user();
    machine.code.write(0, 4, 0xF490_9090);
    machine.cpu.setFlags(X64Flags.TF, X64Flags.TF);
    machine.engine.run(0);
    machine.engine.run(0);
    machine.engine.run(1);
    assertEquals(X64TestMachine.CODE + 1, machine.cpu.pc);
    machine.engine.run(0);
    assertEquals(X64Vector.DB, machine.vector());
    assertEquals(X64TestMachine.CODE + 1, machine.frame(0));
  }
}
