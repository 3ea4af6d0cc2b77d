// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers what a hypervisor says of itself. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=version")
public final class VersionComponent implements DeviceModelFactory {
  /** The option with the text that XENVER_commandline answers. */
  static final String COMMAND_LINE = "command-line";
  static final String STRICT_XEN = "strict-xen";
  static final ModelDescription DESCRIPTION = new ModelDescription("Version",
      "Hypercalls 17 and 21: version, features and build of the hypervisor", "Xen public headers version.h, features.h",
      List.of(new Option(COMMAND_LINE, Type.STRING, "", "What the hypervisor's command line is said to be (xl info)", false),
          new Option(STRICT_XEN, Type.BOOLEAN, "false",
              "Names compiler, builder, date and build identifier of Debian's Xen as ours, for a comparison with it", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VersionSubsystem(context);
  }
}
