// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers EFI variables to the firmware of machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.firmware=variables")
public final class VariablesComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI variables",
      "Variables of EFI's runtime services; the non-volatile ones are on the disk of the firmware's node",
      "UEFI 2.10, 8.2 and 32.3", List.of(
          new Option("maximum-variable-bytes", Type.INTEGER, "32768", "Bytes of the name and data of one variable at most", false),
          new Option("volatile-bytes", Type.INTEGER, "65536", "Bytes for all volatile variables", false),
          new Option("memory-bytes", Type.INTEGER, "131072", "Bytes for all non-volatile variables while there is no disk", false),
          new Option("hardware-error-bytes", Type.INTEGER, "0",
              "Bytes of those for non-volatile variables that only hardware error records may take; 0: there are none", false),
          new Option("secure-boot", Type.BOOLEAN, "false",
              "SecureBoot reads 1 when there is a platform key: for firmware that verifies what it starts", false),
          new Option("full", Type.BOOLEAN, "false", "A fault: there is no room for anything more", true),
          new Option("fail-write", Type.INTEGER, "0", "A fault: this write to the disk fails, from 1 on since power-on; 0: none", true)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VariablesModel(context);
  }
}
