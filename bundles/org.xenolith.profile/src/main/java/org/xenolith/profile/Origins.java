// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;

/** Finds out whose code a CPU executes. */
record Origins(InspectedMachine machine) {
  Origin of(ProcessorPlace place) {
    return new Origin(machine.guest(place), place.privilege(), place.privilege() == Privilege.KERNEL ? "" : place.level(), place
        .privilege() == Privilege.USER ? place.addressSpace() : "");
  }
}
