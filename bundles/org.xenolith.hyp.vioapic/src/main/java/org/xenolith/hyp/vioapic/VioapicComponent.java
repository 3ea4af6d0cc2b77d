// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the I/O APIC of hardware domains to the hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vioapic", "xenolith.instructions=x64"})
public final class VioapicComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vioapic",
      "The machine's I/O APIC: lines of devices for the hypervisor's drivers, and an I/O APIC for the hardware domain",
      "Intel 82093AA datasheet (290566-001); Intel I/O Controller Hub 9 datasheet, 13.5");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Vioapic(context);
  }
}
