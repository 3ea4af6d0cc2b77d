// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

/**
 * What a trap is answered, in registers x0 to x6.
 *
 * @param code  what is next, of {@link FirmwareProgram}
 * @param frame the frame that it is for
 * @param x2    by the code
 * @param x3    by the code
 * @param x4    by the code
 * @param timer what becomes of the timer
 * @param due   what it is set to, a value of the counter
 * @param posts a list of accesses that come before all of this; 0: there is none. Goes along with the timer, whose values are less than its alignment
 */
record Verdict(int code, long frame, long x2, long x3, long x4, int timer, long due, long posts) {
  static final Verdict STAND = new Verdict(FirmwareProgram.STAND, 0, 0, 0, 0);

  Verdict(int code, long frame, long x2, long x3, long x4) {
    this(code, frame, x2, x3, x4, FirmwareProgram.TIMER_AS_IT_IS, 0, 0);
  }

  /** The same, with the timer. */
  Verdict with(int newTimer, long newDue) {
    return new Verdict(code, frame, x2, x3, x4, newTimer, newDue, posts);
  }

  /** The same behind a list of accesses. */
  Verdict behind(long list) {
    return new Verdict(code, frame, x2, x3, x4, timer, due, list);
  }

  static Verdict of(int code, long frame) {
    return new Verdict(code, frame, 0, 0, 0);
  }
}
