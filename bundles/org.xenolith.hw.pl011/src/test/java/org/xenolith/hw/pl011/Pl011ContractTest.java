// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Pl011ContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new Pl011Component();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pl011@9000000").compatible("arm,pl011", "arm,primecell").window(0x900_0000, 0x1000)
        .interrupt("/intc", 0, 1, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(Pl011Register.values());
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    byte[] typed = new byte[random.nextInt(20)];
    random.nextBytes(typed);
    context.port(SerialPort.class).offer(typed);
  }
}
