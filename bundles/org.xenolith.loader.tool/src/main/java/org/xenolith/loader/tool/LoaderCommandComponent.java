// SPDX-License-Identifier: EPL-2.0
package org.xenolith.loader.tool;

import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.SubCommand;

/** Offers {@code loader} to the command line. */
@Component
public final class LoaderCommandComponent implements SubCommand {
  @Override
  public Object command() {
    return new LoaderCommand();
  }
}
