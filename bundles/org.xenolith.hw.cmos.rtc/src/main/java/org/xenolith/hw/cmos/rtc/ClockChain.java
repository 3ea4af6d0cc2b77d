// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * The divider chain: 32,768 Hz of virtual time, divided down to the second that counts the date. Its phase, and the date at virtual time 0, are the state; so it
 * goes on by itself, and over resets.
 */
final class ClockChain {
  static final long SECOND = 1_000_000_000L;
  static final int HERTZ = 32_768;
  /** When the chain was held in reset, the first second ends that long after it was let go (data sheet, Divider Control). */
  private static final long FIRST_SECOND = SECOND / 2;

  /** Seconds after 1970 at chain time 0. */
  private final LongCell base;
  /** Chain time at virtual time 0, in nanoseconds below a second. */
  private final LongCell phase;

  ClockChain(DeviceState state, long epoch) {
    base = state.cell("base", epoch);
    phase = state.cell("phase", 0);
  }

  /** Seconds that have ended. */
  long seconds(long now) {
    return Math.floorDiv(now + phase.value, SECOND);
  }

  /** Nanoseconds of the second that has begun. */
  long fraction(long now) {
    return Math.floorMod(now + phase.value, SECOND);
  }

  /** Seconds after 1970. */
  long date(long now) {
    return base.value + seconds(now);
  }

  /** Makes it that date, in the middle of the second as it may be. */
  void date(long now, long date) {
    base.value = date - seconds(now);
  }

  /** The chain begins anew. */
  void restart(long now) {
    phase.value = Math.floorMod(SECOND - FIRST_SECOND - now, SECOND);
  }

  /** The virtual time at which a date begins. */
  long timeOf(long date) {
    return (date - base.value) * SECOND - phase.value;
  }

  /** How many periods of {@code 2^shift} ticks have ended. */
  long periods(long now, int shift) {
    return seconds(now) * HERTZ + fraction(now) * HERTZ / SECOND >> shift;
  }

  /** The virtual time at which so many periods have ended. */
  long timeOfPeriod(long count, int shift) {
    long ticks = count << shift;
    return ticks / HERTZ * SECOND + (ticks % HERTZ * SECOND + HERTZ - 1) / HERTZ - phase.value;
  }
}
