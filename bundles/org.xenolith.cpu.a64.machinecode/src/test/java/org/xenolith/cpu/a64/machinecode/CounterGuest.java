// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.Random;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/**
 * A guest that reads counters again and again, at EL1 or, with the MMU off, at EL0, and changes who may, and what is added to them. The counters
 * count at any frequency from any time on, and trap as the architecture's do (Arm ARM DDI 0487, D13.8).
 */
final class CounterGuest implements RandomGuest.Shape, SystemRegisterHandler {
  static final int CNTPCT = SystemRegister.id(3, 3, 14, 0, 1);
  static final int CNTVCT = SystemRegister.id(3, 3, 14, 0, 2);
  private static final int CNTKCTL = SystemRegister.id(3, 0, 14, 1, 0);
  /** One that EL1 may write, so that few guests are needed. */
  private static final int OFFSET = SystemRegister.id(3, 3, 14, 2, 0);
  private static final int MRS_X0_CNTPCT = 0xD53B_E020;
  private static final int MRS_X0_CNTVCT = 0xD53B_E040;
  private static final int MSR_CNTKCTL_X0 = 0xD518_E100;
  private static final int MSR_OFFSET_X0 = 0xD51B_E200;
  private static final int SVC = 0xD400_0001;
  private static final int VECTORS = 0xF_0000;
  private static final int CODE = 1 << 16;
  private static final int LOOP = 64;
  private static final long GIGAHERTZ = 1_000_000_000L;
  /** A prime among them: its ticks are hardest to come to. */
  private static final long[] FREQUENCIES = {62_500_000, 24_000_000, 50_000_000, 999_999_937, 100_000_007, GIGAHERTZ, 1};
  /** The third and fourth are where code stops to be exact for some of them. */
  private static final long[] BEGINNINGS = {0, 1L << 40, 18_446_744_073L - 2000, Long.MAX_VALUE / 4, 999_999_000L};

  private final TameGuest tame = new TameGuest(insn -> insn.group() == InsnGroup.DP_IMM || insn.group() == InsnGroup.DP_REG);
  private final long hertz;
  private final long begins;
  private final boolean told;
  private long control;
  private long offset;
  private int reads;

  /** @param seed chooses frequency, time and whether engines are told of it */
  CounterGuest(int seed) {
    hertz = FREQUENCIES[seed % FREQUENCIES.length];
    begins = BEGINNINGS[seed / 2 % BEGINNINGS.length];
    told = seed % 8 != 7;
    control = seed >> 1 & 3;
  }

  @Override
  public long begins() {
    return begins;
  }

  @Override
  public void program(Ram ram, Random random) {
    tame.program(ram, random);
    for (int at = 0; at < CODE; at += 4) {
      int rt = random.nextInt(12) == 0 ? 31 : random.nextInt(19);
      int word = switch (random.nextInt(80)) {
        case 0, 1, 2, 3, 4, 5, 6, 7 -> MRS_X0_CNTVCT | rt;
        case 8, 9, 10, 11 -> MRS_X0_CNTPCT | rt;
        case 12 -> MSR_CNTKCTL_X0 | rt;
        case 13 -> MSR_OFFSET_X0 | rt;
        case 14 -> SVC;
        default -> (int) ram.read(at, 4);
      };
      if (at / 4 % LOOP == LOOP - 1) {
        // TBNZ: back to the begin of these instructions, or on.
        word = 0x3700_0000 | random.nextInt(3) << 19 | (1 - LOOP & 0x3FFF) << 5 | random.nextInt(16);
      }
      ram.write(at, 4, word);
    }
    ram.write(CODE - 4, 4, 0x1400_0000 | 1 - CODE / 4 & 0x3FF_FFFF);
    // What EL0 has refused is left out, and calls return: MRS X18, ELR_EL1; ADD X18, X18, #4, or none; MSR ELR_EL1, X18; ERET.
    int[] skip = {0xD538_4032, 0x9100_0252 | random.nextInt(2) << 12, 0xD518_4032, 0xD69F_03E0};
    for (int i = 0; i < 4; i++) {
      ram.write(VECTORS + 0x200 + 4 * i, 4, skip[i]);
      ram.write(VECTORS + 0x400 + 4 * i, 4, i == 1 ? 0x9100_1252 : skip[i]);
    }
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    tame.registers(cpu, random);
    cpu.pc = SmallProgram.RAM;
    if (random.nextBoolean()) {
      cpu.sys[SysReg.SCTLR_EL1.ordinal()] &= ~1;
      cpu.el = 0;
      cpu.spsel = 0;
    }
    cpu.restored();
    claimed(cpu);
  }

  /** Its counters are the CPU's. */
  void claimed(Cpu cpu) {
    cpu.claim(this, CNTPCT, CNTVCT, CNTKCTL, OFFSET);
  }

  @Override
  public boolean ownTables() {
    return true;
  }

  /** Reads of counters that came here. */
  int reads() {
    return reads;
  }

  @Override
  public long read(ArmCpu cpu, int id) {
    if (id == CNTKCTL) {
      return control;
    }
    if (id == OFFSET) {
      return offset;
    }
    reads++;
    if (cpu.exceptionLevel() == 0 && (control & (id == CNTVCT ? 2 : 1)) == 0) {
      throw SystemRegisterTrap.TO_EL1;
    }
    long now = ((Cpu) cpu).env.nanoseconds();
    return now / GIGAHERTZ * hertz + now % GIGAHERTZ * hertz / GIGAHERTZ - (id == CNTVCT ? offset : 0);
  }

  @Override
  public long frequency(int id) {
    return told && (id == CNTVCT || id == CNTPCT) ? hertz : 0;
  }

  @Override
  public void write(ArmCpu cpu, int id, long value) {
    if (id == CNTKCTL) {
      control = value & 3;
    } else {
      offset = value;
    }
  }
}
