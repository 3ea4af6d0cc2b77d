// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A layer of UEFI firmware: functions that guests, other layers among them, call by pointers in interfaces. A layer has no state, so one
 * provider serves the machine and each domain, and another can take its place between any two steps of a call.
 */
@ConsumerType
public interface EfiLayer {
  /** Its role: lower case, without spaces; names of functions belong to it. */
  String name();

  /**
   * Version of what its steps and numbers mean. Calls that are open and interfaces that are published go on with another provider of the same
   * version only; with one of another version they end with DEVICE_ERROR.
   */
  int version();

  /**
   * The firmware was entered, or this layer was added while it runs: publishes what is to be there without a caller, such as a driver's
   * binding. Called once for each time that firmware is entered, not for a provider that takes an earlier one's place.
   */
  void begin(Firmware firmware);

  /** One of its functions; null if it has none of that name. */
  EfiFunction function(String name);
}
