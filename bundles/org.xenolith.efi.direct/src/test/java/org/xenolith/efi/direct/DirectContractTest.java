// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.direct;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.efi.api.DirectServicesPort;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What every model keeps, where firmware places its services now and then. */
class DirectContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new DirectComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    context.port(DirectServicesPort.class).placed(new RuntimeMemory(random.nextLong(), random.nextLong(),
        List.of(new Range(random.nextLong(), random.nextInt(9999), random.nextLong())), random.nextBoolean()));
  }
}
