// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.xenolith.efi.api.EfiTime;

/** Dates as a clock counts them and as EFI says them (UEFI 2.10, 8.3: local time is UTC without the zone's minutes). */
public final class LocalTime {
  private static final int SECONDS_OF_A_MINUTE = 60;
  private static final int SECONDS_OF_AN_HOUR = 3600;
  /** Daylight saving time is in force. */
  private static final int IN_DAYLIGHT = 2;

  private LocalTime() {}

  private static long behind(int zone, int daylight) {
    return (zone == EfiTime.UNSPECIFIED ? 0 : (long) zone * SECONDS_OF_A_MINUTE) - ((daylight & IN_DAYLIGHT) == 0 ? 0 : SECONDS_OF_AN_HOUR);
  }

  /** Seconds since 1970 in UTC, or in local time if the zone is unspecified. @throws DateTimeException if it isn't valid */
  public static long seconds(EfiTime time) {
    if (!time.isValid()) {
      throw new DateTimeException(time.toString());
    }
    return LocalDateTime.of(time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second()).toEpochSecond(ZoneOffset.UTC)
        + behind(time.timeZone(), time.daylight());
  }

  /** The date in a zone. */
  public static EfiTime of(long seconds, int zone, int daylight) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(seconds - behind(zone, daylight), 0, ZoneOffset.UTC);
    return new EfiTime(time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour(), time.getMinute(), time.getSecond(), 0, 0,
        zone, daylight, 0);
  }
}
