// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.firmware.kit.ApicNodes;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Holds the devices of a namespace against the nodes of a topology: by their first windows, and then by what interrupts they have. */
final class NamespaceTruth {
  private static final String SOFT_OFF = "\\_S5";
  private final Platform platform;
  private final List<String> lies = new ArrayList<>();

  private NamespaceTruth(Platform platform) {
    this.platform = platform;
  }

  static List<String> lies(Platform platform, TableSet tables) {
    NamespaceTruth truth = new NamespaceTruth(platform);
    try {
      truth.compare(AmlNamespace.of(tables.definitions()));
    } catch (AcpiException e) {
      truth.lies.add("the namespace can't be read: " + e.getMessage());
    }
    return truth.lies;
  }

  private void compare(AmlNamespace namespace) {
    Map<Long, AmlName> described = new HashMap<>();
    Map<Long, PlatformNode> there = windows();
    for (AmlName device : namespace.devices()) {
      List<Structure> resources = namespace.resources(device).orElse(List.of());
      Optional<Long> place = resources.stream().flatMap(each -> place(each).stream()).findFirst();
      if (place.isEmpty() || bridge(namespace, device)) {
        continue;
      }
      if (described.put(place.get(), device) != null) {
        lies.add(device + ": another device has its place, " + text(place.get()));
      }
      PlatformNode node = there.get(place.get());
      if (node == null) {
        lies.add(device + ": nothing is at " + text(place.get()));
      } else {
        interrupts(device, node, resources);
      }
    }
    there.forEach((place, node) -> {
      if (needsDevice(node) && !described.containsKey(place)) {
        lies.add(node.path() + ": no device of the namespace is at " + text(place));
      }
    });
    boolean switchesOff = namespace.find(AmlName.of(SOFT_OFF)).isPresent();
    boolean can = platform.nodes().stream().anyMatch(node -> node.enabled() && node.isCompatible(PcFadtBuilder.FIXED_HARDWARE));
    if (switchesOff != can) {
      lies.add(SOFT_OFF + ": " + (switchesOff ? "it is said, and nothing is there that switches the machine off"
          : "it isn't said, and the machine can be switched off"));
    }
  }

  private Map<Long, PlatformNode> windows() {
    Map<Long, PlatformNode> found = new HashMap<>();
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && node.slot().isEmpty() && !node.windows().isEmpty()) {
        found.put(node.windows().getFirst().base(), node);
      }
    }
    return found;
  }

  /** Controllers and fixed hardware are in other tables, memory in the memory map, bridges in MCFG. */
  private static boolean needsDevice(PlatformNode node) {
    boolean told = node.isCompatible(PcFadtBuilder.FIXED_HARDWARE) || node.has("interrupt-controller") || node.isCompatible(
        "intel,ce4100-lapic")
        || node.property("device_type").map(type -> type.string().equals("memory") || type.string().equals("pci")).orElse(false);
    return !told && !node.compatible().isEmpty();
  }

  /** Windows of a bridge are those of its bus; what is reserved for its configuration space is in it. */
  private static boolean bridge(AmlNamespace namespace, AmlName device) {
    String id = namespace.id(device, "_HID").orElse("");
    return id.equals("PNP0A08") || id.equals("PNP0A03") || id.equals("PNP0C02") || id.equals("PNP0C0F");
  }

  private static Optional<Long> place(Structure resource) {
    if (resource.layout() == Resource.FIXED_MEMORY_32) {
      return Optional.of(resource.get(Resource.FixedMemory32.BASE_ADDRESS));
    }
    if (resource.layout() == Resource.IO_PORT) {
      return Optional.of(PhysicalBus.PORTS + resource.get(Resource.IoPort.MINIMUM));
    }
    return resource.layout() == Resource.QWORD_ADDRESS_SPACE ? Optional.of(resource.get(Resource.QwordAddressSpace.MINIMUM)) : Optional
        .empty();
  }

  private void interrupts(AmlName device, PlatformNode node, List<Structure> resources) {
    List<Long> said = resources.stream().filter(each -> each.layout() == Resource.EXTENDED_INTERRUPT).flatMap(each -> each.all(
        Resource.NUMBER)
        .stream()).map(each -> each.get(Resource.Number.GSIV)).toList();
    List<Long> there = new ArrayList<>();
    List<String> controllers = ApicNodes.io(platform).stream().map(PlatformNode::path).toList();
    for (InterruptSpecifier each : node.interrupts()) {
      there.add((long) controllers.indexOf(each.controller()) * ApicNodes.INPUTS + each.cells()[0]);
    }
    // Comparators of the HPET say theirs in registers.
    if (!said.equals(there) && !(said.isEmpty() && node.isCompatible("intel,ce4100-hpet"))) {
      lies.add(device + ": the namespace says interrupts " + said + ", " + node.path() + " has " + there);
    }
  }

  private static String text(long place) {
    return new AddressWindow(place, 1).toString().replaceFirst("\\.\\..*", "");
  }
}
