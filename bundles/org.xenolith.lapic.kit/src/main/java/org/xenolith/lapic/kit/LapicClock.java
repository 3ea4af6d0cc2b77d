// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

/**
 * Exact conversion between virtual nanoseconds and ticks of the timers' clock. The two directions agree: {@code ticks(ns)} reaches a count exactly at
 * {@code nanoseconds(count)} and not a nanosecond earlier.
 */
public final class LapicClock {
  /** The highest frequency in hertz; products of it and a second's nanoseconds still fit 63 bits. */
  public static final long HIGHEST = 0xFFFF_FFFFL;
  private static final long SECOND = 1_000_000_000L;

  private final long hertz;

  /**
   * A clock of so many ticks in a second.
   *
   * @throws IllegalArgumentException if they aren't 1 to {@link #HIGHEST}
   */
  public LapicClock(long hertz) {
    if (hertz < 1 || hertz > HIGHEST) {
      throw new IllegalArgumentException("frequency of the timers: expected 1 to " + HIGHEST + " Hz, got " + hertz);
    }
    this.hertz = hertz;
  }

  /** Ticks that have elapsed {@code ns} nanoseconds after power-on, rounded down. */
  public long ticks(long ns) {
    return ns / SECOND * hertz + ns % SECOND * hertz / SECOND;
  }

  /** The first nanosecond at which {@code ticks} have elapsed, or {@link Long#MAX_VALUE} for never. */
  public long nanoseconds(long ticks) {
    long seconds = ticks / hertz;
    if (ticks < 0 || seconds >= Long.MAX_VALUE / SECOND) {
      return Long.MAX_VALUE;
    }
    return seconds * SECOND + (ticks % hertz * SECOND + hertz - 1) / hertz;
  }
}
