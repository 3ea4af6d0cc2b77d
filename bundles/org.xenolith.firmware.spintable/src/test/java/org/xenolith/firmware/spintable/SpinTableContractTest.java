// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.spintable;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

class SpinTableContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new SpinTableComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/cpus/cpu@2").cells("reg", 2).cells("cpu-release-addr", 0, (int) FakeMemory.BASE).build();
  }

  @Override
  protected int cpus() {
    return 4;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** Now and then the CPU is released, and now and then somebody powers it off again. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (random.nextInt(40) == 0) {
      context.dma().write(FakeMemory.BASE, 8, random.nextBoolean() ? 0 : 0x4000_1000L);
    }
    if (random.nextInt(10) == 0) {
      context.cpus().get(2).powerOff();
    }
  }
}
