// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.places.DeviceSlot.Role;
import org.xenolith.platform.api.PlatformNode;

/**
 * Places for the parts of a machine's software that is in Java, a hypervisor or firmware: one for each role that was ever offered to
 * machines with such CPUs, at the node that stands for the software and in alphabetical order behind it, so that a role nobody thought of
 * gets its place like any other.
 */
public final class SubsystemPlaces {
  /** The service property that offers roles, by {@code compatible} of the node that stands for the software. */
  private static final Map<String, String> PROPERTIES = Map.of(
      "xenolith,hypervisor", "xenolith.subsystem",
      "xenolith,efi-firmware", "xenolith.firmware",
      "xenolith,boot-services", "xenolith.efi-layer");

  private final Hardware hardware;

  public SubsystemPlaces(Hardware hardware) {
    this.hardware = hardware;
  }

  /** Whether a node stands for software that the machine itself consists of. */
  public static boolean isSoftware(PlatformNode node) {
    return node.enabled() && node.compatible().stream().anyMatch(PROPERTIES::containsKey);
  }

  /** All properties that offer roles. */
  public static Set<String> properties() {
    return Set.copyOf(PROPERTIES.values());
  }

  /** Roles as offers have them: what is offered differs by the property that offers it. */
  public static Set<String> roles(String property, Set<String> names) {
    Set<String> roles = new LinkedHashSet<>();
    names.forEach(name -> roles.add(property + '=' + name));
    return roles;
  }

  /** The name of a role. */
  public static String name(String role) {
    return role.substring(role.indexOf('=') + 1);
  }

  /** Makes the places that aren't there yet; does nothing in a machine without such software. */
  public void add(Offers offers) {
    SortedSet<String> roles = offers.roles(hardware.bootCpu().instructions());
    for (PlatformNode node : hardware.platform.nodes()) {
      if (node.enabled()) {
        PROPERTIES.forEach((compatible, property) -> {
          if (node.compatible().contains(compatible)) {
            roles.stream().filter(role -> role.startsWith(property + '=')).forEach(role -> add(node, role));
          }
        });
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
