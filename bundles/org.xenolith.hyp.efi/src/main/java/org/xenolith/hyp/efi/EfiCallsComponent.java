// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers Dom0's way to the firmware's runtime services. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=efi")
public final class EfiCallsComponent implements DeviceModelFactory {
  static final String STRICT_XEN = "strict-xen";
  static final String RUNTIME_SERVICES = "efi-runtime-services";
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI calls",
      "Hypercall 7: EFI's runtime services for Dom0, and what its firmware tells", "Xen public header platform.h; UEFI 2.10, chapter 8",
      List.of(
          new Option(STRICT_XEN, Type.BOOLEAN, "false", "Serves neither command, as Xen on Arm", false),
          new Option(RUNTIME_SERVICES, Type.BOOLEAN, "true",
              "Lets Dom0 call the firmware; false: as Xen's option efi=no-rs, firmware still tells of itself", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new EfiCalls(context);
  }
}
