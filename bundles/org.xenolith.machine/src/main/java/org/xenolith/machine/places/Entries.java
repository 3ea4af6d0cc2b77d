// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import org.xenolith.machine.api.ModelException;

/** Checks of what a model asks of its node's lists. */
record Entries(DeviceSlot slot, String model) {
  /**
   * Requires that a list has an entry.
   *
   * @throws ModelException if it hasn't
   */
  void require(String property, int index, int entries) {
    if (index < 0 || index >= entries) {
      throw new ModelException(slot.instance() + ": " + property + ": " + model + " needs entry " + index + ", the node has " + entries);
    }
  }
}
