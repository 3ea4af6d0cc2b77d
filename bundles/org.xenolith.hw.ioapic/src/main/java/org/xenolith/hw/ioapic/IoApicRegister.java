// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers in memory (82093AA 3.1, ICH9 13.5.1). All others are reached through the first two. */
enum IoApicRegister implements Register {
  /** Which register the window shows: 7:0. */
  IOREGSEL(RegisterSpec.at(0x00, "82093AA 3.1.1").rw(0xFF)),
  /** The register that is selected; computed. */
  IOWIN(RegisterSpec.at(0x10, "82093AA 3.1.2")),
  /** Ends level-triggered interrupts of the vector written in 7:0; write-only. */
  EOIR(RegisterSpec.at(0x40, "ICH9 13.5.4"));

  private final RegisterSpec spec;

  IoApicRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
