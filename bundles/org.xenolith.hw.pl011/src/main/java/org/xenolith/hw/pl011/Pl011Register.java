// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/**
 * Registers of the PL011 (Arm DDI 0183G, table 3-1). Those that firmware sets before anything else runs begin as it leaves them, where a
 * reset of the hardware would have the UART off: on, both directions, 115,200 baud of its 24 MHz, 8 bits without parity, FIFOs.
 */
enum Pl011Register implements Register {
  /** Data. */
  UARTDR(at(0x000, "3.3.1")),
  /** Receive status; a write clears errors. */
  UARTRSR(at(0x004, "3.3.2")),
  /** Flags. */
  UARTFR(at(0x018, "3.3.3").reset(0x90)),
  /** IrDA low-power divisor. */
  UARTILPR(at(0x020, "3.3.4").rw(0xFF)),
  /** Integer part of the baud rate divisor. */
  UARTIBRD(at(0x024, "3.3.5").rw(0xFFFF).reset(13)),
  /** Fractional part of the baud rate divisor. */
  UARTFBRD(at(0x028, "3.3.6").rw(0x3F).reset(1)),
  /** Line control. */
  UARTLCR_H(at(0x02C, "3.3.7").rw(0xFF).reset(0x70)),
  /** Control; the IrDA bits are not built. */
  UARTCR(at(0x030, "3.3.8").rw(0xFF81).unimp(0x6).reset(0x301)),
  /** FIFO levels that raise interrupts. */
  UARTIFLS(at(0x034, "3.3.9").rw(0x3F).reset(0x12)),
  /** Interrupt mask: a one lets through. */
  UARTIMSC(at(0x038, "3.3.10").rw(0x7FF)),
  /** Raw interrupts. */
  UARTRIS(at(0x03C, "3.3.11")),
  /** Masked interrupts. */
  UARTMIS(at(0x040, "3.3.12")),
  /** Interrupt clear. */
  UARTICR(at(0x044, "3.3.13")),
  /** DMA control: not built. */
  UARTDMACR(at(0x048, "3.3.14").unimp(0x7)),
  /** Part number, low. */
  UARTPeriphID0(at(0xFE0, "3.3.15").reset(0x11)),
  /** Part number, high, and designer. */
  UARTPeriphID1(at(0xFE4, "3.3.15").reset(0x10)),
  /** Revision 1 (r1p3): 16-entry FIFOs. */
  UARTPeriphID2(at(0xFE8, "3.3.15").reset(0x14)),
  /** Configuration. */
  UARTPeriphID3(at(0xFEC, "3.3.15")),
  /** PrimeCell class. */
  UARTPCellID0(at(0xFF0, "3.3.16").reset(0x0D)),
  /** PrimeCell class. */
  UARTPCellID1(at(0xFF4, "3.3.16").reset(0xF0)),
  /** PrimeCell class. */
  UARTPCellID2(at(0xFF8, "3.3.16").reset(0x05)),
  /** PrimeCell class. */
  UARTPCellID3(at(0xFFC, "3.3.16").reset(0xB1));

  private final RegisterSpec spec;

  Pl011Register(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
