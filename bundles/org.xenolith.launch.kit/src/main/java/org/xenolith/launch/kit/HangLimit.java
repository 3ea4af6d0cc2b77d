// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import org.xenolith.machine.control.Hang;

/**
 * How long a call into a bundle may take before a run is ended in the middle of it, where nobody is there to decide.
 *
 * @param nanoseconds host time; 0 for any
 */
public record HangLimit(long nanoseconds) {
  private static final double SECOND = 1e9;
  /** It may take any time. */
  public static final HangLimit NONE = new HangLimit(0);
  /** What holds unless something else is said. */
  public static final HangLimit USUAL = ofSeconds(30);

  /** The limit of so many seconds of host time; 0 for none. */
  public static HangLimit ofSeconds(double seconds) {
    return new HangLimit((long) Math.ceil(seconds * SECOND));
  }

  /** Whether there is no limit. */
  public boolean isNone() { return nanoseconds == 0; }

  /** Whether a call has taken longer. */
  boolean reached(Hang hang) {
    return !isNone() && hang.nanoseconds() > nanoseconds;
  }
}
