// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.psci;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class PsciContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new PsciComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/psci").compatible("arm,psci-1.0").property(FdtProperty.ofStrings("method", "hvc")).build();
  }

  @Override
  protected int cpus() {
    return 4;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** Calls with identifiers and arguments that are right, nearly right, and anything. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    long identifier = random.nextInt(8) == 0 ? random.nextLong()
        : (random.nextBoolean() ? 0x8400_0000L : 0xC400_0000L) + random.nextInt(0x16);
    long argument = random.nextBoolean() ? random.nextInt(6) : random.nextLong();
    context.call(random.nextInt(4), random.nextBoolean(), identifier, argument, random.nextLong(), random.nextLong());
  }
}
