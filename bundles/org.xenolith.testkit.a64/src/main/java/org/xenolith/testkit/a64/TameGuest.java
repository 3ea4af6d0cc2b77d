// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.Granule;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.machine.kit.Ram;

/** Makes a {@link RandomGuest} one that stays in loops: instructions that an engine has code for, branches inside a page, memory that is there. */
public final class TameGuest implements RandomGuest.Shape {
  private static final long RAM = 0x4000_0000L;
  private static final int DATA = 0x6_0000;
  private static final int VECTORS = 0xF_0000;
  private static final Insn[] BRANCHES = {Insn.B_COND, Insn.CBZ, Insn.CBNZ, Insn.TBZ, Insn.TBNZ, Insn.B_COND, Insn.B, Insn.BL,
      Insn.RET, Insn.BR};
  /** Always holds the address of an instruction. */
  private static final int JUMP = 19;

  private static final Insn[] SETTERS = {Insn.SUBS_SHIFTED, Insn.SUBS_IMM, Insn.ADDS_SHIFTED, Insn.ADDS_IMM, Insn.ANDS_IMM,
      Insn.BICS_SHIFTED,
      Insn.SUBS_EXTENDED, Insn.ADCS, Insn.SBCS, Insn.CCMP_IMM, Insn.FCMP};
  private static final Insn[] USERS = {Insn.CSEL, Insn.CSINC, Insn.CSINV, Insn.CSNEG, Insn.CCMP_REG, Insn.CCMN_IMM, Insn.ADC,
      Insn.SBC, Insn.FCSEL};

  private final Insn[] forms;
  private boolean jumps;
  private boolean calls;

  /** @param covered the instructions that the engine has code for; a few others are among the guest's */
  public TameGuest(Predicate<Insn> covered) {
    forms = Arrays.stream(Insn.values()).filter(i -> covered.test(i) || i == Insn.CRC32 || i == Insn.LDR_FP_LITERAL).toArray(Insn[]::new);
  }

  @Override
  public void program(Ram ram, Random random) {
    boolean straight = random.nextBoolean();
    // Loops that nothing leads out of are made of jumps: not every guest has them.
    jumps = random.nextInt(4) == 0;
    calls = random.nextInt(3) == 0;
    for (int at = 0; at < 1 << 16; at += 4) {
      int word = straight ? straight(at, random) : random.nextInt(7) == 0 ? branch(at, random)
          : random.nextInt(40) == 0 ? address(at, random) : instruction(random);
      ram.write(at, 4, at % 4096 == 4092 ? word(Insn.B, random) & ~0x3FF_FFFF | -1020 & 0x3FF_FFFF : word);
    }
    // What faults is left out: MRS X18, ELR_EL1; ADD X18, X18, #4; MSR ELR_EL1, X18; ERET.
    int[] skip = {0xD538_4032, 0x9100_1252, 0xD518_4032, 0xD69F_03E0};
    for (int i = 0; i < 4; i++) {
      ram.write(VECTORS + 0x200 + 4 * i, 4, skip[i]);
    }
    // One mapping of RAM to itself, as blocks: levels 1 and 2 at table 6.
    ram.write(0x3_6000 + 8, 8, RAM + 0x3_7000 | 3);
    ram.write(0x3_7000, 8, RAM | 0x701);
  }

  /** All of a page one after the other: groups that a branch ends, in which flags are set and looked at. */
  private int straight(int at, Random random) {
    return switch (at / 4 % 8) {
      case 0 -> {
        int word = valid(SETTERS[random.nextInt(SETTERS.length)], random) & ~16;
        // Equal operands are rare otherwise.
        yield Insn.SUBS_SHIFTED.matches(word) && random.nextBoolean() ? word & ~(31 << 16 | 63 << 10) | Fields.rn(word) << 16 : word;
      }
      case 3 -> {
        int word = valid(USERS[random.nextInt(USERS.length)], random) & ~16;
        // CSET and CSETM are what compilers use most.
        yield (Insn.CSINC.matches(word) || Insn.CSINV.matches(word)) && (word & 1 << 16) != 0 ? word | 31 << 16 | 31 << 5 : word;
      }
      case 5 -> word(Insn.B_COND, random) & ~(0x7_FFFF << 5) | 2 << 5;
      case 6 -> address(at, random);
      case 7 -> jumps && random.nextInt(12) == 0 ? jump(Insn.BR, JUMP) : word(Insn.B, random) & ~0x3FF_FFFF | 1;
      default -> instruction(random);
    };
  }

  private static int valid(Insn form, Random random) {
    for (;;) {
      int word = word(form, random);
      if (form.matches(word)) {
        return word;
      }
    }
  }

  private int branch(int at, Random random) {
    if (calls && random.nextInt(3) == 0) {
      return call(at, random);
    }
    Insn insn = BRANCHES[random.nextInt(BRANCHES.length - (jumps && random.nextInt(4) == 0 ? 0 : 2))];
    int word = word(insn, random);
    int relative = relative(at, random);
    return switch (insn) {
      case RET -> jump(Insn.RET, 30);
      case BR -> jump(Insn.BR, JUMP);
      case B, BL -> word & ~0x3FF_FFFF | relative & 0x3FF_FFFF;
      case TBZ, TBNZ -> word & ~(0x3FFF << 5) | (relative & 0x3FFF) << 5;
      default -> word & ~(0x7_FFFF << 5) | (relative & 0x7_FFFF) << 5;
    };
  }

  /** A call of a place on another page, or the return from one. */
  private static int call(int at, Random random) {
    if (random.nextBoolean()) {
      return random.nextInt(4) == 0 ? jump(Insn.BLR, JUMP) : jump(Insn.RET, 30);
    }
    int target = Math.clamp(at / 4 + relative(at, random) + 1024 * (random.nextInt(5) - 2), 0, (1 << 14) - 4);
    return Insn.BL.match() | target - at / 4 & 0x3FF_FFFF;
  }

  /** Words to a place nearby on the same page. */
  private static int relative(int at, Random random) {
    int target = (at & 4095) / 4 + random.nextInt(40) - 22;
    return Math.clamp(target, 0, 1022) - (at & 4095) / 4;
  }

  private static int jump(Insn insn, int register) {
    return insn.match() | register << 5;
  }

  /** ADR of a place nearby into the register that jumps use. */
  private static int address(int at, Random random) {
    return Insn.ADR.match() | (relative(at, random) & 0x7_FFFF) << 5 | JUMP;
  }

  /** One of the instructions that an engine has code for, or of a few others. */
  int instruction(Random random) {
    if (random.nextInt(60) == 0) {
      // DC ZVA.
      return 0xD50B_7420 | 20 + random.nextInt(8);
    }
    for (;;) {
      Insn insn = forms[random.nextInt(forms.length)];
      if (random.nextInt(3) == 0) {
        insn = forms[random.nextInt(Math.min(60, forms.length))];
      }
      int word = word(insn, random);
      boolean memory = memory(insn);
      if (memory) {
        // The base is one of x20 to x27 or SP; others change.
        word = word & ~(31 << 5) | (random.nextInt(9) == 0 ? 31 : 20 + random.nextInt(8)) << 5;
        if (insn == Insn.LDR_REG || insn == Insn.LDRS_REG || insn == Insn.STR_REG || insn == Insn.LDR_FP_REG || insn == Insn.STR_FP_REG) {
          // The index is x28 or x29, of some hundred bytes.
          word = word & ~(31 << 16) | 28 + random.nextInt(2) << 16;
        } else if (insn.toString().endsWith("_PRE") || insn.toString().endsWith("_POST")) {
          // Not so many that bases leave their place.
          if (random.nextInt(3) != 0) {
            continue;
          }
          if (insn.group() == InsnGroup.LOAD_STORE_SIMD) {
            // By its size, or by x28 or x29.
            int step = random.nextInt(3);
            word = word & ~(31 << 16) | (step == 0 ? 31 : 27 + step) << 16;
          }
        }
        if (Fields.rt(word) >= JUMP) {
          word &= ~16;
        }
        if (pair(insn) && Fields.rt2(word) == JUMP) {
          continue;
        }
      } else if (Fields.rd(word) >= JUMP) {
        word &= ~16;
      }
      if (insn.matches(word) && !(vector(insn) && random.nextInt(2) == 0)) {
        return word;
      }
    }
  }

  private static boolean memory(Insn insn) {
    return switch (insn.group()) {
      case LOAD_STORE -> !insn.toString().startsWith("PRF");
      case LOAD_STORE_FP, LOAD_STORE_SIMD, EXCLUSIVE -> true;
      default -> false;
    };
  }

  private static boolean pair(Insn insn) {
    return insn.group() == InsnGroup.LOAD_STORE && insn.toString().matches("(LD|ST)N?P.*");
  }

  private static boolean vector(Insn insn) {
    return switch (insn.group()) {
      case FP, ASIMD, ASIMD_SCALAR, CRYPTO, LOAD_STORE_FP, LOAD_STORE_SIMD -> true;
      default -> false;
    };
  }

  private static int word(Insn form, Random random) {
    return random.nextInt() & ~form.mask() | form.match();
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    cpu.el = 1;
    cpu.spsel = 1;
    cpu.daif = 0x3C0;
    cpu.sys[SysReg.SCTLR_EL1.ordinal()] = SysReg.SCTLR_EL1.reset | 1 | (random.nextInt(4) == 0 ? 2 : 0) | 1 << 3;
    cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 25 << 16 | 5L << 32;
    cpu.sys[SysReg.MAIR_EL1.ordinal()] = 0xFFFF_FFFF_FFFF_FFFFL;
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = RAM + 0x3_6000;
    cpu.sys[SysReg.TTBR1_EL1.ordinal()] = RAM + 0x3_6000;
    cpu.sys[SysReg.VBAR_EL1.ordinal()] = RAM + VECTORS;
    cpu.sys[SysReg.HCR_EL2.ordinal()] = 0x8000_0000L;
    cpu.sys[SysReg.CPACR_EL1.ordinal()] = random.nextInt(8) == 0 ? 0 : 3 << 20;
    for (int i = 20; i < 28; i++) {
      cpu.x[i] = RAM + DATA + random.nextInt(0x2_0000) & (random.nextInt(4) == 0 ? -1 : -16);
    }
    for (int i = 28; i < 30; i++) {
      cpu.x[i] = random.nextInt(600) & (random.nextInt(4) == 0 ? -1 : -8);
    }
    for (int i = 0; i < 16; i++) {
      cpu.x[i] = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(5) - 2;
    }
    cpu.x[JUMP] = RAM + 4 * random.nextInt(1000);
    cpu.x[30] = cpu.x[JUMP];
    cpu.sp[1] = RAM + DATA + random.nextInt(0x2_0000) & -16;
    if (cpu.config.granules().contains(Granule.K16)) {
      largePages(cpu, random.nextInt(3));
    }
    cpu.restored();
  }

  /** RAM to itself in pages of 16 KiB, or in a block of 512 MiB of the 64 KiB granule, or as it was. */
  private static void largePages(Cpu cpu, int kind) {
    Ram ram = cpu.env.bus().ram(RAM);
    if (kind == 0) {
      // Levels 1, 2 and 3 of 39 bits.
      ram.write(0x3_8000, 8, RAM + 0x3_C000 | 3);
      ram.write(0x3_C000 + 8 * 32, 8, RAM + 0x4_0000 | 3);
      for (int page = 0; page < 64; page++) {
        ram.write(0x4_0000 + 8 * page, 8, RAM + (page << 14) | 0x703);
      }
      tables(cpu, 0x3_8000, 2L << 14 | 1L << 30);
    } else if (kind == 1) {
      // Level 2.
      ram.write(0x4_0000 + 8 * 2, 8, RAM | 0x701);
      tables(cpu, 0x4_0000, 1L << 14 | 3L << 30);
    }
  }

  private static void tables(Cpu cpu, int offset, long granules) {
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = RAM + offset;
    cpu.sys[SysReg.TTBR1_EL1.ordinal()] = RAM + offset;
    cpu.sys[SysReg.TCR_EL1.ordinal()] |= granules;
  }

  @Override
  public boolean ownTables() {
    return true;
  }
}
