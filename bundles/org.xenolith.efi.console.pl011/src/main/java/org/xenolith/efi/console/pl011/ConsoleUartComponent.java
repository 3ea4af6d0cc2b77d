// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.console.pl011;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers what firmware does to PL011s. */
@Component(service = DeviceModelFactory.class, property = "xenolith.firmware=console.pl011")
public final class ConsoleUartComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI console of a PL011",
      "Enables the board's PL011s at power-on, as drivers of an SBSA UART rely on", "Arm DDI 0183G; SBSA 7.1, appendix B");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new ConsoleUarts(context);
  }
}
