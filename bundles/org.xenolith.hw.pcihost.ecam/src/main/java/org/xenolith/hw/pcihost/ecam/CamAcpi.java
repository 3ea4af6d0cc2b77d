// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.platform.api.PlatformNode;

/** The generic bridge with CAM can't be said in ACPI: MCFG has configuration space of 4 KiB for each function. */
@Component(service = AcpiBridgeKind.class, property = AcpiDeviceKind.COMPATIBLE + "=pci-host-cam-generic")
public final class CamAcpi implements AcpiBridgeKind {
  @Override
  public Optional<Configuration> configuration(AcpiMachine machine, PlatformNode node) {
    machine.untold(node, "MCFG has configuration space of 4 KiB for each function, and a CAM is one of 256 bytes",
        "boot by device tree, or take a bridge with ECAM");
    return Optional.empty();
  }
}
