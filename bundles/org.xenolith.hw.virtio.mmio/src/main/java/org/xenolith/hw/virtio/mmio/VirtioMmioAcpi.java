// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.kit.DeviceObjects;

/** The transport in ACPI: {@code LNRO0005}, the id by which Linux' driver knows it. */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=virtio,mmio")
public final class VirtioMmioAcpi implements AcpiDeviceKind {
  private static final String ID = "LNRO0005";

  @Override
  public String prefix() {
    return "VR";
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    List<AmlTerm> objects = DeviceObjects.platform(machine, device, ID);
    objects.add(DeviceObjects.coherent(device.node()));
    return objects;
  }


  @Override
  public List<String> hardwareIds() {
    return List.of(ID);
  }

  @Override
  public Optional<FdtNode> node(FoundMachine machine, FoundDevice device) {
    return Optional.of(new FdtNode("virtio_mmio", List.of(FdtProperty.ofStrings("compatible", "virtio,mmio")), List.of()));
  }
}
