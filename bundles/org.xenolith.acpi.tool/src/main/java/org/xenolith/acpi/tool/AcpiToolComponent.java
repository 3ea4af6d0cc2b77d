// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.tool;

import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.SubCommand;

/** Offers {@code acpi} to the command line. */
@Component
public final class AcpiToolComponent implements SubCommand {
  @Override
  public Object command() {
    return new AcpiCommand();
  }
}
