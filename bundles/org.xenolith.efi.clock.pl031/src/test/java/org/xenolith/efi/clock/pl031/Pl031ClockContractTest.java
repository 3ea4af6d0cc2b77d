// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.clock.pl031;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What every model keeps; the guest's accesses are calls of the port, about any time. */
class Pl031ClockContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new ClockComponent();
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
    ClockPort port = context.port(ClockPort.class);
    byte[] time = new byte[EfiTime.SIZE];
    random.nextBytes(time);
    switch (random.nextInt(4)) {
      case 0 -> port.getTime();
      case 1 -> port.getWakeupTime();
      case 2 -> port.setTime(EfiTime.ofBytes(time, 0));
      default -> port.setWakeupTime(random.nextBoolean(), EfiTime.ofBytes(time, 0));
    }
  }
}
