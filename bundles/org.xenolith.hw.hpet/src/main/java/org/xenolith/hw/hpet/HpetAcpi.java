// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.kit.DeviceObjects;

/** The timers in ACPI: {@code PNP0103}. Which interrupts its comparators have, its registers say. */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=" + HpetComponent.COMPATIBLE)
public final class HpetAcpi implements AcpiDeviceKind {
  @Override
  public String prefix() {
    return "HPT";
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return List.of(Aml.name("_HID", Aml.eisaId("PNP0103")), Aml.name("_UID", Aml.number(device.uid())), DeviceObjects.resources(device
        .node()
        .windows().stream().map(DeviceObjects::memory).toList()));
  }
}
