// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** Counts and traces what happens in a machine. Never on the hot path, never throws. */
@ProviderType
public interface EventLog {
  /**
   * Reports one event.
   *
   * @param kind  what happened, lower-case words joined by '-', for example {@code unmodelled-access}
   * @param place device instance or other place
   * @param text  details for a person: addresses in hexadecimal, units
   */
  void report(String kind, String place, String text);
}
