// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the driver to hypervisors, as a subsystem of its own. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=pcihost.@NAME@")
public final class @CLASS@DriverComponent implements DeviceModelFactory {
  /** All subsystems' options are on the hypervisor's node, so it has the bridge's name in it. */
  static final String WORD_READS = "@NAME@-word-reads";

  static final ModelDescription DESCRIPTION = new ModelDescription("@NAME@ driver",
      "The hypervisor's driver for PCI host bridges @VENDOR@,@NAME@", "PCI Express Base 4.0, 7.2.2",
      List.of(new Option(WORD_READS, Type.BOOLEAN, "true", "Configuration reads are made by whole words, as the bridge loses lanes",
          true)));

  @Override public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new @CLASS@Driver(context);
  }
}
