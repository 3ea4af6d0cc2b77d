// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

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

/** fw_cfg in ACPI: {@code QEMU0002} (QEMU, docs/specs/fw_cfg.rst; Linux, drivers/firmware/qemu_fw_cfg.c). */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=qemu,fw-cfg-mmio")
public final class FwCfgAcpi implements AcpiDeviceKind {
  private static final String ID = "QEMU0002";

  @Override
  public String prefix() {
    return "FWC";
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
    return Optional.of(new FdtNode("fw-cfg", List.of(FdtProperty.ofStrings("compatible", "qemu,fw-cfg-mmio")), List.of()));
  }
}
