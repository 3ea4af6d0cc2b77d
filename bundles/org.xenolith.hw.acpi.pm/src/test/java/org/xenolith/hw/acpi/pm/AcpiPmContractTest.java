// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import java.util.List;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;

class AcpiPmContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new AcpiPmComponent();
  }

  @Override
  protected PlatformNode node() {
    return AcpiPmTest.node().build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(AcpiPmRegister.values());
  }
}
