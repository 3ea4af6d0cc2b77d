// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.xenolith.hw.pmu.PmuControls.COUNTERS;
import static org.xenolith.hw.pmu.PmuControls.CYCLES;

import org.xenolith.machine.api.Clock;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.regs.DeviceState;

/**
 * One CPU's counters. Cycles and instructions aren't counted one by one: what has happened since the last look is added when
 * somebody looks, and before anything that decides on counting changes.
 */
final class PmuCounters {
  private static final int DIVIDER_SHIFT = 6;
  private static final long WORD = 0xFFFF_FFFFL;

  private final ArmCpu cpu;
  private final Clock clock;
  private final PmuControls controls;
  private final long[] counts = new long[COUNTERS];
  private long cycles;
  /** Cycles that the divider has yet to pass on. */
  private long remainder;
  private int overflows;
  private int active;
  private long timeSeen;
  private long retiredSeen;

  PmuCounters(ArmCpu cpu, Clock clock, PmuControls controls, DeviceState state, String prefix) {
    this.cpu = cpu;
    this.clock = clock;
    this.controls = controls;
    state.value(prefix + "PMCCNTR", 0, this::cycles, value -> cycles = value);
    state.value(prefix + "divider", 0, () -> {
      look();
      return remainder;
    }, value -> remainder = value);
    for (int n = 0; n < COUNTERS; n++) {
      int counter = n;
      state.value(prefix + "PMEVCNTR" + n, 0, () -> count(counter), value -> counts[counter] = value);
    }
    state.value(prefix + "PMOVS", 0, () -> overflows() & WORD, value -> overflows = (int) value);
  }

  /** Everything begins now, with nothing counting. */
  void reset() {
    java.util.Arrays.fill(counts, 0);
    cycles = 0;
    remainder = 0;
    overflows = 0;
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

  /** Adds what has happened since the last look. */
  void look() {
    long elapsed = clock.now() - timeSeen;
    long instructions = cpu.retired() - retiredSeen;
    timeSeen += elapsed;
    retiredSeen += instructions;
    if (active == 0 || (elapsed | instructions) == 0) {
      return;
    }
    if ((active & 1 << CYCLES) != 0) {
      addCycles(elapsed);
    }
    for (int n = 0; n < COUNTERS; n++) {
      if ((active >> n & 1) != 0) {
        PmuEvent event = controls.event(n);
        if (event == PmuEvent.INST_RETIRED) {
          add(n, instructions);
        } else if (event == PmuEvent.CPU_CYCLES) {
          add(n, elapsed);
        }
      }
    }
  }

  private void addCycles(long elapsed) {
    long amount = elapsed;
    if (controls.divided()) {
      long all = remainder + elapsed;
      amount = all >>> DIVIDER_SHIFT;
      remainder = all & (1 << DIVIDER_SHIFT) - 1;
    }
    long before = cycles;
    cycles += amount;
    boolean over = controls.longCycles() ? Long.compareUnsigned(cycles, before) < 0 : before >>> 32 != cycles >>> 32;
    if (over) {
      overflows |= 1 << CYCLES;
    }
  }

  private void add(int counter, long amount) {
    long sum = counts[counter] + amount;
    counts[counter] = sum & WORD;
    long carry = sum >>> 32;
    if (carry != 0) {
      overflows |= 1 << counter;
      if (chained(counter)) {
        add(counter + 1, carry);
      }
    }
  }

  /** Whether the next counter counts this one's overflows now. */
  private boolean chained(int counter) {
    return (counter & 1) == 0 && (active >> counter + 1 & 1) != 0 && controls.event(counter + 1) == PmuEvent.CHAIN;
  }

  /** An event happened once; those of {@code counters} that count it do. */
  void happened(PmuEvent what, int counters) {
    for (int n = 0; n < COUNTERS; n++) {
      if ((counters >> n & 1) != 0 && controls.event(n) == what) {
        add(n, 1);
      }
    }
  }

  /** A branch was executed; those of {@code counters} that count its kind do. */
  void branched(int kind, int counters) {
    for (int n = 0; n < COUNTERS; n++) {
      if ((counters >> n & 1) != 0) {
        PmuEvent event = controls.event(n);
        if (event != null && event.counts(kind)) {
          add(n, 1);
        }
      }
    }
  }

  /** Whether one that counts now needs to be told of each branch. */
  boolean branches() {
    for (int n = 0; n < COUNTERS; n++) {
      if ((active >> n & 1) != 0) {
        PmuEvent event = controls.event(n);
        if (event != null && event.branches()) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- Values

  long cycles() {
    look();
    return cycles;
  }

  void cycles(long value) {
    cycles = value;
    remainder = 0;
  }

  long count(int counter) {
    look();
    return counts[counter];
  }

  void count(int counter, long value) {
    counts[counter] = value & WORD;
  }

  /** PMOVSSET_EL0. */
  int overflows() {
    look();
    return overflows;
  }

  void overflows(int value) {
    overflows = value;
  }

  // ---- When something is to be done

  /** Value of {@code ArmCpu.retired} at which a counter overflows that somebody waits for; {@link Long#MAX_VALUE} for none. */
  long retiredAtOverflow() {
    return retiredSeen + toOverflow(PmuEvent.INST_RETIRED, Long.MAX_VALUE - retiredSeen);
  }

  /** Virtual time at which a counter overflows that somebody waits for; {@link Long#MAX_VALUE} for none. */
  long timeOfOverflow() {
    long wait = toOverflow(PmuEvent.CPU_CYCLES, Long.MAX_VALUE - timeSeen);
    if ((active & (int) controls.interrupts.value & 1 << CYCLES) != 0) {
      long left = controls.longCycles() ? -cycles : (1L << 32) - (cycles & WORD);
      if (left > 0 && left < Long.MAX_VALUE >>> DIVIDER_SHIFT) {
        wait = Math.min(wait, controls.divided() ? (left << DIVIDER_SHIFT) - remainder : left);
      }
    }
    return timeSeen + wait;
  }

  private long toOverflow(PmuEvent event, long never) {
    long nearest = never;
    for (int n = 0; n < COUNTERS; n++) {
      boolean waited = (controls.interrupts.value >> n & 1) != 0 || chained(n);
      if ((active >> n & 1) != 0 && waited && controls.event(n) == event) {
        nearest = Math.min(nearest, (1L << 32) - counts[n]);
      }
    }
    return nearest;
  }
}
