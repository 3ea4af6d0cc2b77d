// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.kit.DeviceObjects;

/** The clock in ACPI: {@code PNP0B00}, the real-time clock of the AT (ACPI 6.5, 9.15). */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=motorola,mc146818")
public final class CmosRtcAcpi implements AcpiDeviceKind {
  private static final String ID = "PNP0B00";

  @Override
  public String prefix() {
    return "RTC";
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return DeviceObjects.platform(machine, device, ID);
  }
}
