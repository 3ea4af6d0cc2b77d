// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware: no list names the layers that there are. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=" + @CLASS@Layer.NAME)
public final class @CLASS@Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: @NAME@", "Block protocol of boot services on flash",
      "UEFI 2.10, 13.9");

  @Override public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new @CLASS@Layer());
  }
}
