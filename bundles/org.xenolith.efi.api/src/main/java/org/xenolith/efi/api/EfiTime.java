// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.YearMonth;

/**
 * EFI_TIME, any 16 bytes of it, valid or not (UEFI 2.10, 8.3): a caller's bytes are carried unchanged until a service judges them.
 *
 * @param year       1900 to 9999
 * @param month      1 to 12
 * @param day        1 to the days of the month
 * @param hour       0 to 23
 * @param minute     0 to 59
 * @param second     0 to 59
 * @param pad1       reserved, byte 7
 * @param nanosecond 0 to 999999999; unsigned
 * @param timeZone   minutes behind UTC, -1440 to 1440, or {@link #UNSPECIFIED}
 * @param daylight   bit 0: the zone has daylight saving time; bit 1: it is in force
 * @param pad2       reserved, byte 15
 */
public record EfiTime(int year, int month, int day, int hour, int minute, int second, int pad1, long nanosecond, int timeZone,
    int daylight, int pad2) {
  /** Bytes in memory. */
  public static final int SIZE = 16;
  /** The time zone of a local time that isn't known to have one. */
  public static final int UNSPECIFIED = 0x7FF;
  private static final int MINUTES_OF_A_DAY = 1440;
  private static final int DAYLIGHT_BITS = 3;

  /** Cuts each number to the bits that it has in memory. */
  public EfiTime {
    year &= 0xFFFF;
    month &= 0xFF;
    day &= 0xFF;
    hour &= 0xFF;
    minute &= 0xFF;
    second &= 0xFF;
    pad1 &= 0xFF;
    nanosecond &= 0xFFFF_FFFFL;
    timeZone = (short) timeZone;
    daylight &= 0xFF;
    pad2 &= 0xFF;
  }

  /** A time in UTC, without a fraction of a second. */
  public static EfiTime utc(int year, int month, int day, int hour, int minute, int second) {
    return new EfiTime(year, month, day, hour, minute, second, 0, 0, 0, 0, 0);
  }

  /** The time whose 16 bytes are at an offset. */
  public static EfiTime ofBytes(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, SIZE).order(ByteOrder.LITTLE_ENDIAN);
    return new EfiTime(in.getShort(), in.get(), in.get(), in.get(), in.get(), in.get(), in.get(), in.getInt(), in.getShort(), in.get(),
        in.get());
  }

  /** The 16 bytes in memory. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN).putShort((short) year).put((byte) month).put((byte) day)
        .put((byte) hour).put((byte) minute).put((byte) second).put((byte) pad1).putInt((int) nanosecond).putShort((short) timeZone)
        .put((byte) daylight).put((byte) pad2).array();
  }

  /** Whether every field is in its range; the reserved bytes may be anything. */
  public boolean isValid() {
    return year >= 1900 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= YearMonth.of(year, month).lengthOfMonth()
        && hour <= 23 && minute <= 59 && second <= 59 && nanosecond <= 999_999_999
        && (timeZone == UNSPECIFIED || timeZone >= -MINUTES_OF_A_DAY && timeZone <= MINUTES_OF_A_DAY) && (daylight & ~DAYLIGHT_BITS) == 0;
  }
}
