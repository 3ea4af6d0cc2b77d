// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the bridge to machines: it serves nodes with this {@code compatible}. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=@VENDOR@,@NAME@")
public final class @CLASS@Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("@NAME@", "PCI host bridge @VENDOR@,@NAME@",
      "PCI Local Bus 3.0, 3.2.2.3.2", List.of());

  @Override public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new @CLASS@(context);
  }
}
