// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.loader;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.hyp.api.LoaderNode;
import org.xenolith.hyp.api.LoaderPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class LoaderContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new LoaderComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at(LoaderNode.PATH).compatible(LoaderNode.COMPATIBLE).build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** Calls that are right, nearly right, and anything, with somebody who serves them or nobody. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (random.nextInt(4) == 0) {
      context.port(LoaderPort.class).serve(block -> {});
    }
    context.call(random.nextInt(2), random.nextBoolean(), (LoaderNode.VERSION & 0xFFFF_FFFFL) + random.nextInt(4), random.nextLong(), random
        .nextBoolean() ? LoaderNode.BLOCK : random.nextLong());
  }
}
