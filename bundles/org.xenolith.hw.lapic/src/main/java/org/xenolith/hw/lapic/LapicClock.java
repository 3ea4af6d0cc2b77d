// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import org.xenolith.machine.api.ModelException;

/**
 * Exact conversion between virtual nanoseconds and ticks of the timers' clock. The two directions agree: {@code ticks(ns)} reaches a count exactly at
 * {@code nanoseconds(count)} and not a nanosecond earlier.
 */
final class LapicClock {
  private static final long SECOND = 1_000_000_000L;
  /** A cell's; products of it and a second's nanoseconds still fit 63 bits. */
  private static final long HIGHEST = 0xFFFF_FFFFL;

  private final long hertz;

  LapicClock(long hertz, String place) {
    if (hertz < 1 || hertz > HIGHEST) {
      throw new ModelException(place + ": frequency of the timers: expected 1 to " + HIGHEST + " Hz, got " + hertz
          + "; correct clock-frequency or the option frequency");
    }
    this.hertz = hertz;
  }

  /** Ticks that have elapsed {@code ns} nanoseconds after power-on, rounded down. */
  long ticks(long ns) {
    return ns / SECOND * hertz + ns % SECOND * hertz / SECOND;
  }

  /** The first nanosecond at which {@code ticks} have elapsed, or {@link Long#MAX_VALUE} for never. */
  long nanoseconds(long ticks) {
    long seconds = ticks / hertz;
    if (ticks < 0 || seconds >= Long.MAX_VALUE / SECOND) {
      return Long.MAX_VALUE;
    }
    return seconds * SECOND + (ticks % hertz * SECOND + hertz - 1) / hertz;
  }
}
