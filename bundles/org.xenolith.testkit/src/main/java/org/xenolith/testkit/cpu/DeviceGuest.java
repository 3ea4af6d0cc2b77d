// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.cpu;

import java.util.Random;
import java.util.function.Predicate;
import org.xenolith.a64.isa.Insn;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.machine.kit.Ram;

/** Makes a {@link RandomGuest} one that has more to do with its device and its firmware than with memory: all forms of loads and stores, one after the other, and calls. */
public final class DeviceGuest implements RandomGuest.Shape {
  private static final long RAM = 0x4000_0000L;
  private static final long DEVICE = 0x900_0000L;
  private static final int CODE = 1 << 16;
  /** Scaled by its size, at most 512 bytes from the base. */
  private static final int FAR = 0x3F << 16;

  /** MSR TPIDR_EL0 of a register, which devices may ask for. */
  private static final int THREAD = 0xD51B_D040;

  /** HVC or SMC. */
  private static final int CALL = 0xD400_0002;

  private final TameGuest tame;

  /** @param executed its instructions; none that branches */
  public DeviceGuest(Predicate<Insn> executed) {
    tame = new TameGuest(executed);
  }

  @Override
  public void program(Ram ram, Random random) {
    tame.program(ram, random);
    for (int at = 0; at < CODE; at += 4) {
      int word = switch (random.nextInt(24)) {
        case 0, 1 -> THREAD | random.nextInt(20);
        case 2 -> CALL | random.nextInt(2);
        default -> tame.instruction(random);
      };
      ram.write(at, 4, Insn.LDR_IMM_UNSIGNED.matches(word) || Insn.LDRS_IMM_UNSIGNED.matches(word) || Insn.STR_IMM_UNSIGNED.matches(word)
          ? word & ~FAR
          : word);
    }
    // The first GiB as a device's, by the second byte of MAIR.
    ram.write(0x3_6000, 8, 0x405);
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    tame.registers(cpu, random);
    cpu.pc = RAM;
    cpu.sys[SysReg.MAIR_EL1.ordinal()] = 0xFFFF_FFFF_FFFF_00FFL;
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = RAM + 0x3_6000;
    cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 25 << 16 | 5L << 32;
    for (int i = 20; i < 26; i++) {
      cpu.x[i] = DEVICE + random.nextInt(0x1000) & -16;
    }
    cpu.restored();
  }

  @Override
  public boolean ownTables() {
    return true;
  }
}
