// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.testkit.a64.RandomGuest;

/** Code that is written to is what it became, whoever executed what it was. */
class ChangedCodeTest {
  /** MOV X0, #1; MSR CNTKCTL_EL1, X0, which there is no code for; B . */
  private static final int[] PROGRAM = {0xD280_0020, 0xD518_E100, 0x1400_0000};
  private static final int MSR_CONTEXTIDR_X0 = 0xD518_D020;

  private final RandomGuest guest = new RandomGuest(1, new SmallProgram(PROGRAM), cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null));

  @Test
  void theInstructionThatTheInterpreterHadIsDecodedAnewOnceItIsAnother() {
    Cpu cpu = guest.cpu();
    guest.runTo(3, null);
    guest.ram(SmallProgram.RAM).write(4, 4, MSR_CONTEXTIDR_X0);
    cpu.sys[SysReg.CONTEXTIDR_EL1.ordinal()] = 0;
    cpu.pc = SmallProgram.RAM;
    guest.runTo(6, null);
    assertEquals(1, cpu.sys[SysReg.CONTEXTIDR_EL1.ordinal()]);
  }
}
