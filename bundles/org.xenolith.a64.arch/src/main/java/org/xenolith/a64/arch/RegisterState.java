// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.a64.fp.FpStatus;
import org.xenolith.a64.fp.Fpcr;
import org.xenolith.regs.DeviceState;

/** Declares a CPU's registers, which live in fields for the engines' sake, as its state. */
final class RegisterState {
  private RegisterState() {}

  /** Declares them in the order of a state record. Returns the vector registers. */
  static long[] declare(CpuState cpu, DeviceState state) {
    for (int i = 0; i < 31; i++) {
      int n = i;
      state.value("X" + i, 0, () -> cpu.x[n], value -> cpu.x[n] = value);
    }
    for (int i = 0; i < 4; i++) {
      int n = i;
      state.value("SP_EL" + i, 0, () -> n == cpu.stackLevel() ? cpu.x[CpuState.SP] : cpu.sp[n], value -> cpu.sp[n] = value);
    }
    state.value("PC", 0, () -> cpu.pc, value -> cpu.pc = value);
    state.value("PSTATE", 0x3C5, () -> cpu.pstate() | (long) cpu.softwareStep << 21, value -> pstate(cpu, (int) value));
    state.value("FPCR", 0, () -> cpu.fpcr, value -> cpu.fpcr = (int) value & Fpcr.MASK);
    state.value("FPSR", 0, () -> cpu.fp.fpsr, value -> cpu.fp.fpsr = (int) value & FpStatus.MASK);
    long[] vectors = state.longs("V", 64);
    for (SysReg reg : SysReg.values()) {
      if (reg.kind == SysReg.Kind.STORAGE) {
        int n = reg.ordinal();
        state.value(reg.name(), reg.reset, () -> cpu.sys[n], value -> cpu.sys[n] = value);
      }
    }
    SysReg.ADDED.forEach(reg -> state.added(reg.name()));
    return vectors;
  }

  private static void pstate(CpuState cpu, int value) {
    cpu.nzcv(value);
    cpu.pan = value >>> 22 & 1;
    cpu.softwareStep = value >>> 21 & 1;
    cpu.illegal = value >>> 20 & 1;
    cpu.daif = value & 0x3C0;
    cpu.el = value >>> 2 & 3;
    cpu.spsel = value & 1;
  }
}
