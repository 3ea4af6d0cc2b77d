// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Debian packages to be in the guest's first root file system, with what they need: texts are their names. */
@Component
public final class PackageOption implements LaunchOption {
  static final String NAME = "package";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Guest", 260).value("NAME").repeated().words("Debian packages",
        "Puts a Debian package with what it needs into the debian guest's first root file system, for example xenstore-utils. May be"
            + " repeated.");
  }
}
