// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The time services of a guest (UEFI 2.10, 8.3), which the firmware takes from the board's clock. */
@ConsumerType
public interface TimeServices {
  /** The date of the board's clock. */
  TimeAnswer getTime();

  /** Sets it: INVALID_PARAMETER for a field out of range, DEVICE_ERROR, UNSUPPORTED. */
  EfiStatus setTime(EfiTime time);

  /** The alarm that wakes the machine. */
  WakeupAnswer getWakeupTime();

  /**
   * Sets or clears that alarm.
   *
   * @param time when; null with {@code enable}: as it was set before
   */
  EfiStatus setWakeupTime(boolean enable, EfiTime time);
}
