// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** A permanent port at which links of devices end that may have faults: of a network, a serial line, a bus. It keeps the fault, whoever comes and goes on either side. */
@ConsumerType
public interface LinkPort {
  /**
   * Gives a device's link a fault, or takes it away. Machine thread only.
   *
   * @param device path of the device's node
   * @param its    whether the port is at that node
   * @param fault  null for none
   * @return whether the device has a link here; if not, nothing has changed
   * @throws IllegalArgumentException if such a link can't have that fault; the message says what it can
   */
  boolean link(String device, boolean its, @Nullable LinkFault fault);
}
