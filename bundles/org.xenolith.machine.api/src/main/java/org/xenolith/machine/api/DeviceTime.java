// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** Virtual time, and what a device has to do in it. */
@ProviderType
public interface DeviceTime {
  /** Virtual time. */
  Clock clock();

  /**
   * An entry in the machine's event queue. Its deadline is saved and restored with the device's state by the core.
   *
   * @param name   unique in the device
   * @param action runs on the machine's thread when the deadline is reached; disarmed before it runs
   * @throws ModelException if the device has an alarm of that name
   */
  Alarm alarm(String name, Runnable action);
}
