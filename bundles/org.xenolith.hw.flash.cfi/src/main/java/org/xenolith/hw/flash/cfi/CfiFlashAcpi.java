// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.Untold;
import org.xenolith.platform.api.PlatformNode;

/** Flash has no device in ACPI: it belongs to firmware. */
@Component(service = AcpiDeviceKind.class, property = AcpiDeviceKind.COMPATIBLE + "=cfi-flash")
public final class CfiFlashAcpi implements AcpiDeviceKind {
  @Override
  public String prefix() {
    return "FLS";
  }

  @Override
  public Optional<Untold> without(AcpiMachine machine, PlatformNode node) {
    return Optional.of(new Untold(node.path(), "there is no id in ACPI for flash", "firmware keeps EFI's variables for operating systems"));
  }

  @Override
  public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
    return List.of();
  }
}
