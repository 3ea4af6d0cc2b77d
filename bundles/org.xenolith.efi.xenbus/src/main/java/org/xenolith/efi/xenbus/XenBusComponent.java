// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.xenbus")
public final class XenBusComponent implements DeviceModelFactory {
  private static final String KEEPS_SHARED_INFO = "xenbus-keeps-shared-info";
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: XenBus",
      "PV devices of a domain, with its store, grants and event channels",
      "Xen, io/xs_wire.h, docs/misc/xenstore.txt, grant_table.h, event_channel.h",
      List.of(new Option(KEEPS_SHARED_INFO, Type.BOOLEAN, "false",
          "The bus of a domain maps the page with shared information when it starts and leaves it to who comes next, as edk2's does",
          false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new XenBusLayer(context.options().flag(KEEPS_SHARED_INFO)));
  }
}
