// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import org.xenolith.machine.api.ModelException;

/**
 * Exact conversion between virtual nanoseconds and counter ticks. The two directions agree: {@code ticks(ns)} reaches a
 * count exactly at {@code nanoseconds(count)} and not a nanosecond earlier.
 */
final class CounterScale {
  /** Never: a count that virtual time does not reach. */
  static final long NEVER = Long.MAX_VALUE;
  private static final long SECOND = 1_000_000_000L;
  /** The architecture's highest (Arm ARM D11.1.2); above, a count would be passed over between two nanoseconds. */
  private static final long HIGHEST = 1_000_000_000L;

  private final long hertz;
  private final long wholePeriod;

  CounterScale(long hertz, String place) {
    if (hertz < 1 || hertz > HIGHEST) {
      throw new ModelException(place + ": counter frequency: expected 1 to " + HIGHEST + " Hz, got " + hertz);
    }
    this.hertz = hertz;
    wholePeriod = SECOND % hertz == 0 ? SECOND / hertz : 0;
  }

  long hertz() {
    return hertz;
  }

  /** Ticks that have elapsed {@code ns} nanoseconds after power-on, rounded down. */
  long ticks(long ns) {
    if (wholePeriod != 0) {
      return ns / wholePeriod;
    }
    return ns / SECOND * hertz + ns % SECOND * hertz / SECOND;
  }

  /** The first nanosecond at which the counter shows {@code ticks} (taken as unsigned), or {@link #NEVER}. */
  long nanoseconds(long ticks) {
    if (ticks < 0) {
      return NEVER;
    }
    long seconds = ticks / hertz;
    if (seconds >= Long.MAX_VALUE / SECOND) {
      return NEVER;
    }
    long rest = ticks % hertz * SECOND;
    return seconds * SECOND + (rest + hertz - 1) / hertz;
  }
}
