// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** A date as the bytes of the clock, and back. Index 7 to 9 and the century have the date, 0, 2 and 4 the time. */
final class CalendarBytes {
  static final int SECONDS = 0;
  static final int MINUTES = 2;
  static final int HOURS = 4;
  static final int WEEKDAY = 6;
  static final int DAY = 7;
  static final int MONTH = 8;
  static final int YEAR = 9;
  static final int CENTURY = 0x32;
  private static final int HUNDRED = 100;
  private static final int MINUTE = 60;
  private static final int HOUR = 3600;

  private CalendarBytes() {}

  static boolean isTime(int index) {
    return index <= YEAR && index != 1 && index != 3 && index != 5 || index == CENTURY;
  }

  /** The byte of a date in seconds after 1970. */
  static int byteOf(int index, long date, ClockFormat format) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(date, 0, ZoneOffset.UTC);
    return switch (index) {
      case SECONDS -> format.write(time.getSecond());
      case MINUTES -> format.write(time.getMinute());
      case HOURS -> format.writeHour(time.getHour());
      // Sunday is 1.
      case WEEKDAY -> format.write(time.getDayOfWeek().getValue() % 7 + 1);
      case DAY -> format.write(time.getDayOfMonth());
      case MONTH -> format.write(time.getMonthValue());
      case YEAR -> format.write(Math.floorMod(time.getYear(), HUNDRED));
      default -> format.write(Math.floorMod(Math.floorDiv(time.getYear(), HUNDRED), HUNDRED));
    };
  }

  /** The date in seconds after 1970 of bytes; those that no date has count as so much more. */
  static long date(long[] bytes, ClockFormat format) {
    int year = format.read((int) bytes[CENTURY]) * HUNDRED + format.read((int) bytes[YEAR]);
    LocalDate day = LocalDate.of(year, 1, 1).plusMonths(format.read((int) bytes[MONTH]) - 1L).plusDays(format.read((int) bytes[DAY]) - 1L);
    return day.atStartOfDay().toEpochSecond(ZoneOffset.UTC) + (long) format.readHour((int) bytes[HOURS]) * HOUR + (long) format.read(
        (int) bytes[MINUTES]) * MINUTE + format.read((int) bytes[SECONDS]);
  }
}
