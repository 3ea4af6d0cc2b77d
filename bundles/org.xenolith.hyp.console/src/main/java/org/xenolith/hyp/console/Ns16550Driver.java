// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import org.xenolith.machine.api.PhysicalBus;

/** A 16550A at I/O ports (Texas Instruments TL16C550C, SLLS177I, 8). */
final class Ns16550Driver implements UartDriver {
  private static final int DATA = 0;
  private static final int IER = 1;
  private static final int FCR = 2;
  private static final int LCR = 3;
  private static final int MCR = 4;
  private static final int LSR = 5;
  private static final int RECEIVED = 1;
  private static final int ROOM = 1 << 5;
  private static final int EIGHT_BITS = 3;
  /** Queues on, and emptied. */
  private static final int QUEUES = 7;
  /** DTR, RTS, and OUT2, which lets the interrupt out. */
  private static final int READY = 0xB;
  private static final int GONE = 0xFF;

  private final UartRegisters registers;

  Ns16550Driver(PhysicalBus bus, long base) {
    registers = new UartRegisters(bus, base, 1);
  }

  @Override
  public void begin() {
    registers.write(LCR, EIGHT_BITS);
    registers.write(FCR, QUEUES);
    registers.write(MCR, READY);
    registers.write(IER, RECEIVED);
  }

  /** The line falls when the queue is empty. */
  @Override
  public void acknowledge() {}

  @Override
  public boolean full() {
    return (registers.read(LSR) & ROOM) == 0;
  }

  @Override
  public void send(int b) {
    registers.write(DATA, b);
  }

  @Override
  public int receive() {
    int status = (int) registers.read(LSR) & 0xFF;
    return status == GONE || (status & RECEIVED) == 0 ? -1 : (int) registers.read(DATA) & 0xFF;
  }
}
