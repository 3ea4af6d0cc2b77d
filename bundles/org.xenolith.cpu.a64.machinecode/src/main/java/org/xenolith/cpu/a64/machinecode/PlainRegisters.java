// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.xenolith.a64.arch.SysReg;

/** The system registers that software reads and writes so often that code has their words at hand. */
final class PlainRegisters {
  private static final List<SysReg> ALL = List.of(SysReg.TPIDR_EL0, SysReg.TPIDRRO_EL0, SysReg.TPIDR_EL1, SysReg.ESR_EL1, SysReg.FAR_EL1,
      SysReg.ELR_EL1, SysReg.SPSR_EL1, SysReg.VBAR_EL1, SysReg.TTBR0_EL1, SysReg.TTBR1_EL1);
  /** The first so many are written in code, too: that has no other effect. */
  private static final int WRITTEN = 8;

  /** Of those that are made of something when they are read. */
  private static final Set<SysReg> APART = EnumSet.of(SysReg.DCZID_EL0, SysReg.MIDR_EL1, SysReg.MPIDR_EL1, SysReg.CURRENTEL);

  private PlainRegisters() {}

  static int count() {
    return ALL.size();
  }

  /** How many are written in code: those at the first places. */
  static int written() {
    return WRITTEN;
  }

  /** The register at a place. */
  static SysReg register(int place) {
    return ALL.get(place);
  }

  /**
   * Whether the CPU can read it while code has the registers: it isn't made of what code has.
   *
   * @param register null for one that belongs to a device, as a timer's
   */
  static boolean apart(SysReg register) {
    return register == null || register.kind != SysReg.Kind.VIEW || APART.contains(register);
  }

  /** Its place, or -1 if it isn't one of them. */
  static int place(SysReg register) {
    return ALL.indexOf(register);
  }
}
