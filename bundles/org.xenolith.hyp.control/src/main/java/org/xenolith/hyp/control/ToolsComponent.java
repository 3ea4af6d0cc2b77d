// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.hyp.api.DomainFirmwareKind;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the tools to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=tools")
public final class ToolsComponent implements DeviceModelFactory {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  private final List<BlockDeviceFactory> formats = new CopyOnWriteArrayList<>();

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  private final List<DomainFirmwareKind> firmware = new CopyOnWriteArrayList<>();

  @Override
  public ModelDescription description() {
    return new ModelDescription("Tools", "Domains created, listed, changed and destroyed in the manner of xl", "xl(1), xl.cfg(5)");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Toolstack(context, new HostFiles(formats, firmware));
  }
}
