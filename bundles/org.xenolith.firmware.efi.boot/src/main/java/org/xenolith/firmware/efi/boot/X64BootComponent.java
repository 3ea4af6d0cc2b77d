// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the core of firmware with boot services to guests of hypervisors on machines with x86-64 CPUs, which have no such firmware themselves. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.compatible=" + BootNode.COMPATIBLE, "xenolith.instructions=x64"})
public final class X64BootComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return BootComponent.DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new BootModel(context, Conduit.VMCALL);
  }
}
