// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.OptionalInt;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.platform.api.AddressWindow;

/**
 * The driver of the machine's interrupt translation service (ITS), and the virtual ones that domains see: whose the messages of
 * a function are. The role {@code its}.
 */
@ConsumerType
public interface DeviceMessages {
  /** DeviceID of a function at an ITS that is driven ({@code msi-map}, {@code msi-parent}); empty if its messages go elsewhere. */
  OptionalInt device(HostBridgePort bridge, int rid);

  /**
   * Messages of a device are the domain's from now on: it maps them by its own ITS under {@code guestDevice}. What it had mapped,
   * or another domain, is forgotten.
   *
   * @param device      DeviceID at the machine's ITS
   * @param guestDevice DeviceID as the domain's commands name it
   * @return 0 or a negative errno
   */
  int give(int device, Domain domain, int guestDevice);

  /** Messages of a device are nobody's any more: they raise nothing. */
  void take(int device);

  /** Gives a domain that is being built a virtual ITS; null if the machine has none that is driven. */
  Its its(Domain domain);

  /** The virtual ITS of a domain; null if it has none. */
  Its facts(Domain domain);

  /**
   * A virtual ITS.
   *
   * @param registers its two frames of 64 KiB, control and translation, by the domain's own addresses
   */
  record Its(AddressWindow registers) {}
}
