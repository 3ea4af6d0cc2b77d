// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import org.xenolith.machine.api.ModelException;

/** What a service offers to machines. */
interface Offer {
  /** Decides between offers for the same. */
  int ranking();

  /** Who offers it. */
  Provider provider();

  /**
   * Its service, which is needed now.
   *
   * @param factory null if the service is gone
   * @throws ModelException if it is
   */
  default <T> T needed(T factory) {
    if (factory == null) {
      throw new ModelException(provider() + ": the service was withdrawn or can't be activated; look at its bundle");
    }
    return factory;
  }
}
