// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import java.time.LocalDate;

/**
 * Time and date as the bytes in which software sees them: BCD or binary, hours of 12 or 24 (MC146818 data sheet, table 2, and register B).
 * What software has written stays as it is until the next second. A date that there isn't, or digits that are none, then count on as far as
 * they go: the second after 31 February is in March.
 */
final class Calendar {
  static final int SECOND = 0x00;
  static final int SECOND_ALARM = 0x01;
  static final int MINUTE = 0x02;
  static final int MINUTE_ALARM = 0x03;
  static final int HOUR = 0x04;
  static final int HOUR_ALARM = 0x05;
  static final int WEEKDAY = 0x06;
  static final int DAY = 0x07;
  static final int MONTH = 0x08;
  static final int YEAR = 0x09;
  static final int REGISTER_B = 0x0B;
  /** Where PCs have it: the chip has none. */
  static final int CENTURY = 0x32;

  /** Register B: binary and not BCD. */
  static final int BINARY = 0x04;
  /** Register B: hours of 24 and not of 12. */
  static final int HOURS_24 = 0x02;
  private static final int AFTERNOON = 0x80;
  /** An alarm byte with both top bits set is equal to everything. */
  private static final int ANY = 0xC0;
  private static final int DAY_SECONDS = 86_400;
  private static final int DAYS_OF_WEEK = 7;

  private final byte[] bytes;

  Calendar(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Sets time, date and day of the week. */
  void set(long epochSeconds) {
    long day = Math.floorDiv(epochSeconds, DAY_SECONDS);
    put(day, (int) Math.floorMod(epochSeconds, (long) DAY_SECONDS));
    // 1970-01-01 was a Thursday; Sunday is 1.
    bytes[WEEKDAY] = code((int) Math.floorMod(day + 4, (long) DAYS_OF_WEEK) + 1);
  }

  /** Counts on by {@code seconds}, at least one. The day of the week is a counter of its own, as software may begin a week as it likes. */
  void advance(long seconds) {
    LocalDate date = LocalDate.of(100 * number(CENTURY) + number(YEAR), 1, 1).plusMonths(number(MONTH) - 1L).plusDays(number(DAY) - 1L);
    long all = secondOfDay() + seconds;
    long days = all / DAY_SECONDS;
    put(date.toEpochDay() + days, (int) (all % DAY_SECONDS));
    int weekday = number(WEEKDAY);
    if (days > 0 && weekday >= 1 && weekday <= DAYS_OF_WEEK) {
      bytes[WEEKDAY] = code((int) ((weekday - 1 + days) % DAYS_OF_WEEK) + 1);
    }
  }

  private void put(long epochDay, int secondOfDay) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    // Month 0 of year 0 is in the year before.
    int years = Math.floorMod(date.getYear(), 10_000);
    bytes[CENTURY] = code(years / 100);
    bytes[YEAR] = code(years % 100);
    bytes[MONTH] = code(date.getMonthValue());
    bytes[DAY] = code(date.getDayOfMonth());
    bytes[SECOND] = code(secondOfDay % 60);
    bytes[MINUTE] = code(secondOfDay / 60 % 60);
    int hour = secondOfDay / 3600;
    bytes[HOUR] = has(HOURS_24) ? code(hour) : (byte) (code((hour + 11) % 12 + 1) | (hour >= 12 ? AFTERNOON : 0));
  }

  private int secondOfDay() {
    return hour(HOUR) * 3600 + number(MINUTE) * 60 + number(SECOND);
  }

  /** Seconds until the time is next what the alarm says, at least 1; 0 for an alarm that never comes. */
  long untilAlarm() {
    if (impossible(SECOND_ALARM, 60) || impossible(MINUTE_ALARM, 60) || impossibleHour()) {
      return 0;
    }
    int hours = any(HOUR_ALARM) ? -1 : hour(HOUR_ALARM);
    int minutes = any(MINUTE_ALARM) ? -1 : number(MINUTE_ALARM);
    int seconds = any(SECOND_ALARM) ? -1 : number(SECOND_ALARM);
    int now = secondOfDay() % DAY_SECONDS;
    // Up to the first minute that fits and isn't over, then to the second in it.
    int from = now + 1;
    for (int i = 0; i <= DAY_SECONDS / 60; i++) {
      int minute = from / 60;
      boolean fits = (hours < 0 || hours == minute / 60 % 24) && (minutes < 0 || minutes == minute % 60);
      if (fits && (seconds < 0 || seconds >= from % 60)) {
        return (seconds < 0 ? from : minute * 60 + seconds) - now;
      }
      from = (minute + 1) * 60;
    }
    return 0;
  }

  private boolean any(int alarm) {
    return (bytes[alarm] & ANY) == ANY;
  }

  private boolean impossible(int alarm, int limit) {
    return !any(alarm) && (number(alarm) >= limit || code(number(alarm)) != bytes[alarm]);
  }

  private boolean impossibleHour() {
    if (any(HOUR_ALARM) || has(HOURS_24)) {
      return impossible(HOUR_ALARM, 24);
    }
    int byHalfDay = bytes[HOUR_ALARM] & ~AFTERNOON & 0xFF;
    return decoded(byHalfDay) < 1 || decoded(byHalfDay) > 12 || (code(decoded(byHalfDay)) & 0xFF) != byHalfDay;
  }

  private int hour(int at) {
    if (has(HOURS_24)) {
      return number(at);
    }
    return decoded(bytes[at] & ~AFTERNOON & 0xFF) % 12 + ((bytes[at] & AFTERNOON) != 0 ? 12 : 0);
  }

  private boolean has(int bit) {
    return (bytes[REGISTER_B] & bit) != 0;
  }

  private int number(int at) {
    return decoded(bytes[at] & 0xFF);
  }

  private int decoded(int code) {
    return has(BINARY) ? code : (code >> 4) * 10 + (code & 0xF);
  }

  private byte code(int number) {
    return (byte) (has(BINARY) ? number : number / 10 << 4 | number % 10);
  }
}
