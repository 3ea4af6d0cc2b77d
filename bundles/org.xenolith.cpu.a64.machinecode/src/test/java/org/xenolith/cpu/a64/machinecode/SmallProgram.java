// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.Random;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.RandomGuest;

/**
 * A program at the beginning of RAM, executed at EL1 with the MMU off.
 *
 * @param words its instructions
 */
record SmallProgram(int... words) implements RandomGuest.Shape {
  static final long RAM = 0x4000_0000L;

  @Override
  public void program(Ram ram, Random random) {
    for (int i = 0; i < words.length; i++) {
      ram.write(4 * i, 4, words[i]);
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
