// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of the PL061 from 0x400 on (Arm DDI 0190B, table 3-1); below lies the data register under address masks. */
enum Pl061Register implements Register {
  /** Direction: a one makes a pin an output. */
  GPIODIR(at(0x400, "3.3.2").rw(0xFF)),
  /** Interrupt sense: a one is level-sensitive. */
  GPIOIS(at(0x404, "3.3.3").rw(0xFF)),
  /** Both edges. */
  GPIOIBE(at(0x408, "3.3.4").rw(0xFF)),
  /** Rising edge or high level, else falling or low. */
  GPIOIEV(at(0x40C, "3.3.5").rw(0xFF)),
  /** Interrupt mask: a one lets through. */
  GPIOIE(at(0x410, "3.3.6").rw(0xFF)),
  /** Raw interrupts. */
  GPIORIS(at(0x414, "3.3.7")),
  /** Masked interrupts. */
  GPIOMIS(at(0x418, "3.3.8")),
  /** Clears edge interrupts. */
  GPIOIC(at(0x41C, "3.3.9")),
  /** Hardware control of pins: stored without effect. */
  GPIOAFSEL(at(0x420, "3.3.10").rw(0xFF)),
  /** Part number, low. */
  GPIOPeriphID0(at(0xFE0, "3.3.11").reset(0x61)),
  /** Part number, high, and designer. */
  GPIOPeriphID1(at(0xFE4, "3.3.11").reset(0x10)),
  /** Revision 0. */
  GPIOPeriphID2(at(0xFE8, "3.3.11").reset(0x04)),
  /** Configuration. */
  GPIOPeriphID3(at(0xFEC, "3.3.11")),
  /** PrimeCell class. */
  GPIOPCellID0(at(0xFF0, "3.3.12").reset(0x0D)),
  /** PrimeCell class. */
  GPIOPCellID1(at(0xFF4, "3.3.12").reset(0xF0)),
  /** PrimeCell class. */
  GPIOPCellID2(at(0xFF8, "3.3.12").reset(0x05)),
  /** PrimeCell class. */
  GPIOPCellID3(at(0xFFC, "3.3.12").reset(0xB1));

  private final RegisterSpec spec;

  Pl061Register(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
