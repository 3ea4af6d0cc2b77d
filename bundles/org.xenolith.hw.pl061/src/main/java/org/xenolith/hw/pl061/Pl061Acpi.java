// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlOpcode;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.FoundDevice;
import org.xenolith.firmware.api.FoundMachine;
import org.xenolith.firmware.kit.DeviceObjects;

/** The PL061 in ACPI: {@code ARMH0061}, with an event for each power button at it (ACPI 6.5, 5.6.5). */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=" + PowerButton.CONTROLLER)
public final class Pl061Acpi implements AcpiDeviceKind {
  static final String ID = "ARMH0061";
  static final int PINS = 8;
  /** Of the reference clock in Hz that boards commonly have. */
  private static final int CLOCK = 24_000_000;
  /** Value of Notify for a power button: pressed (ACPI 6.5, table 5.171). */
  private static final int PRESSED = 0x80;

  @Override
  public String prefix() {
    return "GPO";
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    List<AmlTerm> objects = DeviceObjects.platform(machine, device, ID);
    List<StructureBuilder> events = new ArrayList<>();
    List<AmlTerm> methods = new ArrayList<>();
    for (AcpiDevice keys : machine.devices()) {
      if (keys.node().isCompatible(PowerButton.KEYS)) {
        PowerButton.of(machine.platform(), keys.node()).stream().filter(button -> button.controller().equals(device.node()))
            .forEach(button -> {
              events.add(GpioInterrupt.edge(device.path(), button.pin(), button.activeLow()));
              methods.add(Aml.method("_E%02X".formatted(button.pin()), 0, List.of(Aml.operation(AmlOpcode.NOTIFY,
                  Aml.reference(keys.path()), Aml.number(PRESSED)))));
            });
      }
    }
    if (!events.isEmpty()) {
      objects.add(Aml.name("_AEI", DeviceObjects.template(events)));
      objects.addAll(methods);
    }
    return objects;
  }


  @Override
  public List<String> hardwareIds() {
    return List.of(ID);
  }

  @Override
  public Optional<FdtNode> node(FoundMachine machine, FoundDevice device) {
    machine.phandle(device.path());
    machine.untold(device.path(), "tables say no clock of a PL061", CLOCK + " Hz are taken");
    return Optional.of(new FdtNode("gpio", List.of(FdtProperty.ofStrings("compatible", PowerButton.CONTROLLER, "arm,primecell"),
        FdtProperty.ofCells("clocks", machine.clock(CLOCK)), FdtProperty.ofStrings("clock-names", "apb_pclk"),
        FdtProperty.ofFlag("gpio-controller"), FdtProperty.ofCells("#gpio-cells", 2)), List.of()));
  }
}
