// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ns16550;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the NS16550A to machines. */
@Component(service = DeviceModelFactory.class, property = {
    "xenolith.compatible=ns16550a", "xenolith.compatible=ns16550"})
public final class Ns16550Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("NS16550A", "UART with 16-byte FIFOs",
      "National Semiconductor PC16550D");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Ns16550(context);
  }
}
