// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.cpu.RandomGuest;

/** Code that is written to is what it became, whoever executed what it was. */
class ChangedCodeTest {
  private static final long RAM = 0x4000_0000L;
  /** MOV X0, #1; MSR CNTKCTL_EL1, X0, which there is no code for; B . */
  private static final int[] PROGRAM = {0xD280_0020, 0xD518_E100, 0x1400_0000};
  private static final int MSR_CONTEXTIDR_X0 = 0xD518_D020;

  private final RandomGuest guest = new RandomGuest(1, new Program(), cpu -> new MachineCodeEngine(cpu.as(Cpu.class)));

  /** The program, and nothing that is random. */
  private static final class Program implements RandomGuest.Shape {
    @Override
    public void program(Ram ram, Random random) {
      for (int i = 0; i < PROGRAM.length; i++) {
        ram.write(4 * i, 4, PROGRAM[i]);
      }
    }

    @Override
    public void registers(Cpu cpu, Random random) {
      cpu.el = 1;
      cpu.pc = RAM;
      cpu.sys[SysReg.SCTLR_EL1.ordinal()] = 0;
      cpu.sys[SysReg.HCR_EL2.ordinal()] = 0x8000_0000L;
      cpu.restored();
    }
  }

  @Test
  void theInstructionThatTheInterpreterHadIsDecodedAnewOnceItIsAnother() {
    Cpu cpu = guest.cpu();
    guest.runTo(3, null);
    guest.ram(RAM).write(4, 4, MSR_CONTEXTIDR_X0);
    cpu.sys[SysReg.CONTEXTIDR_EL1.ordinal()] = 0;
    cpu.pc = RAM;
    guest.runTo(6, null);
    assertEquals(1, cpu.sys[SysReg.CONTEXTIDR_EL1.ordinal()]);
  }
}
