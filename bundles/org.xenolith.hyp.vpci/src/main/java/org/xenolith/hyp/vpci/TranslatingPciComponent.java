// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers virtual PCI to machines whose CPUs take messages themselves, so that those of domains are translated; their hardware domain has BARs mapped while they are decoded, as on Xen. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vpci", "xenolith.instructions=x64"})
public final class TranslatingPciComponent implements DeviceModelFactory {
  private static final ModelDescription DESCRIPTION = VirtualPciComponent.description("decode");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtualPciModel(context, VirtualPciComponent.policy(context, true));
  }
}
