// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl031;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.Untold;
import org.xenolith.platform.api.PlatformNode;

/** The PL031 has no device in ACPI: no operating system's driver knows an id of it. */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=arm,pl031")
public final class Pl031Acpi implements AcpiDeviceKind {
  @Override
  public String prefix() {
    return "RTC";
  }

  @Override
  public Optional<Untold> without(AcpiMachine machine, PlatformNode node) {
    return Optional.of(new Untold(node.path(), "there is no id in ACPI for a PL031", "its time comes from EFI's runtime services"));
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return List.of();
  }
}
