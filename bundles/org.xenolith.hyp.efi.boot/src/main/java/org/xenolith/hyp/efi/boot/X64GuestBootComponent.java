// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.boot;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.api.GuestBoot;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers domains of x86-64 CPUs firmware with boot services. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=efi.boot", "xenolith.instructions=x64"})
public final class X64GuestBootComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return GuestBootComponent.DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GuestBootModel(context, GuestBoot.RESULTS);
  }
}
