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

  /** Fixed hardware of ACPI 6.5, 4.8.3.1: the bits of the events that there are. */
  @Override
  protected String manual() {
    return """
        0 PM1_EVT 0 4210000 w1c=1   # 4.8.3.1.1 TMR_STS 0; 4.8.3.1.2 TMR_EN 0, GBL_EN 5, RTC_EN 10, 16 higher
        """;
  }
}
