// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the driver of AMD's IOMMUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=iommu", "xenolith.instructions=x64"})
public final class AmdViDriverComponent implements DeviceModelFactory {
  private static final ModelDescription DESCRIPTION = new ModelDescription("iommu",
      "Driver of AMD-Vi: functions reach the memory of their domain by its own nested tables",
      "AMD I/O Virtualization Technology (IOMMU) Specification, 48882");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new AmdViDriver(context);
  }
}
