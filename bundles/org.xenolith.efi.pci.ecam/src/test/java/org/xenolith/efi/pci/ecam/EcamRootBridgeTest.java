// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import java.util.List;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.TreePciHost;
import org.xenolith.testkit.efi.PciRootBridgeIoContract;

/** A host with two buses, whose configuration space is memory. */
class EcamRootBridgeTest extends PciRootBridgeIoContract {
  private static final long ECAM = 0x40_1000_0000L;
  private static final long FUNCTION = ECAM + (1 << 20);

  @Override
  protected Host host() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells",
        2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("pcie@0", List.of(), List.of()).withProperty(
            FdtProperty.ofStrings("compatible", "pci-host-ecam-generic")).withProperty(FdtProperty.ofU64("reg", ECAM, 2L << 20))
            .withProperty(TreePciHost.ranges()))));
    TreePciHost host = new TreePciHost(firmware, 3);
    firmware.registers(access -> access.address() >= FUNCTION && access.address() < FUNCTION + 4096 ? host.configuration((int) (access
        .address() - FUNCTION), access) : host.window(access));
    return host.connect(new EcamRootLayer(), EcamRootLayer.HOST);
  }
}
