// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rogue;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of BAR 0, of our own making: the README is their manual. */
enum RogueRegister implements Register {
  /** Bus address of the access. */
  ADDRESS(RegisterSpec.at(0x00, "README").wide().rw(-1L)),
  /** What is written, and what was read. */
  DATA(RegisterSpec.at(0x08, "README").wide().rw(-1L)),
  /** Does something: see the commands. */
  COMMAND(RegisterSpec.at(0x10, "README").rw(0xFFFF_FFFFL)),
  /** 0 none yet, 1 done, 2 refused, 3 no such command. */
  STATUS(RegisterSpec.at(0x14, "README")),
  /** Accesses that were refused since reset. */
  REFUSED(RegisterSpec.at(0x18, "README"));

  private final RegisterSpec spec;

  RogueRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
