// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** How the board's firmware describes the board. */
@Component
public final class FirmwareOption implements LaunchOption {
  static final String NAME = "firmware";
  static final String ACPI = "acpi";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.CHOICE, "Machine", 180).value("NAME").words("Firmware",
        "acpi: the kernel is given ACPI tables and EFI's memory map in the place of the board's device tree.");
  }

  @Override
  public List<String> candidates() {
    return List.of(ACPI);
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    request.option(NAME, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    if (!texts.getFirst().equals(ACPI)) {
      throw BadInput.at(NAME, texts.getFirst(), "no such firmware; there is " + ACPI);
    }
  }
}
