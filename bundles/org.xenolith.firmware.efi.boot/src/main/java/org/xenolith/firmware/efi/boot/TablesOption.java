// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** By what this firmware describes the board to what it starts. */
@Component
public final class TablesOption implements LaunchOption {
  static final String NAME = "tables";
  /** By ACPI. */
  static final String ACPI = "acpi";
  /** By the device tree. */
  static final String TREE = "dt";

  /** Whether a request wants the board described by ACPI. */
  static boolean isAcpi(LaunchRequest request) {
    return request.option(NAME).contains(ACPI);
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.CHOICE, "Machine", 182).value(ACPI + "|" + TREE).words("Described by", "What firmware "
        + XenolithKind.NAME + " describes the board by to what it starts: " + ACPI + " for ACPI tables, " + TREE
        + " for the device tree (default).");
  }

  @Override
  public List<String> candidates() {
    return List.of(ACPI, TREE);
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    if (!candidates().contains(texts.getFirst())) {
      throw BadInput.at(NAME, texts.getFirst(), "expected " + ACPI + " or " + TREE);
    }
    request.option(NAME, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    if (!said.contains(XenolithKind.OPTION)) {
      throw new BadInput(option(NAME) + ": it is firmware " + XenolithKind.NAME + " that is told so; add " + option(XenolithKind.OPTION)
          + " " + XenolithKind.NAME);
    }
  }

  /** @throws BadInput for a request that asks other firmware */
  static void checkFirmware(LaunchRequest request) {
    List<String> firmware = request.option(XenolithKind.OPTION);
    if (!request.option(NAME).isEmpty() && !firmware.contains(XenolithKind.NAME)) {
      throw BadInput.at(NAME, request.option(NAME).getFirst(), "it is firmware " + XenolithKind.NAME + " that is told so"
          + (firmware.isEmpty() ? "" : ", and not " + String.join(" ", firmware)) + ": leave it out");
    }
  }
}
