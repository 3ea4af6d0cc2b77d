// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.kit.DeviceObjects;

/** The timers in ACPI: {@code PNP0103} (IA-PC HPET Specification 1.0a, 3.2.5). */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=intel,ce4100-hpet")
public final class HpetAcpi implements AcpiDeviceKind {
  private static final String ID = "PNP0103";

  @Override
  public String prefix() {
    return "HPT";
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return DeviceObjects.platform(machine, device, ID);
  }
}
