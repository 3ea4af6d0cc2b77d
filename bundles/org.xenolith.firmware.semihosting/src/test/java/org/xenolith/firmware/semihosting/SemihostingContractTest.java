// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.semihosting;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class SemihostingContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new SemihostingComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/semihosting").compatible("xenolith,semihosting").build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** A guest's calls are all that comes to it. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (context.cpus().getFirst().semihosting() != null) {
      context.cpus().getFirst().semihosting().call(new SemihostingTest.Call(random.nextInt(0x40), random.nextLong(), random.nextBoolean()
          ? null : new long[] {random.nextLong(), random.nextLong()}));
    }
  }
}
