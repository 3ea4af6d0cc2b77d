// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

/**
 * How a guest makes nanoseconds of ticks of its time-stamp counter: {@code ((ticks << shift) * multiplier) >> 32}, a negative shift being one to the
 * right (public header {@code xen.h}, {@code struct vcpu_time_info}). The multiplier has its highest bit set, so that as little as possible is lost.
 *
 * @param multiplier of 32 bits, unsigned
 * @param shift      in bits
 */
record TimeScale(int multiplier, int shift) {
  private static final long SECOND = 1_000_000_000L;

  /**
   * The scale of a counter.
   *
   * @param hertz its frequency, 1 to 2³² Hz
   */
  static TimeScale of(long hertz) {
    long scaled = hertz;
    int shift = 0;
    // between 1 and 2 GHz a tick is at least half a nanosecond and less than a whole one
    while (scaled > 2 * SECOND) {
      scaled >>= 1;
      shift--;
    }
    while (scaled <= SECOND) {
      scaled <<= 1;
      shift++;
    }
    // of the frequency itself, as half of an odd one would make time run too fast
    return new TimeScale((int) (shift < 0 ? Long.divideUnsigned(SECOND << 32 - shift, hertz) : (SECOND << 32) / scaled), shift);
  }

  /**
   * When the counter came to the value that it shows, if nobody wrote to it: the time at which a whole number of ticks had passed since power-on.
   * What is between that and now belongs to the next tick; a guest that counted it twice would see time go back.
   *
   * @param now   nanoseconds
   * @param hertz the counter's frequency, at most 2³² Hz
   */
  static long lastTick(long now, long hertz) {
    long ticks = now % SECOND * hertz / SECOND;
    return now - now % SECOND + (ticks * SECOND + hertz - 1) / hertz;
  }
}
