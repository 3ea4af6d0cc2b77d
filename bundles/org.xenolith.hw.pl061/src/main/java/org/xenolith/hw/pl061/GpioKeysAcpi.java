// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.Untold;
import org.xenolith.platform.api.PlatformNode;

/** A power button at a PL061 in ACPI: a control-method power button (ACPI 6.5, 4.8.2.2.1.2), which the GPIO controller notifies. */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=" + PowerButton.KEYS)
public final class GpioKeysAcpi implements AcpiDeviceKind {
  @Override
  public String prefix() {
    return "PWR";
  }

  @Override
  public Optional<Untold> without(AcpiMachine machine, PlatformNode node) {
    List<PlatformNode> keys = machine.platform().children(node.path());
    return keys.size() == 1 && PowerButton.of(machine.platform(), node).size() == 1 ? Optional.empty()
        : Optional.of(new Untold(node.path(), "ACPI has no keys but one power button at a GPIO controller", "boot by device tree"));
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return List.of(Aml.name("_HID", Aml.eisaId("PNP0C0C")), Aml.name("_UID", Aml.number(device.uid())));
  }
}
