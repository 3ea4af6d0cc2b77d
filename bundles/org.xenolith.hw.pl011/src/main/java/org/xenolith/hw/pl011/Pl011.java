// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import static org.xenolith.hw.pl011.Pl011Register.UARTCR;
import static org.xenolith.hw.pl011.Pl011Register.UARTDR;
import static org.xenolith.hw.pl011.Pl011Register.UARTFBRD;
import static org.xenolith.hw.pl011.Pl011Register.UARTFR;
import static org.xenolith.hw.pl011.Pl011Register.UARTIBRD;
import static org.xenolith.hw.pl011.Pl011Register.UARTICR;
import static org.xenolith.hw.pl011.Pl011Register.UARTIFLS;
import static org.xenolith.hw.pl011.Pl011Register.UARTIMSC;
import static org.xenolith.hw.pl011.Pl011Register.UARTLCR_H;
import static org.xenolith.hw.pl011.Pl011Register.UARTMIS;
import static org.xenolith.hw.pl011.Pl011Register.UARTRIS;
import static org.xenolith.hw.pl011.Pl011Register.UARTRSR;

import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFile;
import org.xenolith.regs.ShortFifo;

/**
 * A PL011 whose line is infinitely fast: a written character is out at once, received ones enter the FIFO as soon as there
 * is room. It begins as firmware leaves it, and transmits even when UARTCR does not enable it: a kernel's early console writes
 * while it sets the UART up.
 */
final class Pl011 implements DeviceModel, MmioHandler {
  /** The device decodes 12 address bits: in a larger window the registers repeat. */
  private static final long DECODED = 0xFFF;
  private static final int FIFO_DEPTH = 16;
  /** Receive trigger levels by UARTIFLS.RXIFLSEL; reserved values act as the highest. */
  private static final int[] RX_TRIGGER = {2, 4, 8, 12, 14, 14, 14, 14};
  private static final long CR_ENABLED = 1 | 1 << 9;
  private static final long CR_LOOPBACK = 1 << 7;
  private static final long LCR_FIFOS = 1 << 4;
  private static final long FR_RX_EMPTY = 1 << 4;
  private static final long FR_RX_FULL = 1 << 6;
  private static final long FR_TX_EMPTY = 1 << 7;
  private static final long RX = 1 << 4;
  private static final long TX = 1 << 5;
  private static final long TIMEOUT = 1 << 6;
  private static final long OVERRUN = 1 << 10;
  /** Linux switches receive interrupts on, empties the receiver a little later, and only then means it. */
  private static final long SETTLED = 10_000_000;
  /** The receive time-out is 32 bit times; a bit takes 16 divisor periods of the 24 MHz clock, the divisor is in 64ths. */
  private static final long NS_PER_64TH = 32L * 16 * 1_000_000_000L / 24_000_000L / 64;
  /** Divisor of 115,200 baud, for a guest that set none. */
  private static final long USUAL_DIVISOR = 833;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<Pl011Register> registers;
  private final ShortFifo received = state.fifo("received", FIFO_DEPTH);
  private final SerialPort port;
  private final Clock clock;
  private final Alarm timeout;
  private final Alarm arrival;
  private final Alarm listening;
  /** Whether receive interrupts are on, as the mask says. */
  private boolean receives;
  private final InterruptLine line;

  Pl011(DeviceContext context) {
    registers = state.registers("registers", Pl011Register.class, context.faults())
        .onRead(UARTDR, this::readData).onWrite(UARTDR, this::writeData)
        .onRead(UARTFR, this::flags)
        .onWrite(UARTRSR, value -> registers().bits(UARTRSR, ~0L, false))
        .onWrite(UARTCR, value -> fill())
        .onWrite(UARTLCR_H, value -> fill())
        .onWrite(UARTIFLS, value -> fill())
        .onWrite(UARTIMSC, this::maskWritten)
        .onRead(UARTMIS, this::masked)
        .onWrite(UARTICR, this::clear);
    port = context.port(SerialPort.class);
    clock = context.time().clock();
    timeout = context.time().alarm("receive-timeout", this::timedOut);
    arrival = context.time().alarm("arrival", this::fill);
    listening = context.time().alarm("listening", this::hears);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    port.onInput(this::fill);
    port.holds(received::size);
    port.deaf();
    context.bus().window(0, AccessRule.WORD, this);
  }

  private RegisterFile<Pl011Register> registers() {
    return registers;
  }

  @Override
  public long read(long offset, int size) {
    return registers.read(offset & DECODED);
  }

  @Override
  public void write(long offset, int size, long value) {
    registers.write(offset & DECODED, value);
  }

  private void writeData(long value) {
    if ((registers.get(UARTCR) & CR_LOOPBACK) != 0) {
      if (received.size() < depth()) {
        received.add((int) value & 0xFF);
        arrived();
      } else {
        registers.bits(UARTRSR, 1 << 3, true);
        registers.bits(UARTRIS, OVERRUN, true);
      }
    } else {
      port.transmit((int) value);
    }
    // The FIFO drained through its trigger level the moment it was filled.
    registers.bits(UARTRIS, TX, true);
    drive();
  }

  private long readData() {
    int value = received.poll();
    if (received.size() < trigger()) {
      registers.bits(UARTRIS, RX, false);
    }
    if (received.isEmpty()) {
      registers.bits(UARTRIS, TIMEOUT, false);
      timeout.cancel();
    } else {
      startTimeout();
    }
    fill();
    return Math.max(value, 0);
  }

  private void maskWritten(long mask) {
    boolean before = receives;
    receives = (mask & (RX | TIMEOUT)) != 0;
    if (receives && !before) {
      listening.at(clock.now() + SETTLED);
    }
    drive();
  }

  private void hears() {
    receives = (registers.get(UARTIMSC) & (RX | TIMEOUT)) != 0;
    if (receives) {
      port.listens();
    }
  }

  private long flags() {
    if (received.isEmpty() && enabled()) {
      port.asked();
    }
    return FR_TX_EMPTY | (received.isEmpty() ? FR_RX_EMPTY : 0) | (received.size() >= depth() ? FR_RX_FULL : 0);
  }

  private long masked() {
    return registers.get(UARTRIS) & registers.get(UARTIMSC);
  }

  private void clear(long bits) {
    registers.bits(UARTRIS, bits & 0x7FF, false);
    if (!received.isEmpty() && (bits & (RX | TIMEOUT)) != 0) {
      startTimeout();
    }
    drive();
  }

  private int depth() {
    return (registers.get(UARTLCR_H) & LCR_FIFOS) != 0 ? FIFO_DEPTH : 1;
  }

  private int trigger() {
    return depth() == 1 ? 1 : RX_TRIGGER[(int) registers.get(UARTIFLS) >> 3 & 7];
  }

  private boolean enabled() {
    return (registers.get(UARTCR) & CR_ENABLED) == CR_ENABLED;
  }

  /** Takes what waits outside into the FIFO. */
  private void fill() {
    if (enabled()) {
      boolean any = false;
      while (received.size() < depth() && port.waiting() > 0) {
        received.add(port.receive());
        any = true;
      }
      if (any) {
        arrived();
      }
    }
    drive();
  }

  private void arrived() {
    if (received.size() >= trigger()) {
      registers.bits(UARTRIS, RX, true);
    }
    startTimeout();
  }

  private void startTimeout() {
    long divisor = registers.get(UARTIBRD) * 64 + registers.get(UARTFBRD);
    timeout.at(clock.now() + (registers.get(UARTIBRD) == 0 ? USUAL_DIVISOR : divisor) * NS_PER_64TH);
  }

  private void timedOut() {
    if (!received.isEmpty()) {
      registers.bits(UARTRIS, TIMEOUT, true);
      drive();
    }
  }

  private void drive() {
    if (line != null) {
      line.set(masked() != 0);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    receives = false;
    port.deaf();
    timeout.cancel();
    arrival.cancel();
    listening.cancel();
    drive();
  }

  /** Characters that came while no model was here are taken soon; else none waits where there is room for it. */
  @Override
  public void restored() {
    hears();
    drive();
    if (enabled() && received.size() < depth() && port.waiting() > 0) {
      arrival.at(clock.now());
    }
  }

  @Override
  public void removed() {
    port.onInput(() -> {});
    port.holds(() -> 0);
  }
}
