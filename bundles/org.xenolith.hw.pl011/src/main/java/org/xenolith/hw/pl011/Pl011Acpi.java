// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiSerialPort;
import org.xenolith.firmware.kit.DeviceObjects;
import org.xenolith.platform.api.AddressWindow;

/** The PL011 in ACPI: {@code ARMH0011}, registers of 32 bits as SBSA has them (Arm DEN0029, appendix B). */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=arm,pl011")
public final class Pl011Acpi implements AcpiDeviceKind {
  @Override
  public String prefix() {
    return "COM";
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return DeviceObjects.platform(machine, device, "ARMH0011");
  }

  @Override
  public Optional<AcpiSerialPort> serialPort(AcpiMachine machine, AcpiDevice device) {
    return device.node().windows().stream().findFirst().map(window -> port(window));
  }

  private static AcpiSerialPort port(AddressWindow window) {
    return new AcpiSerialPort(Spcr.PL011, GenericAddress.words(window.base()), window.size());
  }
}
