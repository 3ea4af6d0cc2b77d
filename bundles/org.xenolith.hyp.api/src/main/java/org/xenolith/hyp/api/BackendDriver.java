// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** A kind of back end, as {@code BackendDevices} of hyp.kit calls it. */
@ConsumerType
public interface BackendDriver {
  /** A device appeared: writes what it can into the store ({@code feature-…}). @return false if it can't be served */
  boolean advertise(Backend device);

  /** The front end is ready: maps its ring, binds its port, tells it what it must know. @return false if that fails */
  boolean connect(Backend device);

  /** A connected device lets go of all that it has of the domain's. */
  void disconnect(Backend device);

  /** Whether the driver has a record of this device as connected, which it then goes on serving. */
  boolean resume(Backend device);
}
