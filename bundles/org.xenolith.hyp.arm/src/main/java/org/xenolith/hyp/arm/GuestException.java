// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;

/** Exceptions that the hypervisor gives to a guest's EL1, as EL2 software does (Arm ARM D1.3.2). */
final class GuestException {
  private static final int ELR_EL1 = SysReg.ELR_EL1.ordinal();
  private static final int SPSR_EL1 = SysReg.SPSR_EL1.ordinal();
  private static final int ESR_EL1 = SysReg.ESR_EL1.ordinal();
  private static final int FAR_EL1 = SysReg.FAR_EL1.ordinal();
  private static final int VBAR_EL1 = SysReg.VBAR_EL1.ordinal();
  private static final int SCTLR_EL1 = SysReg.SCTLR_EL1.ordinal();
  private static final int ELR_EL2 = SysReg.ELR_EL2.ordinal();
  private static final int SPSR_EL2 = SysReg.SPSR_EL2.ordinal();
  private static final int FAR_EL2 = SysReg.FAR_EL2.ordinal();
  /** EL1h, D, A, I, F masked. */
  private static final long EL1_MASKED = 0x3C5;
  private static final long PAN = 1 << 22;
  /** Leaves PSTATE.PAN alone on entry to EL1. */
  private static final long SPAN = 1 << 23;
  /** ESR_ELx.IL: a 32-bit instruction. */
  private static final int IL = 1 << 25;
  private static final int SYNCHRONOUS_EXTERNAL_ABORT = 0x10;

  private GuestException() {}

  /** The instruction at ELR_EL2 is UNDEFINED for the guest. */
  static void undefined(Cpu cpu) {
    enter(cpu, IL);
  }

  /** The access of the instruction at ELR_EL2 is aborted from outside. */
  static void abort(Cpu cpu, boolean fetch, int iss) {
    boolean user = (cpu.sys[SPSR_EL2] & 0xC) == 0;
    int exceptionClass = (fetch ? 0x20 : 0x24) + (user ? 0 : 1);
    cpu.sys[FAR_EL1] = cpu.sys[FAR_EL2];
    enter(cpu, exceptionClass << 26 | IL | iss & 1 << 6 | SYNCHRONOUS_EXTERNAL_ABORT);
  }

  private static void enter(Cpu cpu, int syndrome) {
    long spsr = cpu.sys[SPSR_EL2];
    int vector = (spsr & 0xC) == 0 ? 0x400 : (spsr & 1) != 0 ? 0x200 : 0;
    cpu.sys[ESR_EL1] = syndrome & 0xFFFF_FFFFL;
    cpu.sys[ELR_EL1] = cpu.sys[ELR_EL2];
    cpu.sys[SPSR_EL1] = spsr;
    cpu.sys[ELR_EL2] = cpu.sys[VBAR_EL1] + vector;
    long pan = spsr & PAN;
    if (cpu.config.pan() && (cpu.sys[SCTLR_EL1] & SPAN) == 0) {
      pan = PAN;
    }
    cpu.sys[SPSR_EL2] = EL1_MASKED | pan;
  }
}
