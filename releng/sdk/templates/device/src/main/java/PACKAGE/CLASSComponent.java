// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the device to machines: it serves nodes with this {@code compatible}. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=@VENDOR@,@NAME@")
public final class @CLASS@Component implements DeviceModelFactory {
  @Override public ModelDescription description() {
    return new ModelDescription("@NAME@", "device @VENDOR@,@NAME@", "README.md, until you name the manual");
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new @CLASS@(context);
  }
}
