// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;

class HpetContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new HpetComponent();
  }

  @Override
  protected PlatformNode node() {
    return HpetTest.node().build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(HpetRegister.values());
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.of(HpetRegister.TIM0_CONF, HpetRegister.TIM1_CONF, HpetRegister.TIM2_CONF);
  }
}
