// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Random;
import java.util.function.Predicate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Insn;
import org.xenolith.machine.kit.Ram;

/**
 * Makes a {@link RandomGuest} one without branches: thousands of different instructions one after the other, on operands at the edges of what numbers
 * and lanes can be. Where a {@link TameGuest} executes some often, this one executes each once.
 */
public final class StraightGuest implements RandomGuest.Shape {
  private static final long RAM = 0x4000_0000L;
  private static final int CODE = 1 << 16;
  /** TFP. */
  private static final long TRAPPED = 1 << 10;
  private static final int DATA = 0x6_0000;
  private static final int DATA_END = 0x8_8000;
  /** Doubles, pairs of floats, and integers. */
  private static final long[] EDGES = {0, 1L << 63, 0x7FF0_0000_0000_0000L, 0xFFF0_0000_0000_0000L, 0x7FF8_0000_0000_0001L,
      0x7FF0_0000_0000_0001L, 0x3FF0_0000_0000_0000L, 0xBFF8_0000_0000_0000L, 1, 0x000F_FFFF_FFFF_FFFFL, 0x0010_0000_0000_0000L,
      0x7FEF_FFFF_FFFF_FFFFL, 0x41E0_0000_0000_0000L, 0xC1E0_0000_0020_0000L, 0x43E0_0000_0000_0000L, 0x3FE0_0000_0000_0000L,
      0x3F80_0000_7F80_0000L, 0x7FC0_0000_BF80_0000L, 0x7F80_0001_0000_0001L, 0x0080_0000_8080_0000L, 0x4F00_0000_CF00_0000L,
      0x7F7F_FFFF_FF7F_FFFFL, 0x3F00_0000_4020_0000L, 0x8000_0000_0000_0000L, 0x8000_8000_7FFF_7FFFL, 0x8080_7F7F_FF01_0180L,
      0x7FFF_FFFF_FFFF_FFFFL, -1L, 0x8000_0000_7FFF_FFFFL, 0x0102_0304_0506_0708L};

  private final TameGuest tame;

  /** @param executed its instructions; none that branches */
  public StraightGuest(Predicate<Insn> executed) {
    tame = new TameGuest(executed);
  }

  @Override
  public void program(Ram ram, Random random) {
    tame.program(ram, random);
    for (int at = 0; at < CODE; at += 4) {
      ram.write(at, 4, tame.instruction(random));
    }
    for (int at = DATA; at < DATA_END; at += 8) {
      ram.write(at, 8, operand(random));
    }
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    tame.registers(cpu, random);
    cpu.pc = RAM;
    // Nothing is trapped.
    cpu.sys[SysReg.CPACR_EL1.ordinal()] = 3 << 20;
    cpu.sys[SysReg.CPTR_EL2.ordinal()] &= ~TRAPPED;
    cpu.sys[SysReg.CPTR_EL3.ordinal()] &= ~TRAPPED;
    for (int i = 0; i < cpu.v.length; i++) {
      cpu.v[i] = operand(random);
    }
    cpu.restored();
  }

  /** An edge, something near one, or numbers that results of arithmetic are about. */
  private static long operand(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> EDGES[random.nextInt(EDGES.length)];
      case 3 -> EDGES[random.nextInt(EDGES.length)] + random.nextInt(5) - 2;
      case 4 -> Double.doubleToRawLongBits(random.nextInt(2000) / 8.0 - 100);
      case 5 -> (long) Float.floatToRawIntBits(random.nextInt(2000) / 8f - 100) << 32 | Float.floatToRawIntBits(random.nextFloat());
      case 6 -> Double.doubleToRawLongBits(random.nextGaussian() * 1e9);
      default -> random.nextLong();
    };
  }

  @Override
  public boolean ownTables() {
    return true;
  }
}
