// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.FoundBridge;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/** The generic bridge with ECAM in ACPI. Its window begins at its first bus; MCFG names the place of bus 0. */
@Component(service = AcpiBridgeKind.class, property = AcpiDeviceKind.COMPATIBLE + "=pci-host-ecam-generic")
public final class EcamAcpi implements AcpiBridgeKind {
  private static final int BUS_SHIFT = 20;
  private static final int LAST_BUS = 0xff;

  @Override
  public Optional<Configuration> configuration(AcpiMachine machine, PlatformNode node) {
    if (node.windows().isEmpty()) {
      throw new PlatformException(node.path() + ": it has no reg; give it its configuration space");
    }
    int[] buses = node.property("bus-range").filter(range -> range.cellCount() == 2).map(range -> range.cells())
        .orElse(new int[] {0, LAST_BUS});
    long room = node.windows().getFirst().size() >>> BUS_SHIFT;
    int last = (int) Math.min(buses[1], buses[0] + room - 1);
    if (buses[0] < 0 || buses[1] > LAST_BUS || last < buses[0]) {
      throw new PlatformException(node.path() + ": bus-range: buses " + buses[0] + " to " + buses[1] + " aren't some of 0 to 255 that its "
          + "configuration space has room for, 1 MiB each");
    }
    long base = node.windows().getFirst().base() - ((long) buses[0] << BUS_SHIFT);
    if (base < 0) {
      machine.untold(node, "MCFG names the place of bus 0, which would be before address 0", "let the bridge's buses begin at 0");
      return Optional.empty();
    }
    return Optional.of(new Configuration(base, buses[0], last));
  }

  /** The ports of configuration mechanism #1, which a PC's bridge keeps from what is on its bus. */
  @Override
  public List<StructureBuilder> registers(AcpiMachine machine, PlatformNode node) {
    return node.windows().stream().filter(AddressWindow::ports).map(each -> Resource.ports(each.port(), (int) each.size())).toList();
  }

  @Override
  public Optional<FdtNode> node(FoundMachine machine, FoundBridge bridge) {
    Configuration configuration = bridge.configuration();
    long base = configuration.base() + ((long) configuration.firstBus() << BUS_SHIFT);
    return Optional.of(new FdtNode("pcie@" + Long.toHexString(base), List.of(FdtProperty.ofStrings("compatible", "pci-host-ecam-generic"),
        FdtProperty.ofU64("reg", base, (long) (configuration.lastBus() - configuration.firstBus() + 1) << BUS_SHIFT)), List.of()));
  }
}
