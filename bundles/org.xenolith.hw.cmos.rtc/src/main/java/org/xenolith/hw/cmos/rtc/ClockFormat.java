// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

/** How bytes of time are written: BCD or binary, with 12 or 24 hours (data sheet, Register B). */
record ClockFormat(boolean binary, boolean hours24) {
  private static final int AFTERNOON = 0x80;
  private static final int NOON = 12;

  int write(int value) {
    return binary ? value & 0xFF : value / 10 % 10 << 4 | value % 10;
  }

  int read(int written) {
    return binary ? written : (written >> 4) * 10 + (written & 0xF);
  }

  int writeHour(int hour) {
    if (hours24) {
      return write(hour);
    }
    return write(hour % NOON == 0 ? NOON : hour % NOON) | (hour >= NOON ? AFTERNOON : 0);
  }

  int readHour(int written) {
    if (hours24) {
      return read(written);
    }
    return read(written & ~AFTERNOON) % NOON + ((written & AFTERNOON) != 0 ? NOON : 0);
  }
}
