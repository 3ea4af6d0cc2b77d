// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.LampModel.Defect;

/** A lamp whose component has a slip of the pen. The annotation can't be had here, so the class file has what it leaves there. */
final class MisspeltLamp implements DeviceModelFactory {
  private static final String[] ANNOTATED = {"Lorg/osgi/service/component/annotations/Component;", "xenolith.compatibel=example,lamp"};

  @Override
  public ModelDescription description() {
    return new ModelDescription("LAMP", ANNOTATED[1], ANNOTATED[0]);
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LampModel(context, Defect.MISSPELT);
  }
}
