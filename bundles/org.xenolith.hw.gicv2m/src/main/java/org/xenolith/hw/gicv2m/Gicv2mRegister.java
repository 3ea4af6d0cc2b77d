// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2m;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of a frame (SBSA, appendix I). */
enum Gicv2mRegister implements Register {
  /** First interrupt id in 25:16, count in 9:0; computed. */
  MSI_TYPER(RegisterSpec.at(0x008, "SBSA, MSI_TYPER")),
  /** The id written becomes pending; write-only. */
  MSI_SETSPI_NS(RegisterSpec.at(0x040, "SBSA, MSI_SETSPI_NS")),
  /** Implementer Arm. */
  MSI_IIDR(RegisterSpec.at(0xFCC, "SBSA, MSI_IIDR").reset(0x43B));

  private final RegisterSpec spec;

  Gicv2mRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
