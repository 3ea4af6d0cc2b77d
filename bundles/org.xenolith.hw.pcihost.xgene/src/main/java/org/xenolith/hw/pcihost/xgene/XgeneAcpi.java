// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.FoundBridge;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.kit.DeviceObjects;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * X-Gene v1's port in ACPI. It is no ECAM; Linux knows so by the maker of MCFG, takes the registers from the first descriptor of
 * {@code _CRS}, and the configuration window from MCFG (facts of Linux, drivers/acpi/pci_mcfg.c and pci-xgene.c).
 */
@Component(service = AcpiBridgeKind.class,
    property = {AcpiDeviceKind.COMPATIBLE + "=apm,xgene-pcie", AcpiDeviceKind.COMPATIBLE + "=apm,xgene-storm-pcie"})
public final class XgeneAcpi implements AcpiBridgeKind {
  private static final long CONFIGURATION_BYTES = 0x4_0000;
  private static final int LAST_BUS = 0xff;
  /** 1 and 2 are v1's, 3 and 4 v2's. */
  private static final int OEM_REVISION = 1;

  @Override
  public Optional<Configuration> configuration(AcpiMachine machine, PlatformNode node) {
    return Optional.of(new Configuration(window(node, "cfg").base(), 0, LAST_BUS));
  }

  @Override
  public Optional<TableIdentity> identity(TableIdentity board) {
    return Optional.of(new TableIdentity("APM", "XGENE", OEM_REVISION, board.creatorId(), board.creatorRevision()));
  }

  @Override
  public List<StructureBuilder> registers(AcpiMachine machine, PlatformNode node) {
    return List.of(DeviceObjects.memory(window(node, "csr")));
  }

  private static AddressWindow window(PlatformNode node, String name) {
    int at = node.property("reg-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List.of()).indexOf(name);
    if (at < 0 || at >= node.windows().size()) {
      throw new PlatformException(node.path() + ": reg-names: no window is called " + name + "; name csr and cfg");
    }
    return node.windows().get(at);
  }


  /** Control registers are the first memory of {@code _CRS}. */
  @Override
  public Optional<FdtNode> node(FoundMachine machine, FoundBridge bridge) {
    if (bridge.device().windows().isEmpty()) {
      machine.untold(bridge.device().path(), "its _CRS doesn't begin with its control registers", "write its node into the topology");
      return Optional.empty();
    }
    AddressWindow registers = bridge.device().windows().getFirst();
    machine.untold(bridge.device().path(), "tables say neither the clock of an X-Gene bridge nor where memory is on its bus",
        "write clocks and dma-ranges into the topology");
    return Optional.of(new FdtNode("pcie@" + Long.toHexString(registers.base()), List.of(
        FdtProperty.ofStrings("compatible", "apm,xgene-storm-pcie", "apm,xgene-pcie"),
        FdtProperty.ofU64("reg", registers.base(), registers.size(), bridge.configuration().base(), CONFIGURATION_BYTES),
        FdtProperty.ofStrings("reg-names", "csr", "cfg")), List.of()));
  }
}
