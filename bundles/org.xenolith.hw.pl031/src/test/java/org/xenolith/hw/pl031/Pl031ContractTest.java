// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl031;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;

class Pl031ContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new Pl031Component();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pl031@9010000").compatible("arm,pl031", "arm,primecell").window(0x901_0000, 0x1000)
        .interrupt("/intc", 0, 2, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(Pl031Register.values());
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.of(Pl031Register.RTCDR);
  }

  @Override
  protected Set<String> onBattery() {
    return Set.of("base");
  }
}
