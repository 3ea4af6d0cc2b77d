// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Set;
import org.xenolith.a64.fp.FpStatus;
import org.xenolith.a64.fp.Fpcr;
import org.xenolith.machine.kit.CountedProcessor;
import org.xenolith.machine.kit.FaultLoop;

/**
 * The registers and PSTATE of a CPU, as the Arm ARM has them, in public fields.
 *
 * <p>Register 31 stands for two things: {@code x[SP]} is the current stack pointer, {@code x[ZERO]} always reads zero,
 * {@code x[SINK]} takes what is written to XZR. Engines map register numbers when they decode.
 */
public abstract class CpuState extends CountedProcessor {
  /** Index of the current stack pointer in {@link #x}. */
  public static final int SP = 31;
  /** Index of a register that reads zero. */
  public static final int ZERO = 32;
  /** Index of a register that nobody reads. */
  public static final int SINK = 33;

  /** General registers, and {@link #SP}, {@link #ZERO}, {@link #SINK}. */
  public final long[] x = new long[34];
  /** Stack pointers of the exception levels; the current one is stale here, it is in {@code x[SP]}. */
  public final long[] sp = new long[4];
  /** Vector registers: low half of Vn at 2n, high half at 2n+1. */
  public final long[] v;
  /** Address of the next instruction; current only between runs and at call-outs that say so. */
  public long pc;
  /** N: its sign bit. Flag-setting instructions store their sign-extended result here and in {@link #zero}. */
  public long negative;
  /** Z: set if this is zero. */
  public long zero = 1;
  /** C: 1 or 0. */
  public int carry;
  /** V: the sign bit. */
  public long overflow;
  /**
   * What sets the flags, by a number of the engine's, if that wasn't computed yet; else 0. An engine that does so computes
   * them before anybody else looks: at each instruction that isn't its own, and when it stops.
   */
  public int flagKind;
  /** First operand of what sets the flags. */
  public long flagA;
  /** Second operand of what sets the flags. */
  public long flagB;
  /** PSTATE.DAIF at its place in SPSR: D 9, A 8, I 7, F 6. */
  public int daif = 0x3C0;
  /** PSTATE.EL. */
  public int el;
  /** PSTATE.SP: 0 or 1. */
  public int spsel;
  /** PSTATE.PAN: 0 or 1. */
  public int pan;
  /** PSTATE.IL: 0 or 1. */
  public int illegal;
  /** PSTATE.SS: 0 or 1. */
  public int softwareStep;
  /** FPCR, within {@link Fpcr#MASK}. */
  public int fpcr;
  /** FPSR and its accumulation. */
  public final FpStatus fp = new FpStatus();
  /** System registers of {@link SysReg.Kind#STORAGE}, by ordinal. */
  public final long[] sys = new long[SysReg.values().length];

  CpuState(int index) {
    super(index, new FaultLoop(ExceptionNames::of, Set.of(), Set.of("SP_EL0", "SP_EL1", "SP_EL2", "SP_EL3", "FAR_EL1", "FAR_EL2", "FAR_EL3",
        "HPFAR_EL2")));
    v = RegisterState.declare(this, state());
  }

  /** Which of {@link #sp} is in {@code x[SP]}. */
  public int stackLevel() {
    return spsel == 0 ? 0 : el;
  }

  /** NZCV in bits 31 to 28. */
  public int nzcv() {
    return (negative < 0 ? 1 << 31 : 0) | (zero == 0 ? 1 << 30 : 0) | carry << 29 | (overflow < 0 ? 1 << 28 : 0);
  }

  /** Sets the flags from bits 31 to 28. */
  public void nzcv(int value) {
    negative = value;
    zero = ~value & 1 << 30;
    carry = value >>> 29 & 1;
    overflow = value << 3;
  }

  /** PSTATE as SPSR shows it for AArch64, without SS. */
  public int pstate() {
    return nzcv() | pan << 22 | illegal << 20 | daif | el << 2 | spsel;
  }

  /** The value of a stored system register. */
  long sys(SysReg reg) {
    return sys[reg.ordinal()];
  }
}
