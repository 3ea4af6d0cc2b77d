// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl031;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of the PL031 (Arm DDI 0224C, table 3-1). */
enum Pl031Register implements Register {
  /** Current time in seconds. */
  RTCDR(at(0x000, "3.3.1")),
  /** The time that raises the interrupt. */
  RTCMR(at(0x004, "3.3.2").rw(0xFFFF_FFFFL)),
  /** Sets the time. */
  RTCLR(at(0x008, "3.3.3").rw(0xFFFF_FFFFL)),
  /** Started; can't be stopped. Runs from power-on, as firmware leaves it. */
  RTCCR(at(0x00C, "3.3.4").reset(1)),
  /** Interrupt mask: a one lets through. */
  RTCIMSC(at(0x010, "3.3.5").rw(1)),
  /** Raw interrupt. */
  RTCRIS(at(0x014, "3.3.6")),
  /** Masked interrupt. */
  RTCMIS(at(0x018, "3.3.7")),
  /** Interrupt clear. */
  RTCICR(at(0x01C, "3.3.8")),
  /** Part number, low. */
  RTCPeriphID0(at(0xFE0, "3.3.9").reset(0x31)),
  /** Part number, high, and designer. */
  RTCPeriphID1(at(0xFE4, "3.3.9").reset(0x10)),
  /** Revision 1. */
  RTCPeriphID2(at(0xFE8, "3.3.9").reset(0x14)),
  /** Configuration. */
  RTCPeriphID3(at(0xFEC, "3.3.9")),
  /** PrimeCell class. */
  RTCPCellID0(at(0xFF0, "3.3.10").reset(0x0D)),
  /** PrimeCell class. */
  RTCPCellID1(at(0xFF4, "3.3.10").reset(0xF0)),
  /** PrimeCell class. */
  RTCPCellID2(at(0xFF8, "3.3.10").reset(0x05)),
  /** PrimeCell class. */
  RTCPCellID3(at(0xFFC, "3.3.10").reset(0xB1));

  private final RegisterSpec spec;

  Pl031Register(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
