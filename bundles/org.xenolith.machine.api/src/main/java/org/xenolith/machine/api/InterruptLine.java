// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** A wire from a device to an interrupt controller's input. Level is active-high in the model whatever the polarity. */
@ProviderType
public interface InterruptLine {
  /** Drives the wire; unchanged levels cost nothing. */
  void set(boolean level);

  /** The level now driven. */
  boolean level();

  /** Raises and lowers the wire: one edge. */
  default void pulse() {
    set(true);
    set(false);
  }
}
