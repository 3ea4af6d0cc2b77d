// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.DeviceState;

/** The time-stamp counter: time of the CPU's clock in units of its frequency, with an offset that software may write (Intel SDM volume 3, 19.17). */
public final class TimeStampCounter {
  /** Of {@link #after}: that isn't known. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  private static final long SECOND = 1_000_000_000;
  private final Core cpu;
  private final long hertz;
  private final List<Runnable> listeners = new ArrayList<>();
  private long offset;
  private long adjust;

  TimeStampCounter(Core cpu, DeviceState state, long hertz) {
    this.cpu = cpu;
    this.hertz = hertz;
    state.value("tscOffset", 0, () -> offset, value -> offset = value);
    state.value("tscAdjust", 0, () -> adjust, value -> adjust = value);
    cpu.env.clockMoves(this::tell);
  }

  /** Frequency in hertz. */
  public long hertz() {
    return hertz;
  }

  /** The counter at the current instruction. */
  public long read() {
    return scaled(cpu.env.now()) + offset;
  }

  /** The counter behind so many instructions more, if it counts them; else {@link #UNKNOWN}. */
  public long after(long instructions) {
    if (hertz != SECOND) {
      return UNKNOWN;
    }
    long now = cpu.env.nanoseconds();
    return now < 0 ? UNKNOWN : now + instructions + offset;
  }

  private long scaled(long nanoseconds) {
    return hertz == SECOND ? nanoseconds : nanoseconds / SECOND * hertz + nanoseconds % SECOND * hertz / SECOND;
  }

  /** First virtual time at which the counter has a value, or the current one if it has. */
  long timeOf(long value) {
    long now = cpu.env.now();
    long ticks = value - offset;
    if (Long.compareUnsigned(value, read()) <= 0) {
      return cpu.env.due(now);
    }
    if (ticks < 0) {
      return Long.MAX_VALUE;
    }
    long seconds = ticks / hertz;
    if (seconds >= Long.MAX_VALUE / SECOND - 1) {
      return Long.MAX_VALUE;
    }
    return cpu.env.due(seconds * SECOND + (ticks % hertz * SECOND + hertz - 1) / hertz);
  }

  void write(long value) {
    long change = value - read();
    offset += change;
    adjust += change;
    tell();
  }

  long adjust() {
    return adjust;
  }

  void adjust(long value) {
    offset += value - adjust;
    adjust = value;
    tell();
  }

  void listen(Runnable listener) {
    listeners.add(listener);
  }

  void forget(Runnable listener) {
    listeners.remove(listener);
  }

  private void tell() {
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).run();
    }
  }
}
