// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the IOMMU to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,amd-iommu")
public final class AmdViComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("AMD-Vi",
      "IOMMU with host page tables and interrupt remapping", "AMD I/O Virtualization Technology (IOMMU) Specification, 48882",
      List.of(new Option("unity", Type.STRING, "",
          "Memory that firmware has for devices, which reach it at its own addresses: FIRST[-LAST]@ADDRESS+SIZE[:ro], "
              + "in hexadecimal, several with spaces between; the IVRS tells of it", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new AmdVi(context);
  }
}
