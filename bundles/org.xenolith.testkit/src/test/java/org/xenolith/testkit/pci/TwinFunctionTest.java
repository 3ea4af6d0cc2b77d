// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import java.util.EnumSet;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.TwinFunction.Defect;

/** The correct endpoint keeps the contract. */
class TwinFunctionTest extends PciEndpointContract {
  Defect defect = Defect.NONE;
  Set<Feature> built = EnumSet.allOf(Feature.class);
  Set<Feature> declared = EnumSet.allOf(Feature.class);

  @Override
  protected DeviceModelFactory factory() {
    return TwinFunction.factory(built, defect);
  }

  @Override
  protected PlatformNode node() {
    return FakePciHost.function("twin@1", "example,twin").build();
  }

  @Override
  protected Set<Feature> features() {
    return declared;
  }

  @Override
  protected void writeMemory(FakePciHost pci, long target) {
    pci.write(0, 8, target);
    pci.write(8, 4, 0x1234);
  }

  @Override
  protected void interrupt(FakePciHost pci) {
    pci.write(16, 4, 1);
  }
}
