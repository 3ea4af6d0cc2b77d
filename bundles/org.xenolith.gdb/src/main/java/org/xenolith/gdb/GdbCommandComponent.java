// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.SubCommand;

/** Offers {@code gdb} to the command line. */
@Component
public final class GdbCommandComponent implements SubCommand {
  @Override
  public Object command() {
    return new GdbCommand();
  }
}
