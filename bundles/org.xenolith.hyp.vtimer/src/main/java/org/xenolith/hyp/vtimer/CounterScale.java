// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

/** When the system counter, which is 0 at power-on, shows a count. */
final class CounterScale {
  /** Never: a count that virtual time does not reach. */
  static final long NEVER = Long.MAX_VALUE;
  private static final long SECOND = 1_000_000_000L;

  private final long hertz;

  /** @param hertz 1 to 1 GHz */
  CounterScale(long hertz) {
    this.hertz = hertz;
  }

  /** The first virtual nanosecond at which the counter shows {@code ticks}, or {@link #NEVER}. */
  long nanoseconds(long ticks) {
    if (ticks < 0) {
      return NEVER;
    }
    long seconds = ticks / hertz;
    if (seconds >= Long.MAX_VALUE / SECOND) {
      return NEVER;
    }
    return seconds * SECOND + (ticks % hertz * SECOND + hertz - 1) / hertz;
  }
}
