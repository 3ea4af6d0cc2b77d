// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

/** Times of the day of the alarm, each of hour, minute and second one or any (data sheet, Setting the alarm). */
record AlarmTime(int hour, int minute, int second) {
  /** Any. */
  private static final int ANY = -1;
  /** Bytes from here on mean any. */
  private static final int DO_NOT_CARE = 0xC0;
  private static final int DAY = 86_400;
  private static final int HOUR = 3600;
  private static final int MINUTE = 60;

  static AlarmTime of(long[] bytes, ClockFormat format) {
    return new AlarmTime(bytes[5] >= DO_NOT_CARE ? ANY : format.readHour((int) bytes[5]), bytes[3] >= DO_NOT_CARE ? ANY : format.read(
        (int) bytes[3]), bytes[1] >= DO_NOT_CARE ? ANY : format.read((int) bytes[1]));
  }

  /** The first date behind another at which it is such a time; {@code Long.MAX_VALUE} if no time is so. */
  long after(long date) {
    if (hour >= 24 || minute >= 60 || second >= 60) {
      return Long.MAX_VALUE;
    }
    long at = date + 1;
    long end = date + DAY;
    while (at <= end) {
      int time = (int) Math.floorMod(at, (long) DAY);
      if (hour != ANY && time / HOUR != hour) {
        at += HOUR - time % HOUR;
      } else if (minute != ANY && time / MINUTE % MINUTE != minute) {
        at += MINUTE - time % MINUTE;
      } else if (second != ANY && time % MINUTE != second) {
        at++;
      } else {
        return at;
      }
    }
    return Long.MAX_VALUE;
  }
}
