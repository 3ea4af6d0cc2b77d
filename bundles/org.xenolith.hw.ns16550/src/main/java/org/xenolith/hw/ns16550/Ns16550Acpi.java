// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ns16550;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiSerialPort;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.api.Untold;
import org.xenolith.firmware.kit.DeviceObjects;
import org.xenolith.platform.api.PlatformNode;

/**
 * The NS16550A in ACPI: at I/O ports {@code PNP0501}, the PC's; in memory {@code APMC0D08}, which Linux' driver for 16550s in memory takes for
 * one with a register in each 32-bit word. There is no id for one in memory with another distance of registers.
 */
@Component(service = AcpiDeviceKind.class,
    property = {AcpiDeviceKind.COMPATIBLE + "=ns16550a", AcpiDeviceKind.COMPATIBLE + "=ns16550"})
public final class Ns16550Acpi implements AcpiDeviceKind {
  private static final String ID = "APMC0D08";
  /** 16550A-compatible serial port. */
  private static final String PC = "PNP0501";
  /** In Hz: that of X-Gene. */
  private static final int CLOCK = 50_000_000;
  private static final int WORD_SHIFT = 2;
  private static final int WORD_BYTES = 4;
  /** A 16550 whose accesses are as its address says (Microsoft, Debug Port Table 2, table 3). */
  private static final int TYPE = 0x12;
  /** A 16550 as PCs have it. */
  private static final int PC_TYPE = 0;

  @Override
  public String prefix() {
    return "COM";
  }

  @Override
  public Optional<Untold> without(AcpiMachine machine, PlatformNode node) {
    return isAtPorts(node) || node.cell("reg-shift", 0) == WORD_SHIFT ? Optional.empty() : Optional.of(new Untold(node.path(),
        "there is no id in ACPI for a 16550 whose registers are " + (1 << node.cell("reg-shift", 0)) + " bytes apart",
        "boot by device tree, or give it reg-shift 2"));
  }

  private static boolean isAtPorts(PlatformNode node) {
    return !node.windows().isEmpty() && node.windows().getFirst().ports();
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    if (isAtPorts(device.node())) {
      return DeviceObjects.platform(machine, device, PC);
    }
    List<AmlTerm> objects = DeviceObjects.platform(machine, device, ID);
    List<AmlTerm.Operation> properties = new ArrayList<>(List.of(Aml.pack(Aml.text("reg-shift"), Aml.number(WORD_SHIFT)),
        Aml.pack(Aml.text("reg-io-width"), Aml.number(WORD_BYTES))));
    if (device.node().has("clock-frequency")) {
      properties.add(Aml.pack(Aml.text("clock-frequency"), Aml.number(device.node().cell("clock-frequency", 0))));
    }
    objects.add(Aml.properties(properties));
    return objects;
  }

  @Override
  public Optional<AcpiSerialPort> serialPort(AcpiMachine machine, AcpiDevice device) {
    return device.node().windows().stream().findFirst()
        .map(window -> window.ports() ? new AcpiSerialPort(PC_TYPE, GenericAddress.ports(window.port(), 1), window.size())
            : new AcpiSerialPort(TYPE, GenericAddress.words(window.base()), window.size()));
  }


  @Override
  public List<String> hardwareIds() {
    return List.of(ID);
  }

  @Override
  public List<Integer> serialTypes() {
    return List.of(TYPE);
  }

  @Override
  public Optional<FdtNode> node(FoundMachine machine, FoundDevice device) {
    List<FdtProperty> properties = new ArrayList<>(List.of(FdtProperty.ofStrings("compatible", "ns16550a")));
    int[] values = {WORD_SHIFT, WORD_BYTES, CLOCK};
    String[] names = {"reg-shift", "reg-io-width", "clock-frequency"};
    for (int i = 0; i < names.length; i++) {
      properties.add(FdtProperty.ofCells(names[i], (int) device.number(names[i], values[i])));
    }
    if (device.number("clock-frequency", 0) == 0) {
      machine.untold(device.path(), "tables say no clock of this 16550", CLOCK + " Hz are taken");
    }
    return Optional.of(new FdtNode("serial", properties, List.of()));
  }
}
