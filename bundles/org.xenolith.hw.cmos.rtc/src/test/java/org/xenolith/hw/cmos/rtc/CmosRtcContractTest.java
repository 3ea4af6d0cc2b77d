// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;

class CmosRtcContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new CmosRtcComponent();
  }

  @Override
  protected PlatformNode node() {
    return CmosRtcTest.node().build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  @Override
  protected Set<String> onBattery() {
    return Set.of("base", "phase", "bytes", "controlA", "controlB", "seconds", "periods");
  }
}
