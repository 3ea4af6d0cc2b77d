// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ramfb;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class RamfbContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new RamfbComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/fw-cfg@9020000").compatible("qemu,fw-cfg-mmio").build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** What a guest writes comes by the port. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    byte[] bytes = new byte[1 + random.nextInt(FrameBuffer.SIZE)];
    random.nextBytes(bytes);
    context.port(FwCfgPort.class).write(FwCfgPort.FIRST_FILE, random.nextInt(FrameBuffer.SIZE), bytes);
  }
}
