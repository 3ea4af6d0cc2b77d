// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ns16550;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/**
 * Registers of the 16550 (PC16550D data sheet, table II), a word apart in the table whatever the board's spacing. The two
 * that the divisor latch access bit uncovers stand behind the eight addresses.
 */
enum Ns16550Register implements Register {
  /** Receive buffer, transmit holding register. */
  RBR_THR(at(0x00, "8.1")),
  /** Interrupt enable. */
  IER(at(0x04, "8.5").rw(0x0F)),
  /** Interrupt identification, FIFO control. */
  IIR_FCR(at(0x08, "8.3, 8.4").reset(0x01)),
  /** Line control. */
  LCR(at(0x0C, "8.1").rw(0xFF)),
  /** Modem control. */
  MCR(at(0x10, "8.6").rw(0x1F)),
  /** Line status. */
  LSR(at(0x14, "8.2").reset(0x60)),
  /** Modem status: clear to send, data set ready, carrier. */
  MSR(at(0x18, "8.7").reset(0xB0)),
  /** Scratch. */
  SCR(at(0x1C, "8.8").rw(0xFF)),
  /** Divisor latch, low byte; 9,600 baud at 1.8432 MHz. */
  DLL(at(0x20, "8.9").rw(0xFF).reset(12)),
  /** Divisor latch, high byte. */
  DLM(at(0x24, "8.9").rw(0xFF));

  private final RegisterSpec spec;

  Ns16550Register(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
