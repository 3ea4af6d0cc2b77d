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
      all.add(new Data(RegisterSpec.at(mask << 2, "3.3.1"), "GPIODATA_" + mask));
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

  /** Arm DDI 0190B, table 3-1: all pins are inputs after a reset, and low here. */
  @Override
  protected String manual() {
    StringBuilder data = new StringBuilder();
    for (int mask = 0; mask < 0x100; mask++) {
      data.append("%x GPIODATA_%d 0 0%n".formatted(mask << 2, mask));
    }
    return data + """
        400 GPIODIR       0  ff
        404 GPIOIS        0  ff
        408 GPIOIBE       0  ff
        40c GPIOIEV       0  ff
        410 GPIOIE        0  ff
        414 GPIORIS       0  0
        418 GPIOMIS       0  0
        41c GPIOIC        0  0    # only written
        420 GPIOAFSEL     0  ff
        fe0 GPIOPeriphID0 61 0
        fe4 GPIOPeriphID1 10 0
        fe8 GPIOPeriphID2 04 0
        fec GPIOPeriphID3 0  0
        ff0 GPIOPCellID0  0d 0
        ff4 GPIOPCellID1  f0 0
        ff8 GPIOPCellID2  05 0
        ffc GPIOPCellID3  b1 0
        """;
  }
}
