// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiProcessor;
import org.xenolith.firmware.api.AcpiTableBuilder;

/** DSDT: processors, devices and PCI host bridges in {@code \_SB}. */
@Component(service = AcpiTableBuilder.class)
public final class DsdtBuilder implements AcpiTableBuilder {
  /** Numbers of AML are 64 bits wide from this one on. */
  private static final int REVISION = 2;
  private static final String PROCESSOR = "ACPI0007";

  @Override
  public String signature() {
    return Definition.DSDT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    List<AmlTerm> all = new ArrayList<>();
    for (AcpiProcessor processor : machine.processors()) {
      all.add(device(processor.path(), List.of(Aml.name("_HID", Aml.text(PROCESSOR)), Aml.name("_UID", Aml.number(processor.uid())))));
    }
    for (AcpiDevice device : machine.devices()) {
      machine.told(device.node());
      all.add(device(device.path(), device.kind().objects(machine, device)));
    }
    for (AcpiBridge bridge : machine.bridges()) {
      machine.told(bridge.node());
      all.add(device(bridge.path(), new BridgeDevice(machine, bridge).objects()));
    }
    return Optional.of(Aml.table(Definition.DSDT, REVISION, machine.identity(), List.of(Aml.scope("\\_SB", all))));
  }

  private static AmlTerm device(String path, List<? extends AmlTerm> objects) {
    return Aml.device(AmlName.of(path).last(), objects);
  }
}
