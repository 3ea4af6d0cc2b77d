// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.GpioPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Pl061ContractTest extends DeviceModelContract {
  /** One of the 256 addresses of the data register. */
  private record Data(RegisterSpec spec, String name) implements Register {}

  @Override
  protected DeviceModelFactory factory() {
    return new Pl061Component();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pl061@9030000").compatible("arm,pl061", "arm,primecell").window(0x903_0000, 0x1000)
        .interrupt("/intc", 0, 7, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    List<Register> all = new ArrayList<>(List.of(Pl061Register.values()));
    for (int mask = 0; mask < 0x100; mask++) {
      all.add(new Data(RegisterSpec.at(mask << 2, "3.3.1"), "GPIODATA under " + mask));
    }
    return all;
  }

  /** Pins return to low, because a reset of the device does not move them. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    GpioPort port = context.port(GpioPort.class);
    int pin = random.nextInt(8);
    port.set(pin, true);
    port.set(pin, false);
  }
}
