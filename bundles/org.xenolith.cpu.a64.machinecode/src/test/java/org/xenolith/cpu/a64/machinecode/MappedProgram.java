// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.Random;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.RandomGuest;

/**
 * A program at the beginning of RAM, executed at EL1 with RAM mapped as it is, as normal memory. X0 is an address, X2 how often its loop is to be done.
 *
 * @param first what X0 begins with
 * @param times what X2 does
 * @param words its instructions
 */
record MappedProgram(long first, long times, int... words) implements RandomGuest.Shape {
  /** A page that isn't code. */
  static final long DATA = SmallProgram.RAM + 0x6_0000;
  private static final int TABLE = 0x3_6000;

  @Override
  public boolean ownTables() {
    return true;
  }

  @Override
  public void program(Ram ram, Random random) {
    new SmallProgram(words).program(ram, random);
    ram.write(TABLE + 8, 8, SmallProgram.RAM | 0x701);
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    new SmallProgram(words).registers(cpu, random);
    cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 25 << 16 | 5L << 32;
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = SmallProgram.RAM + TABLE;
    cpu.sys[SysReg.MAIR_EL1.ordinal()] = 0xFF;
    cpu.sys[SysReg.SCTLR_EL1.ordinal()] = 1;
    cpu.sys[SysReg.CPACR_EL1.ordinal()] = 3 << 20;
    cpu.x[0] = first;
    cpu.x[2] = times;
    cpu.pan = 0;
    cpu.restored();
  }
}
