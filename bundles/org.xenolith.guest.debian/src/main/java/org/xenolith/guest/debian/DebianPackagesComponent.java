// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.SubCommand;

/** Offers {@code packages} to the command line. */
@Component
public final class DebianPackagesComponent implements SubCommand {
  @Override
  public Object command() {
    return new PackagesCommand(new HostPackages(System.getenv()));
  }
}
