// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import org.xenolith.machine.api.PhysicalBus;

/** A PL011 (Arm DDI 0183G), or the subset of it that SBSA demands. */
final class Pl011Driver implements UartDriver {
  private static final int DR = 0x000;
  private static final int FR = 0x018;
  private static final int LCR_H = 0x02C;
  private static final int CR = 0x030;
  private static final int IMSC = 0x038;
  private static final int ICR = 0x044;
  private static final int FR_TXFF = 1 << 5;
  private static final int FR_RXFE = 1 << 4;
  /** Enabled, transmitter and receiver on. */
  private static final int ENABLED = 1 | 1 << 8 | 1 << 9;
  /** 8 bits, queues on. */
  private static final int EIGHT_BITS = 3 << 5 | 1 << 4;
  /** Receive and receive time-out. */
  private static final int RECEIVE = 1 << 4 | 1 << 6;
  private static final int WORD = 4;

  private final UartRegisters registers;

  Pl011Driver(PhysicalBus bus, long base) {
    registers = new UartRegisters(bus, base, WORD);
  }

  @Override
  public void begin() {
    registers.write(LCR_H, EIGHT_BITS);
    registers.write(CR, ENABLED);
    registers.write(IMSC, RECEIVE);
  }

  @Override
  public void acknowledge() {
    registers.write(ICR, RECEIVE);
  }

  @Override
  public boolean full() {
    return (registers.read(FR) & FR_TXFF) != 0;
  }

  @Override
  public void send(int b) {
    registers.write(DR, b);
  }

  @Override
  public int receive() {
    return (registers.read(FR) & FR_RXFE) != 0 ? -1 : (int) registers.read(DR) & 0xFF;
  }
}
