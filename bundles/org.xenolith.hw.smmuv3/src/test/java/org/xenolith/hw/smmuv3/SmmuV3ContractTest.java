// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;

class SmmuV3ContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new SmmuV3Component();
  }

  @Override
  protected PlatformNode node() {
    return Rig.node().build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(SmmuRegister.values());
  }

  /** A write counts with a bit that reads zero only. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(SmmuRegister.GBPA);
  }
}
