// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import static org.xenolith.hw.perfmon.PerfmonControls.COUNTERS;
import static org.xenolith.hw.perfmon.PerfmonControls.WIDTH;

import java.util.Arrays;
import org.xenolith.machine.api.Clock;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.Cpu;

/**
 * One CPU's counters. Nothing but branches is counted one by one: what has happened since the last look is added when somebody looks, and before anything that decides on
 * counting changes.
 */
final class PerfmonCounters {
  private static final long SECOND = 1_000_000_000;
  /** Bits of a counter. */
  static final long MASK = (1L << WIDTH) - 1;

  private final Cpu cpu;
  private final Clock clock;
  private final PerfmonControls controls;
  private final long[] counts = new long[COUNTERS];
  private long overflows;
  private boolean interrupt;
  private int active;
  private long timeSeen;
  private long retiredSeen;

  PerfmonCounters(Cpu cpu, Clock clock, PerfmonControls controls, DeviceState state, String prefix) {
    this.cpu = cpu;
    this.clock = clock;
    this.controls = controls;
    for (int n = 0; n < COUNTERS; n++) {
      int counter = n;
      String name = n < PerfmonControls.GENERAL ? "IA32_PMC" + n : "IA32_FIXED_CTR" + (n - PerfmonControls.GENERAL);
      state.value(prefix + name, 0, () -> count(counter), value -> counts[counter] = value);
    }
    state.value(prefix + "IA32_PERF_GLOBAL_STATUS", 0, this::overflows, value -> overflows = value);
    state.value(prefix + "interrupt", 0, () -> interrupt ? 1 : 0, value -> interrupt = value != 0);
  }

  /** Everything begins now, with nothing counting. */
  void reset() {
    Arrays.fill(counts, 0);
    overflows = 0;
    interrupt = false;
    active = 0;
    rebase();
  }

  /** What went by so far isn't counted. */
  void rebase() {
    timeSeen = clock.now();
    retiredSeen = cpu.retired();
  }

  /** Which counters count from now on, a bit each; after {@link #look}. */
  void active(int counters) {
    active = counters;
  }

  int active() {
    return active;
  }

  /** Adds what has happened since the last look, but for branches. */
  void look() {
    long now = clock.now();
    long retired = cpu.retired();
    long elapsed = now - timeSeen;
    long reference = ticks(now) - ticks(timeSeen);
    long instructions = retired - retiredSeen;
    timeSeen = now;
    retiredSeen = retired;
    for (int left = active; left != 0; left &= left - 1) {
      int counter = Integer.numberOfTrailingZeros(left);
      add(counter, switch (controls.event(counter)) {
        case INSTRUCTIONS -> instructions;
        case CORE_CYCLES -> elapsed;
        case REFERENCE_CYCLES -> reference;
        case BRANCHES -> 0;
      });
    }
  }

  /** Cycles of the time-stamp counter's clock up to a time. */
  private long ticks(long nanoseconds) {
    long hertz = cpu.timeStampHertz();
    return hertz == SECOND ? nanoseconds : nanoseconds / SECOND * hertz + nanoseconds % SECOND * hertz / SECOND;
  }

  /** A branch was executed; those of {@code counters} that count branches do. */
  void branched(int counters) {
    for (int left = counters; left != 0; left &= left - 1) {
      int counter = Integer.numberOfTrailingZeros(left);
      if (controls.event(counter) == PerfmonEvent.BRANCHES) {
        add(counter, 1);
      }
    }
  }

  /** Whether one that counts now needs to be told of each branch. */
  boolean branches() {
    for (int left = active; left != 0; left &= left - 1) {
      if (controls.event(Integer.numberOfTrailingZeros(left)) == PerfmonEvent.BRANCHES) {
        return true;
      }
    }
    return false;
  }

  private void add(int counter, long amount) {
    long sum = counts[counter] + amount;
    counts[counter] = sum & MASK;
    if (sum >>> WIDTH != 0) {
      overflows |= PerfmonControls.bit(counter);
      interrupt |= controls.interrupts(counter);
    }
  }

  long count(int counter) {
    look();
    return counts[counter];
  }

  void count(int counter, long value) {
    counts[counter] = value & MASK;
  }

  /** IA32_PERF_GLOBAL_STATUS. */
  long overflows() {
    look();
    return overflows;
  }

  void forget(long bits) {
    overflows &= ~bits;
  }

  /** Whether an overflow has yet to interrupt; once. */
  boolean takeInterrupt() {
    boolean waits = interrupt;
    interrupt = false;
    return waits;
  }

  // ---- When something is to be done

  /** Value of {@code Cpu.retired} at which a counter overflows that interrupts; {@link Long#MAX_VALUE} for none. */
  long retiredAtOverflow() {
    long nearest = toOverflow(PerfmonEvent.INSTRUCTIONS);
    return nearest == Long.MAX_VALUE ? nearest : retiredSeen + nearest;
  }

  /** Virtual time at which a counter overflows that interrupts; {@link Long#MAX_VALUE} for none. */
  long timeOfOverflow() {
    long core = toOverflow(PerfmonEvent.CORE_CYCLES);
    long reference = toOverflow(PerfmonEvent.REFERENCE_CYCLES);
    long at = core == Long.MAX_VALUE ? core : timeSeen + core;
    return reference == Long.MAX_VALUE ? at : Math.min(at, timeOf(ticks(timeSeen) + reference));
  }

  /** The first time at which there have been so many cycles of the time-stamp counter's clock. */
  private long timeOf(long ticks) {
    long hertz = cpu.timeStampHertz();
    return ticks / hertz * SECOND + (ticks % hertz * SECOND + hertz - 1) / hertz;
  }

  private long toOverflow(PerfmonEvent event) {
    long nearest = Long.MAX_VALUE;
    for (int left = active; left != 0; left &= left - 1) {
      int counter = Integer.numberOfTrailingZeros(left);
      if (controls.event(counter) == event && controls.interrupts(counter)) {
        nearest = Math.min(nearest, (1L << WIDTH) - counts[counter]);
      }
    }
    return nearest;
  }
}
