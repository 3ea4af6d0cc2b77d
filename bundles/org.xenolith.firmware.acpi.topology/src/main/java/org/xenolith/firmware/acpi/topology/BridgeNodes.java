// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiBridgeKind.Configuration;
import org.xenolith.firmware.api.FoundBridge;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.platform.api.AddressWindow;

/** The PCI host bridges of MCFG and of the namespace (Devicetree Specification 0.4, 2.4.3; Open Firmware, PCI Bus Binding 2.1). */
final class BridgeNodes {
  private static final Set<String> IDS = Set.of("PNP0A08", "PNP0A03");
  private static final int LAST_BUS = 0xff;
  private static final long LIMIT_32 = 1L << 32;
  private static final int IO_SPACE = 1 << 24;
  private static final int SPACE_32 = 2 << 24;
  private static final int SPACE_64 = 3 << 24;
  private static final int PREFETCHABLE = 1 << 30;

  private final TablesToTree machine;
  private final ControllerNodes controller;
  private final RequesterMaps requesters;
  private final List<AcpiBridgeKind> kinds;
  private final TreeNodes nodes;

  BridgeNodes(TablesToTree machine, ControllerNodes controller, RequesterMaps requesters, AcpiParts parts, TreeNodes nodes) {
    this.machine = machine;
    this.controller = controller;
    this.requesters = requesters;
    this.nodes = nodes;
    kinds = parts.bridges().values().stream().distinct().sorted(Comparator.comparing(kind -> kind.getClass().getName())).toList();
  }

  void add() {
    int bridges = 0;
    for (FoundDevice device : machine.devices()) {
      if (IDS.contains(device.id())) {
        bridges++;
        bridge(device);
      }
    }
    if (bridges == 0 && machine.tables().find("MCFG").isPresent()) {
      machine.untold("MCFG", "the namespace has no bridge for the configuration space that it names", "write the bridge into the topology");
    }
  }

  private void bridge(FoundDevice device) {
    AmlName path = AmlName.of(device.path());
    List<ResourceWindow> windows = new DeviceSearch(machine).resources(path).stream()
        .flatMap(each -> ResourceWindow.of(each).stream()).toList();
    int segment = (int) number(path, "_SEG", 0);
    Optional<ResourceWindow> buses = windows.stream().filter(each -> each.type() == Resource.BUS).findFirst();
    int first = (int) (buses.map(ResourceWindow::bus).orElse(number(path, "_BBN", 0)) & LAST_BUS);
    int last = (int) Math.clamp(buses.map(each -> each.bus() + each.size() - 1).orElse((long) LAST_BUS), first, LAST_BUS);
    Optional<Configuration> configuration = configuration(path, segment, first, last);
    if (configuration.isEmpty()) {
      machine.untold(device.path(), "neither MCFG nor _CBA says where its configuration space is", "write its node into the topology");
      return;
    }
    TableIdentity maker = machine.tables().find("MCFG").map(AcpiTable::structure).map(TableIdentity::of)
        .orElse(new TableIdentity("", "", 0, "", 0));
    FoundBridge bridge = new FoundBridge(device, segment, configuration.get(), maker);
    Optional<FdtNode> node = kinds(maker).stream().flatMap(kind -> kind.node(machine, bridge).stream()).findFirst();
    if (node.isEmpty()) {
      machine.untold(device.path(), "no installed bundle makes a node of a bridge whose MCFG is made by " + maker.oemId() + " "
          + maker.oemTableId(), "write its node into the topology, or install a bundle that does");
      return;
    }
    finished(bridge, path, node.get(), windows);
  }

  /** Operating systems know a defective bridge by MCFG's maker, and so do kinds; who names nobody takes what is left. */
  private List<AcpiBridgeKind> kinds(TableIdentity maker) {
    List<AcpiBridgeKind> named = kinds.stream().filter(kind -> kind.identity(maker).filter(each -> each.oemId().equals(maker.oemId())
        && each.oemTableId().equals(maker.oemTableId())).isPresent()).toList();
    return named.isEmpty() ? kinds.stream().filter(kind -> kind.identity(maker).isEmpty()).toList() : named;
  }

  private void finished(FoundBridge bridge, AmlName path, FdtNode made, List<ResourceWindow> windows) {
    List<FdtProperty> properties = new ArrayList<>(made.properties());
    properties.addAll(List.of(FdtProperty.ofStrings("device_type", "pci"), FdtProperty.ofCells("bus-range",
        bridge.configuration().firstBus(), bridge.configuration().lastBus()), FdtProperty.ofCells("linux,pci-domain", bridge.segment()),
        FdtProperty.ofCells("#address-cells", 3), FdtProperty.ofCells("#size-cells", 2), FdtProperty.ofCells("#interrupt-cells", 1)));
    List<AddressWindow> taken = new ArrayList<>(bridge.device().windows());
    List<Integer> ranges = new ArrayList<>();
    for (ResourceWindow window : windows) {
      if (window.type() != Resource.BUS && !window.consumed() && window.size() != 0) {
        range(window, ranges);
        taken.add(new AddressWindow(window.cpu(), window.size()));
      }
    }
    properties.add(FdtProperty.ofCells("ranges", ranges.stream().mapToInt(Integer::intValue).toArray()));
    properties.addAll(new PinRoutes(machine, controller, path).properties());
    if (bridge.device().coherent()) {
      properties.add(FdtProperty.ofFlag("dma-coherent"));
    }
    properties.addAll(requesters.ofBridge(bridge.segment()));
    made.property("reg").filter(reg -> reg.length() % 16 == 0).ifPresent(reg -> {
      for (int at = 0; at < reg.cellCount(); at += 4) {
        taken.add(new AddressWindow(reg.number(at, 2), reg.number(at + 2, 2)));
      }
    });
    if (!nodes.add(bridge.device().path(), new FdtNode(made.name(), properties, made.children()), taken)) {
      machine.untold(bridge.device().path(), "another bridge has the place of " + made.name(), "it is left out");
    }
  }

  private static void range(ResourceWindow window, List<Integer> ranges) {
    boolean far = Long.compareUnsigned(window.bus() + window.size() - 1, LIMIT_32) >= 0;
    int space = window.type() == Resource.IO ? IO_SPACE : far ? SPACE_64 : SPACE_32;
    if (window.type() == Resource.MEMORY && (window.flags() & Resource.PREFETCHABLE) == Resource.PREFETCHABLE) {
      space |= PREFETCHABLE;
    }
    ranges.add(space);
    for (long each : new long[] {window.bus(), window.cpu(), window.size()}) {
      ranges.add((int) (each >>> 32));
      ranges.add((int) each);
    }
  }

  private Optional<Configuration> configuration(AmlName path, int segment, int first, int last) {
    List<Structure> all = machine.tables().find("MCFG").map(mcfg -> mcfg.structure().all(Mcfg.ALLOCATION)).orElse(List.of());
    for (Structure each : all) {
      int start = (int) each.get(Mcfg.Allocation.START_BUS);
      int end = (int) each.get(Mcfg.Allocation.END_BUS);
      if (each.get(Mcfg.Allocation.SEGMENT) == segment && start <= first && first <= end) {
        return Optional.of(new Configuration(each.get(Mcfg.Allocation.BASE_ADDRESS), first, Math.min(end, last)));
      }
    }
    long base = number(path, "_CBA", 0);
    return base == 0 ? Optional.empty() : Optional.of(new Configuration(base, first, last));
  }

  private long number(AmlName path, String name, long otherwise) {
    return machine.namespace().constant(path, name).filter(AmlTerm.Number.class::isInstance).map(value -> ((AmlTerm.Number) value).value())
        .orElse(otherwise);
  }
}
