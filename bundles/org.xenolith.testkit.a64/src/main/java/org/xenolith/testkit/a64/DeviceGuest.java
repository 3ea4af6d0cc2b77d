// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Random;
import java.util.function.Predicate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Insn;
import org.xenolith.machine.kit.Ram;

/**
 * Makes a {@link RandomGuest} one that has more to do with its device and its firmware than with memory: all forms of loads and stores, in
 * loops, calls, and changes of its address space.
 */
public final class DeviceGuest implements RandomGuest.Shape {
  private static final long RAM = 0x4000_0000L;
  private static final long DEVICE = 0x900_0000L;
  private static final int CODE = 1 << 16;
  private static final int PAGE = 4096;
  /** Scaled by its size, at most 512 bytes from the base. */
  private static final int FAR = 0x3F << 16;

  /** nG of a descriptor. */
  private static final int NOT_GLOBAL = 1 << 11;

  /** MSR TPIDR_EL0 of a register, which devices may ask for. */
  private static final int THREAD = 0xD51B_D040;

  /** HVC or SMC. */
  private static final int CALL = 0xD400_0002;

  /** MSR TTBR0_EL1 of a register. */
  private static final int SPACE = 0xD518_2000;

  /** TLBI VMALLE1. */
  private static final int INVALIDATE = 0xD508_871F;

  /** Registers that no instruction changes: the tables of two address spaces, of which only the first has the device. */
  private static final int[] SPACES = {19, 30};

  /** Instructions that are done once or more often. */
  private static final int LOOP = 64;

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
        case 3 -> random.nextInt(3) == 0 ? space(random) : tame.instruction(random);
        default -> tame.instruction(random);
      };
      if (at % PAGE == PAGE - 4) {
        word = CALL | random.nextInt(2);
      } else if (at / 4 % LOOP == LOOP - 1) {
        // TBNZ: back to the begin of these instructions, or on.
        word = 0x3700_0000 | random.nextInt(3) << 19 | (1 - LOOP & 0x3FFF) << 5 | random.nextInt(16);
      }
      ram.write(at, 4, Insn.LDR_IMM_UNSIGNED.matches(word) || Insn.LDRS_IMM_UNSIGNED.matches(word) || Insn.STR_IMM_UNSIGNED.matches(word)
          ? word & ~FAR
          : word);
    }
    // The first GiB as a device's, by the second byte of MAIR, and another one in another address space.
    ram.write(0x3_6000, 8, NOT_GLOBAL | 0x405);
    ram.write(0x3_8000, 8, NOT_GLOBAL | 0x8000_0405L);
    ram.write(0x3_8008, 8, ram.read(0x3_6008, 8));
  }

  private static int space(Random random) {
    return random.nextInt(4) == 0 ? INVALIDATE : SPACE | SPACES[random.nextInt(2)];
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    tame.registers(cpu, random);
    cpu.pc = RAM + 4 * LOOP * random.nextInt(CODE / 8 / LOOP);
    cpu.sys[SysReg.MAIR_EL1.ordinal()] = 0xFFFF_FFFF_FFFF_00FFL;
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = RAM + 0x3_6000;
    cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 25 << 16 | 5L << 32;
    cpu.x[SPACES[0]] = RAM + 0x3_6000;
    cpu.x[SPACES[1]] = RAM + 0x3_8000 | 1L << 48;
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
