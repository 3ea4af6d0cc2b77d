// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.util.List;
import org.xenolith.cpu.arch.SysReg;

/** The system registers that software reads so often that code has their words at hand. */
final class PlainRegisters {
  private static final List<SysReg> ALL = List.of(SysReg.TPIDR_EL0, SysReg.TPIDRRO_EL0, SysReg.TPIDR_EL1, SysReg.ESR_EL1, SysReg.FAR_EL1,
      SysReg.ELR_EL1, SysReg.SPSR_EL1);

  private PlainRegisters() {}

  static int count() {
    return ALL.size();
  }

  /** Its ordinal. */
  static int ordinal(int place) {
    return ALL.get(place).ordinal();
  }

  /** Its place, or -1 if it isn't one of them. */
  static int place(SysReg register) {
    return ALL.indexOf(register);
  }
}
