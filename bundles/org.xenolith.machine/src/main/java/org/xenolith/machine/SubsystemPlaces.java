// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.SortedSet;
import org.xenolith.machine.DeviceSlot.Role;
import org.xenolith.platform.api.PlatformNode;

/**
 * Places for the subsystems of a machine's hypervisor: one for each role that was ever offered, at the hypervisor's node and
 * in alphabetical order behind it, so that a role nobody thought of gets its place like any other.
 */
final class SubsystemPlaces {
  /** {@code compatible} of the node that stands for the hypervisor. */
  private static final String HYPERVISOR = "xenolith,hypervisor";

  private final Hardware hardware;

  SubsystemPlaces(Hardware hardware) {
    this.hardware = hardware;
  }

  /** Makes the places that aren't there yet; does nothing in a machine without a hypervisor. */
  void add(SortedSet<String> roles) {
    for (PlatformNode node : hardware.platform.nodes()) {
      if (node.enabled() && node.compatible().contains(HYPERVISOR)) {
        roles.forEach(role -> add(node, role));
      }
    }
  }

  private void add(PlatformNode node, String role) {
    DeviceSlot slot = new DeviceSlot(hardware, node, Role.SUBSYSTEM, role, hardware.slots.size());
    int at = hardware.slots.size();
    for (int i = hardware.slots.size() - 1; i >= 0; i--) {
      DeviceSlot other = hardware.slots.get(i);
      if (other.node() == node && other.role() == Role.SUBSYSTEM) {
        int order = other.instance().compareTo(slot.instance());
        if (order == 0) {
          return;
        }
        if (order > 0) {
          at = i;
        }
      }
    }
    hardware.slots.add(at, slot);
  }
}
