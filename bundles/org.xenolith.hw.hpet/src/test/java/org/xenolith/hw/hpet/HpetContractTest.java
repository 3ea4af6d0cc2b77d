// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The contract; between two accesses a driver starts the counter and sets a timer to what comes soon. */
class HpetContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new HpetComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/timer@fed00000").compatible("intel,ce4100-hpet").window(0xFED0_0000L, 0x400).interrupt("/intc", 2, 0)
        .interrupt("/intc", 8, 0).interrupt("/intc", 11, 0).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(HpetRegister.values());
  }

  /** Capabilities are of the node. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(HpetRegister.T0_CONF, HpetRegister.T1_CONF, HpetRegister.T2_CONF);
  }

  /** An access brings comparators up to date, which tells no guest anything: what it would read comes of the time. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.of(HpetRegister.values());
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (context.claimed(0)) {
      int timer = 0x100 + 0x20 * random.nextInt(3);
      context.write(0x10, 1);
      context.write(0, timer, 8, random.nextInt(512) | 4);
      context.write(0, timer + 8, 8, context.read(0, 0xF0, 8) + random.nextInt(50_000));
      context.write(0, timer + 8, 4, random.nextInt(50_000));
      context.write(0x20, random.nextInt(8));
    }
  }
}
