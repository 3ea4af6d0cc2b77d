// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.namespace;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.kit.DeviceObjects;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/** The device of a PCI host bridge (PCI Firmware Specification 3.3, chapter 4). */
final class BridgeDevice {
  private static final int BUS_SHIFT = 20;
  /** TYPE_FLAGS of ports: all of them, ISA's too (ACPI 6.5, table 6.57). */
  private static final int ENTIRE_RANGE = 3;
  private static final String PROBE_ONLY = "linux,pci-probe-only";

  private final AcpiMachine machine;
  private final AcpiBridge bridge;
  private final PlatformNode node;

  BridgeDevice(AcpiMachine machine, AcpiBridge bridge) {
    this.machine = machine;
    this.bridge = bridge;
    node = bridge.node();
  }

  List<AmlTerm> objects() {
    AcpiBridgeKind.Configuration configuration = bridge.configuration();
    List<AmlTerm> all = new ArrayList<>(List.of(Aml.name("_HID", Aml.eisaId("PNP0A08")), Aml.name("_CID", Aml.eisaId("PNP0A03")),
        Aml.name("_UID", Aml.number(bridge.segment())), Aml.name("_SEG", Aml.number(bridge.segment())),
        Aml.name("_BBN", Aml.number(configuration.firstBus())), DeviceObjects.coherent(node),
        Aml.name("_CBA", Aml.number(configuration.base())), DeviceObjects.resources(resources())));
    all.addAll(new InterruptRoutes(machine, bridge).objects());
    all.add(BridgeMethods.capabilities());
    all.add(BridgeMethods.settings(keepsResources()));
    all.addAll(bridge.kind().objects(machine, node));
    all.add(reservation(configuration));
    return all;
  }

  private List<StructureBuilder> resources() {
    List<StructureBuilder> all = new ArrayList<>(bridge.kind().registers(machine, node));
    int first = bridge.configuration().firstBus();
    all.add(Resource.buses(first, bridge.configuration().lastBus() - first + 1));
    for (BridgeWindow window : BridgeWindow.of(machine, node)) {
      // Where processors have ports of their own, they are those of the bus.
      boolean same = new AddressWindow(window.cpu(), window.size()).ports();
      all.add(window.ports()
          ? Resource.window(Resource.IO, same ? ENTIRE_RANGE : ENTIRE_RANGE | Resource.TRANSLATED_IO, window.bus(), window.size(),
              same ? 0 : window.translation())
          : Resource.window(Resource.MEMORY, Resource.READ_WRITE | (window.prefetchable() ? Resource.PREFETCHABLE : 0), window.bus(),
              window.size(), window.translation()));
    }
    return all;
  }

  /** As the tree has it for kernels that boot by it: on the bridge, or for all of them. */
  private boolean keepsResources() {
    return node.cell(PROBE_ONLY, machine.platform().node("/chosen").map(chosen -> chosen.cell(PROBE_ONLY, 0)).orElse(0L)) != 0;
  }

  /** Configuration space belongs to a device (PCI Firmware Specification 3.3, 4.1.2). */
  private AmlTerm reservation(AcpiBridgeKind.Configuration configuration) {
    AddressWindow space = new AddressWindow(configuration.base() + ((long) configuration.firstBus() << BUS_SHIFT),
        (long) (configuration.lastBus() - configuration.firstBus() + 1) << BUS_SHIFT);
    return Aml.device("RES0", List.of(Aml.name("_HID", Aml.eisaId("PNP0C02")), Aml.name("_UID", Aml.number(bridge.segment())),
        DeviceObjects.resources(List.of(DeviceObjects.memory(space)))));
  }
}
