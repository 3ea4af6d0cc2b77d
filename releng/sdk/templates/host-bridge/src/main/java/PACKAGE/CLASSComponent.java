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

/** Offers the bridge to machines: it serves nodes with this {@code compatible}. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=@VENDOR@,@NAME@")
public final class @CLASS@Component implements DeviceModelFactory {
  static final String NARROW_READS = "narrow-reads";

  static final ModelDescription DESCRIPTION = new ModelDescription("@NAME@", "PCI host bridge @VENDOR@,@NAME@",
      "PCI Express Base 4.0, 7.2.2",
      List.of(new Option(NARROW_READS, Type.BOOLEAN, "false", "Configuration reads of 1 and 2 bytes return the lowest bytes of their word",
          true)));

  @Override public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new @CLASS@(context);
  }
}
