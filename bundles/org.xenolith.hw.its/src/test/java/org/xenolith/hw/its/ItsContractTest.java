// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.arm.api.LpiPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The contract; between two accesses a driver starts the ITS, commands of any kind are announced, and messages arrive. */
class ItsContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new ItsComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its").window(0x808_0000, 0x2_0000).build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(ItsRegister.values());
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (!context.claimed(0)) {
      return;
    }
    context.port("/intc@8000000", LpiPort.class).connect(random.nextInt(8) == 0 ? null : new RecordingRedistributors(2));
    ItsDriver driver = new ItsDriver(context);
    switch (random.nextInt(4)) {
      case 0 -> {
        context.write(0, 0, 4, 0);
        driver.start().mapd(1, 4, ItsDriver.ITT).mapc(0, 0).mapc(1, 1);
      }
      case 1 -> {
        for (int i = 0; i < 2048; i++) {
          driver.queue(random.nextLong(2) << 32 | 1 + random.nextInt(15), (8192L + random.nextInt(4)) << 32 | random.nextInt(4),
              (random.nextBoolean() ? ItsDriver.VALID : 0) | random.nextInt(4), random.nextLong());
        }
        context.write(0, 0x88, 4, random.nextInt(2048) * 32);
      }
      default -> context.message(0, random.nextInt(4) - 1, random.nextInt(8) == 0 ? 0x40 : 0x1_0040, random.nextInt(8));
    }
  }
}
