// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.kit.AcpiParts;

/** The nodes that kinds make of devices. */
final class DeviceNodes {
  /** Bridges, and what has its place elsewhere: processors and their groups, links of pins, what reserves addresses, containers. */
  private static final Set<String> ELSEWHERE = Set.of("PNP0A08", "PNP0A03", "ACPI0007", "ACPI0010", "PNP0C0F", "PNP0C02", "PNP0C01",
      "ACPI0004", "PNP0A05", "PNP0A06");

  private final TablesToTree machine;
  private final ControllerNodes controller;
  private final RequesterMaps requesters;
  private final TreeNodes nodes;
  private final Map<String, AcpiDeviceKind> kinds = new HashMap<>();
  private final Map<Integer, AcpiDeviceKind> serial = new HashMap<>();
  private final Map<Long, String> names = new HashMap<>();

  DeviceNodes(TablesToTree machine, ControllerNodes controller, RequesterMaps requesters, AcpiParts parts, TreeNodes nodes) {
    this.requesters = requesters;
    this.machine = machine;
    this.controller = controller;
    this.nodes = nodes;
    parts.devices().values().stream().distinct().sorted(Comparator.comparing(kind -> kind.getClass().getName())).forEach(kind -> {
      kind.hardwareIds().forEach(id -> kinds.putIfAbsent(id, kind));
      kind.serialTypes().forEach(type -> serial.putIfAbsent(type, kind));
    });
  }

  /** Makes a node of each device that some kind knows; others are named. */
  void add() {
    DeviceSearch search = new DeviceSearch(machine);
    for (FoundDevice device : machine.devices()) {
      Optional<String> other = search.id(AmlName.of(device.path()), "_CID");
      AcpiDeviceKind kind = kinds.getOrDefault(device.id(), other.map(kinds::get).orElse(null));
      if (kind != null) {
        add(device, kind);
      } else if (!ELSEWHERE.contains(device.id()) && !ELSEWHERE.contains(other.orElse(""))) {
        machine.untold(device.path(), "no installed bundle makes a node of a device with hardware id " + device.id(),
            "write its node into the topology, or install a bundle that does");
      }
    }
  }

  private void add(FoundDevice device, AcpiDeviceKind kind) {
    kind.node(machine, device).ifPresent(made -> {
      String unit = device.windows().isEmpty() || made.name().indexOf('@') >= 0 ? ""
          : "@" + Long.toHexString(device.windows().getFirst().base());
      List<FdtProperty> properties = new ArrayList<>();
      made.property("compatible").ifPresent(properties::add);
      if (!device.windows().isEmpty() && !made.has("reg")) {
        properties.add(TreeNodes.reg(device.windows()));
      }
      if (!device.interrupts().isEmpty() && !made.has("interrupts")) {
        properties.add(controller.interrupts(device.interrupts()));
      }
      made.properties().stream().filter(property -> !property.name().equals("compatible")).forEach(properties::add);
      if (device.coherent()) {
        properties.add(FdtProperty.ofFlag("dma-coherent"));
      }
      properties.addAll(requesters.ofDevice(device.path()));
      FdtNode node = new FdtNode(made.name() + unit, properties, made.children());
      if (!nodes.add(device.path(), node, device.windows())) {
        machine.untold(device.path(), "another device has the place of " + node.name(), "it is left out");
      } else if (!device.windows().isEmpty()) {
        names.putIfAbsent(device.windows().getFirst().base(), "/" + node.name());
      }
    });
  }

  /** The path of the node whose first window begins at an address. */
  Optional<String> at(long base) {
    return Optional.ofNullable(names.get(base));
  }

  /** Makes a node of a UART that only SPCR or DBG2 has. */
  void addPort(FoundDevice port, int type) {
    AcpiDeviceKind kind = serial.get(type);
    if (kind != null) {
      add(port, kind);
    }
  }
}
