// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiSerialPort;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.kit.DeviceObjects;
import org.xenolith.platform.api.AddressWindow;

/** The PL011 in ACPI: {@code ARMH0011}, registers of 32 bits as SBSA has them (Arm DEN0029, appendix B). */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=arm,pl011")
public final class Pl011Acpi implements AcpiDeviceKind {
  private static final String ID = "ARMH0011";
  /** Of the reference clock in Hz that boards commonly have. */
  private static final int CLOCK = 24_000_000;

  @Override
  public String prefix() {
    return "COM";
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return DeviceObjects.platform(machine, device, ID);
  }

  @Override
  public Optional<AcpiSerialPort> serialPort(AcpiMachine machine, AcpiDevice device) {
    return device.node().windows().stream().findFirst().map(window -> port(window));
  }

  private static AcpiSerialPort port(AddressWindow window) {
    return new AcpiSerialPort(Spcr.PL011, GenericAddress.words(window.base()), window.size());
  }


  @Override
  public List<String> hardwareIds() {
    return List.of(ID);
  }

  @Override
  public List<Integer> serialTypes() {
    return List.of(Spcr.PL011);
  }

  @Override
  public Optional<FdtNode> node(FoundMachine machine, FoundDevice device) {
    int clock = machine.clock(CLOCK);
    machine.untold(device.path(), "tables say no clock of a PL011", CLOCK + " Hz are taken");
    return Optional.of(new FdtNode("serial", List.of(FdtProperty.ofStrings("compatible", "arm,pl011", "arm,primecell"),
        FdtProperty.ofCells("clocks", clock, clock), FdtProperty.ofStrings("clock-names", "uartclk", "apb_pclk")), List.of()));
  }
}
