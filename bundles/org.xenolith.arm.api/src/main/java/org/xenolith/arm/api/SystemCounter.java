// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The system counter of the generic timer (Arm ARM D11.1.2), as the model that counts it offers it to others. */
@ConsumerType
public interface SystemCounter {
  /** How often it counts in a second: 1 to 1,000,000,000 Hz. What software writes to CNTFRQ_EL0 does not change it. */
  long hertz();

  /** What it shows now, as CNTPCT_EL0 does. */
  long count();

  /**
   * The first virtual nanosecond since power-on at which it shows a count, for an alarm ({@code DeviceTime.alarm}).
   *
   * @param count as an unsigned number; past ones are answered, too
   * @return nanoseconds, or {@link Long#MAX_VALUE} if virtual time does not reach that count
   */
  long nanoseconds(long count);
}
