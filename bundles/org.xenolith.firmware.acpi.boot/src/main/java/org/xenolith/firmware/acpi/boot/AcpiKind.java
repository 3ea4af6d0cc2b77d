// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.FirmwareKind;

/** Names this way of describing a board. */
@Component
public final class AcpiKind implements FirmwareKind {
  /** The option that names it. */
  static final String OPTION = "firmware";
  static final String NAME = "acpi";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "the kernel is given ACPI tables and EFI's memory map in the place of the board's device tree";
  }
}
