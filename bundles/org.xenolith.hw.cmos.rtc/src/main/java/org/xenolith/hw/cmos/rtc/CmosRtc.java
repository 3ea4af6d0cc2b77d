// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

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

/** An MC146818 behind an index and a data port, with the century where PCs have it. */
final class CmosRtc implements DeviceModel, MmioHandler {
  private static final int BYTES = 128;
  private static final int A = 0xA;
  private static final int B = 0xB;
  private static final int C = 0xC;
  private static final int D = 0xD;
  private static final int UIP = 0x80;
  private static final int DIVIDER = 0x70;
  /** Divider values from here on hold the chain in reset. */
  private static final int DIVIDER_RESET = 0x60;
  private static final int RATE = 0xF;
  private static final int SET = 0x80;
  private static final int BINARY = 4;
  private static final int HOURS_24 = 2;
  private static final int PERIODIC = 0x40;
  private static final int ALARM = 0x20;
  private static final int UPDATE = 0x10;
  private static final int SQUARE_WAVE = 8;
  private static final int ENABLES = PERIODIC | ALARM | UPDATE;
  private static final int REQUEST = 0x80;
  private static final int VALID = 0x80;
  /** 32,768 Hz, 1024 Hz. */
  private static final int A_RESET = 0x26;
  /** UIP is set so long before an update (data sheet, Update Cycle). */
  private static final long BEFORE_UPDATE = 244_000;
  private static final long LAST_EPOCH = 0xFFFF_FFFFL;

  private final DeviceState state = new DeviceState();
  private final ClockChain chain;
  /** Alarm, RAM, and the time while it stands still. */
  private final long[] bytes;
  private final LongCell index;
  private final LongCell controlA;
  private final LongCell controlB;
  private final LongCell flags;
  /** Up to where flags tell what has happened: seconds, and periods. */
  private final LongCell seconds;
  private final LongCell periods;
  private final Clock clock;
  private final Alarm next;
  private final InterruptLine line;

  CmosRtc(DeviceContext context) {
    long epoch = context.options().number("epoch-seconds");
    if (epoch < 0 || epoch > LAST_EPOCH) {
      throw new ModelException(context.instance() + ": option epoch-seconds: expected 0 to 4294967295, got " + epoch);
    }
    chain = new ClockChain(state, epoch);
    bytes = state.longs("bytes", BYTES);
    index = state.cell("index", 0);
    controlA = state.cell("controlA", A_RESET);
    controlB = state.cell("controlB", HOURS_24);
    flags = state.cell("flags", 0);
    seconds = state.cell("seconds", 0);
    periods = state.cell("periods", 0);
    clock = context.time().clock();
    next = context.time().alarm("next", this::happen);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    context.bus().window(0, AccessRule.BYTE, this);
  }

  private ClockFormat format() {
    return new ClockFormat((controlB.value & BINARY) != 0, (controlB.value & HOURS_24) != 0);
  }

  private boolean held() {
    return (controlA.value & DIVIDER) >= DIVIDER_RESET;
  }

  private boolean stopped() {
    return (controlB.value & SET) != 0 || held();
  }

  /** Distance of two periodic events as a power of two of ticks; negative: there are none (data sheet, table 5). */
  private int shift() {
    int rate = (int) controlA.value & RATE;
    return held() || rate == 0 ? -1 : rate < 3 ? rate + 6 : rate - 1;
  }

  @Override
  public long read(long offset, int size) {
    // The index can't be read on a PC.
    return (offset & 1) == 0 ? 0xFF : data((int) index.value);
  }

  private int data(int at) {
    long now = clock.now();
    return switch (at) {
      case A -> (int) controlA.value | (!stopped() && chain.fraction(now) >= ClockChain.SECOND - BEFORE_UPDATE ? UIP : 0);
      case B -> (int) controlB.value;
      case C -> takeFlags();
      case D -> VALID;
      default -> CalendarBytes.isTime(at) && !stopped() ? CalendarBytes.byteOf(at, chain.date(now), format()) : (int) bytes[at];
    };
  }

  private int takeFlags() {
    advance();
    int all = (int) flags.value | (requested() ? REQUEST : 0);
    flags.value = 0;
    drive();
    return all;
  }

  @Override
  public void write(long offset, int size, long value) {
    int written = (int) value & 0xFF;
    if ((offset & 1) == 0) {
      index.value = written & BYTES - 1;
      return;
    }
    advance();
    int at = (int) index.value;
    switch (at) {
      case A -> control(written & ~UIP, (int) controlB.value);
      case B -> control((int) controlA.value, written);
      case C, D -> {
        // Only to be read.
      }
      default -> store(at, written);
    }
    drive();
  }

  private void store(int at, int written) {
    if (CalendarBytes.isTime(at) && !stopped()) {
      long now = clock.now();
      stop(now);
      bytes[at] = written;
      chain.date(now, CalendarBytes.date(bytes, format()));
      seconds.value = chain.seconds(now);
    } else {
      bytes[at] = written;
    }
  }

  /** Keeps the time as bytes. */
  private void stop(long now) {
    long date = chain.date(now);
    for (int i = 0; i < BYTES; i++) {
      if (CalendarBytes.isTime(i)) {
        bytes[i] = CalendarBytes.byteOf(i, date, format());
      }
    }
  }

  private void control(int newA, int newB) {
    long now = clock.now();
    boolean before = stopped();
    boolean heldBefore = held();
    boolean becomes = (newB & SET) != 0 || (newA & DIVIDER) >= DIVIDER_RESET;
    if (!before && becomes) {
      stop(now);
    }
    controlA.value = newA;
    if (heldBefore && !held()) {
      chain.restart(now);
    }
    controlB.value = newB;
    if ((newB & SET) != 0) {
      // No update, and none is waited for (data sheet, Register B).
      controlB.value &= ~UPDATE;
    }
    if (before && !becomes) {
      chain.date(now, CalendarBytes.date(bytes, format()));
    }
    seconds.value = chain.seconds(now);
    periods.value = shift() < 0 ? 0 : chain.periods(now, shift());
  }

  /** Sets the flags of what has happened since it was looked at last. */
  private void advance() {
    long now = clock.now();
    int shift = shift();
    if (shift >= 0 && chain.periods(now, shift) != periods.value) {
      periods.value = chain.periods(now, shift);
      flags.value |= PERIODIC;
    }
    long ended = chain.seconds(now);
    if (!stopped() && ended != seconds.value) {
      long date = chain.date(now);
      if (AlarmTime.of(bytes, format()).after(date - (ended - seconds.value)) <= date) {
        flags.value |= ALARM;
      }
      flags.value |= UPDATE;
    }
    seconds.value = ended;
  }

  private boolean requested() {
    return (flags.value & controlB.value & ENABLES) != 0;
  }

  private void happen() {
    advance();
    drive();
  }

  /** The line, and the alarm for what is enabled and would raise it next. */
  private void drive() {
    if (line != null) {
      line.set(requested());
    }
    long at = requested() ? Long.MAX_VALUE : nextEvent(clock.now());
    if (at == Long.MAX_VALUE) {
      next.cancel();
    } else {
      next.at(at);
    }
  }

  private long nextEvent(long now) {
    long at = Long.MAX_VALUE;
    int shift = shift();
    if ((controlB.value & PERIODIC) != 0 && shift >= 0) {
      at = chain.timeOfPeriod(chain.periods(now, shift) + 1, shift);
    }
    if (!stopped() && (controlB.value & UPDATE) != 0) {
      at = Math.min(at, chain.timeOf(chain.date(now) + 1));
    }
    if (!stopped() && (controlB.value & ALARM) != 0) {
      long date = AlarmTime.of(bytes, format()).after(chain.date(now));
      at = date == Long.MAX_VALUE ? at : Math.min(at, chain.timeOf(date));
    }
    return at;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** On a battery: only interrupts end (data sheet, RESET). */
  @Override
  public void reset() {
    advance();
    controlB.value &= ~(ENABLES | SQUARE_WAVE);
    flags.value = 0;
    index.value = 0;
    drive();
  }

  @Override
  public void restored() {
    drive();
  }
}
