// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the IOMMU to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,amd-iommu")
public final class AmdViComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("AMD-Vi",
      "IOMMU with host page tables and interrupt remapping", "AMD I/O Virtualization Technology (IOMMU) Specification, 48882");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new AmdVi(context);
  }
}
