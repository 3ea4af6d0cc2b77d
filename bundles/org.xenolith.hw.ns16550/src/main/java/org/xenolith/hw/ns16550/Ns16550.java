// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ns16550;

import static org.xenolith.hw.ns16550.Ns16550Register.DLL;
import static org.xenolith.hw.ns16550.Ns16550Register.DLM;
import static org.xenolith.hw.ns16550.Ns16550Register.IER;
import static org.xenolith.hw.ns16550.Ns16550Register.IIR_FCR;
import static org.xenolith.hw.ns16550.Ns16550Register.LCR;
import static org.xenolith.hw.ns16550.Ns16550Register.LSR;
import static org.xenolith.hw.ns16550.Ns16550Register.MCR;
import static org.xenolith.hw.ns16550.Ns16550Register.MSR;
import static org.xenolith.hw.ns16550.Ns16550Register.RBR_THR;

import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;
import org.xenolith.regs.ShortFifo;

/**
 * A 16550A whose line is infinitely fast: a written character is out at once, received ones enter the FIFO as soon as there
 * is room.
 */
final class Ns16550 implements DeviceModel, MmioHandler {
  private static final int FIFO_DEPTH = 16;
  private static final int[] TRIGGER = {1, 4, 8, 14};
  private static final long DLAB = 0x80;
  private static final long LOOP = 0x10;
  private static final long IER_RECEIVED = 1;
  private static final long IER_EMPTY = 2;
  private static final long IER_LINE = 4;
  private static final long IER_MODEM = 8;
  private static final long LSR_READY = 1;
  private static final long LSR_OVERRUN = 2;
  private static final long LSR_ERRORS = 0x1E;
  /** A driver that begins switches receive interrupts on and may empty the receiver a little later. */
  private static final long SETTLED = 10_000_000;
  /** Bits of the time-out: four characters of ten bits. */
  private static final long TIMEOUT_BITS = 40;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<Ns16550Register> registers;
  private final ShortFifo received = state.fifo("received", FIFO_DEPTH);
  private final LongCell fifoControl = state.cell("FCR", 0);
  private final LongCell emptyPending = state.cell("empty-pending", 0);
  private final LongCell timedOut = state.cell("timed-out", 0);
  private final SerialPort port;
  private final Clock clock;
  private final Alarm timeout;
  private final Alarm arrival;
  private final Alarm listening;
  private final InterruptLine line;
  private final RegisterFaults faults;
  private final int shift;
  private final long hertz;
  /** Whether the receive interrupt is on, as its register says. */
  private boolean receives;

  Ns16550(DeviceContext context) {
    shift = (int) context.node().cell("reg-shift", 0);
    if (shift < 0 || shift > 3) {
      throw new ModelException(context.instance() + ".reg-shift: expected 0 to 3, got " + shift);
    }
    if (context.node().has("big-endian")) {
      throw new ModelException(context.instance() + ".big-endian: only little-endian register access is built");
    }
    hertz = Math.max(1, context.node().cell("clock-frequency", 1_843_200));
    faults = context.faults();
    // Alignment and reserved offsets are handled here: the registers are a table of their own.
    registers = state.registers("registers", Ns16550Register.class, faults)
        .onRead(RBR_THR, this::receive).onWrite(RBR_THR, this::transmit)
        .onWrite(IER, value -> enabled())
        .onRead(IIR_FCR, this::identify).onWrite(IIR_FCR, this::controlFifos)
        .onWrite(MCR, value -> modemControlled())
        .onRead(LSR, this::lineStatus)
        .onRead(MSR, this::modemStatus);
    port = context.port(SerialPort.class);
    clock = context.time().clock();
    timeout = context.time().alarm("receive-timeout", this::timeoutReached);
    arrival = context.time().alarm("arrival", this::fill);
    listening = context.time().alarm("listening", this::hears);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    port.onInput(this::fill);
    port.holds(received::size);
    port.deaf();
    context.bus().window(0, shift == 0 ? AccessRule.BYTE : AccessRule.UP_TO_WORD, this);
  }

  /** The table offset of a window offset, or -1 if no register lies there. */
  private long at(long offset) {
    long index = offset >> shift;
    if (index > 7 || index << shift != offset) {
      return -1;
    }
    boolean latch = index < 2 && (registers.get(LCR) & DLAB) != 0;
    return (latch ? index + DLL.ordinal() : index) * 4;
  }

  @Override
  public long read(long offset, int size) {
    long at = at(offset);
    if (at < 0) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    return registers.read(at);
  }

  @Override
  public void write(long offset, int size, long value) {
    long at = at(offset);
    if (at < 0) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
      return;
    }
    registers.write(at, value & 0xFF);
  }

  private boolean looped() {
    return (registers.get(MCR) & LOOP) != 0;
  }

  private int depth() {
    return (fifoControl.value & 1) != 0 ? FIFO_DEPTH : 1;
  }

  private int trigger() {
    return depth() == 1 ? 1 : TRIGGER[(int) fifoControl.value >> 6 & 3];
  }

  private void transmit(long value) {
    if (looped()) {
      if (received.size() < depth()) {
        received.add((int) value & 0xFF);
        startTimeout();
      } else {
        registers.bits(LSR, LSR_OVERRUN, true);
      }
    } else {
      port.transmit((int) value);
    }
    emptyPending.set(true);
    drive();
  }

  private long receive() {
    int value = received.poll();
    timedOut.set(false);
    if (received.isEmpty()) {
      timeout.cancel();
    } else {
      startTimeout();
    }
    fill();
    return Math.max(value, 0);
  }

  /** Takes what waits outside into the FIFO; a looped receiver is cut off from its pin. */
  private void fill() {
    if (!looped()) {
      boolean any = false;
      while (received.size() < depth() && port.waiting() > 0) {
        received.add(port.receive());
        any = true;
      }
      if (any) {
        startTimeout();
      }
    }
    drive();
  }

  private void startTimeout() {
    if (depth() > 1) {
      long divisor = Math.max(1, registers.get(DLM) << 8 | registers.get(DLL));
      timeout.at(clock.now() + TIMEOUT_BITS * 16 * divisor * 1_000_000_000L / hertz);
    }
  }

  private void timeoutReached() {
    timedOut.set(!received.isEmpty());
    drive();
  }

  /** The highest-ranking interrupt (data sheet, table IV), 1 without one. */
  private long pending() {
    long enable = registers.get(IER);
    if ((enable & IER_LINE) != 0 && (registers.get(LSR) & LSR_ERRORS) != 0) {
      return 0x6;
    }
    if ((enable & IER_RECEIVED) != 0 && received.size() >= trigger()) {
      return 0x4;
    }
    if ((enable & IER_RECEIVED) != 0 && timedOut.isSet()) {
      return 0xC;
    }
    if ((enable & IER_EMPTY) != 0 && emptyPending.isSet()) {
      return 0x2;
    }
    if ((enable & IER_MODEM) != 0 && (registers.get(MSR) & 0xF) != 0) {
      return 0x0;
    }
    return 0x1;
  }

  private long identify() {
    long id = pending();
    if (id == 0x2) {
      emptyPending.set(false);
      drive();
    }
    return id | (depth() > 1 ? 0xC0 : 0);
  }

  private void enabled() {
    boolean before = receives;
    receives = (registers.get(IER) & IER_RECEIVED) != 0;
    if (receives && !before) {
      listening.at(clock.now() + SETTLED);
    }
    // The transmitter is always empty: switching its interrupt on raises it.
    emptyPending.set((registers.get(IER) & IER_EMPTY) != 0);
    fill();
  }

  private void hears() {
    receives = (registers.get(IER) & IER_RECEIVED) != 0;
    if (receives) {
      port.listens();
    }
  }

  private void controlFifos(long value) {
    boolean switched = ((value ^ fifoControl.value) & 1) != 0;
    if (switched || (value & 1) != 0 && (value & 2) != 0) {
      received.clear();
      timedOut.set(false);
      timeout.cancel();
    }
    // The other bits can be programmed only while the FIFOs are on; bits 1 and 2 clear themselves.
    fifoControl.value = (value & 1) != 0 ? value & 0xC9 : 0;
    fill();
  }

  private long lineStatus() {
    if (received.isEmpty()) {
      port.asked();
    }
    long status = registers.get(LSR) | (received.isEmpty() ? 0 : LSR_READY);
    registers.bits(LSR, LSR_ERRORS, false);
    drive();
    return status;
  }

  /** Clear to send, data set ready and so on change with loopback; bits 7:4 are levels, 3:0 what changed. */
  private void modemControlled() {
    long control = registers.get(MCR);
    long before = registers.get(MSR);
    // Looped: RTS, DTR, OUT1, OUT2 arrive as CTS, DSR, RI, DCD. Else a ready peer with carrier.
    long inputs = looped() ? (control & 2) << 3 | (control & 1) << 5 | (control & 4) << 4 | (control & 8) << 4 : 0xB0;
    long changed = (inputs ^ before) & 0xB0 | before & ~inputs & 0x40;
    registers.set(MSR, inputs | before & 0xF | changed >> 4);
    fill();
  }

  private long modemStatus() {
    long status = registers.get(MSR);
    registers.bits(MSR, 0xF, false);
    drive();
    return status;
  }

  private void drive() {
    if (line != null) {
      line.set(pending() != 1);
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
    if (!looped() && received.size() < depth() && port.waiting() > 0) {
      arrival.at(clock.now());
    }
  }

  @Override
  public void removed() {
    port.onInput(() -> {});
    port.holds(() -> 0);
  }
}
