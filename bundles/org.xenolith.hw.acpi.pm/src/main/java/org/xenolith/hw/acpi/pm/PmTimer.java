// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

/** The power management timer (ACPI 6.5, 4.8.2.1): 32 bits at 3.579545 MHz of virtual time, which no reset stops. */
final class PmTimer {
  static final long HERTZ = 3_579_545;
  private static final long SECOND = 1_000_000_000L;
  private static final int TOP_BIT = 31;

  private PmTimer() {}

  /** Ticks up to a virtual time in nanoseconds; seconds apart, as the product has more than 63 bits after 43 minutes. */
  static long ticks(long now) {
    return now / SECOND * HERTZ + now % SECOND * HERTZ / SECOND;
  }

  /** How often bit 31 has changed up to then. */
  static long changes(long now) {
    return ticks(now) >>> TOP_BIT;
  }

  /** The virtual time in nanoseconds at which bit 31 changes for the n-th time. */
  static long timeOfChange(long n) {
    long ticks = n << TOP_BIT;
    return ticks / HERTZ * SECOND + (ticks % HERTZ * SECOND + HERTZ - 1) / HERTZ;
  }
}
