// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

/**
 * How a domain has set its clock; seconds since 1970 are the domain's.
 *
 * @param ahead   seconds by which it is ahead of the board's
 * @param alarm   when its alarm is due
 * @param since   when clock or alarm were set last: an alarm that was over then isn't due
 * @param enabled whether the alarm is on
 * @param due     whether it was due before the clock was set
 */
record ClockSettings(long ahead, long alarm, long since, boolean enabled, boolean due) {
  /** Of a domain that has never set it. */
  static final ClockSettings BOARDS = new ClockSettings(0, 0, 0, false, false);

  /** Whether the alarm has been due, at a time. */
  boolean isDue(long now) {
    return due || alarm >= since && now >= alarm;
  }
}
