// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vuart;

import static org.xenolith.hyp.vuart.GuestUartRegister.UARTDR;
import static org.xenolith.hyp.vuart.GuestUartRegister.UARTFR;
import static org.xenolith.hyp.vuart.GuestUartRegister.UARTICR;
import static org.xenolith.hyp.vuart.GuestUartRegister.UARTIMSC;
import static org.xenolith.hyp.vuart.GuestUartRegister.UARTMIS;
import static org.xenolith.hyp.vuart.GuestUartRegister.UARTRIS;
import static org.xenolith.hyp.vuart.GuestUartRegister.UARTRSR;

import java.util.function.IntConsumer;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;
import org.xenolith.regs.ShortFifo;

/**
 * One serial port. Its line is infinitely fast: a written character is out at once. The receive time-out comes with the
 * character, because nobody types faster than a time-out is long; so there is no clock.
 */
final class GuestUart {
  /** The receive FIFO, as the Generic UART asks for. */
  static final int DEPTH = 32;
  private static final long FR_RX_EMPTY = 1 << 4;
  private static final long FR_RX_FULL = 1 << 6;
  private static final long FR_TX_EMPTY = 1 << 7;
  private static final long RX = 1 << 4;
  private static final long TX = 1 << 5;
  private static final long TIMEOUT = 1 << 6;
  private static final long ALL = 0x7FF;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<GuestUartRegister> registers;
  private final LongCell listens = state.cell("listens", 0);
  private final ShortFifo received = state.fifo("received", DEPTH);
  private final IntConsumer output;
  private final Runnable changed;

  /**
   * @param faults  hears of what the guest does beyond the manual
   * @param output  takes what the guest writes
   * @param changed runs when {@link #interrupt} or {@link #listens} may have changed
   */
  GuestUart(RegisterFaults faults, IntConsumer output, Runnable changed) {
    this.output = output;
    this.changed = changed;
    registers = state.registers("registers", GuestUartRegister.class, faults)
        .onRead(UARTDR, this::readData).onWrite(UARTDR, this::writeData)
        .onRead(UARTFR, this::flags)
        .onRead(UARTMIS, this::masked)
        .onWrite(UARTRSR, value -> registers().set(UARTRSR, 0))
        .onWrite(UARTIMSC, this::mask)
        .onWrite(UARTICR, this::clear);
  }

  private RegisterFile<GuestUartRegister> registers() {
    return registers;
  }

  DeviceState state() {
    return state;
  }

  /** A load at an offset of the window; narrow ones see the low part of a register, and nothing between registers. */
  long read(long offset, int size) {
    if ((offset & 3) != 0) {
      return 0;
    }
    long value = registers.read(offset);
    return size >= 4 ? value : value & (1L << 8 * size) - 1;
  }

  /** A store at an offset of the window. */
  void write(long offset, int size, long value) {
    if ((offset & 3) == 0) {
      registers.write(offset, size >= 4 ? value & 0xFFFF_FFFFL : value & (1L << 8 * size) - 1);
    }
  }

  /** Whether the guest asked for what is typed, now or before. */
  boolean listens() {
    return listens.value != 0;
  }

  /** The level of its interrupt. */
  boolean interrupt() {
    return masked() != 0;
  }

  /** Typed bytes. @return how many there was room for */
  int offer(byte[] bytes, int offset, int length) {
    int taken = 0;
    while (taken < length && received.add(bytes[offset + taken] & 0xFF)) {
      taken++;
    }
    if (taken > 0) {
      arrived();
      changed.run();
    }
    return taken;
  }

  private void mask(long bits) {
    if ((bits & (RX | TIMEOUT)) != 0) {
      listens.value = 1;
    }
    changed.run();
  }

  private void arrived() {
    registers.bits(UARTRIS, received.size() >= DEPTH / 2 ? RX | TIMEOUT : TIMEOUT, true);
  }

  private long readData() {
    int value = received.poll();
    if (received.size() < DEPTH / 2) {
      registers.bits(UARTRIS, RX, false);
    }
    if (received.isEmpty()) {
      registers.bits(UARTRIS, TIMEOUT, false);
    }
    changed.run();
    return Math.max(value, 0);
  }

  private void writeData(long value) {
    output.accept((int) value & 0xFF);
    // what was written is out: there is room again
    registers.bits(UARTRIS, TX, true);
    changed.run();
  }

  private long flags() {
    return FR_TX_EMPTY | (received.isEmpty() ? FR_RX_EMPTY : 0) | (received.isFull() ? FR_RX_FULL : 0);
  }

  private long masked() {
    return registers.get(UARTRIS) & registers.get(UARTIMSC);
  }

  private void clear(long bits) {
    registers.bits(UARTRIS, bits & ALL, false);
    if (!received.isEmpty()) {
      arrived();
    }
    changed.run();
  }
}
