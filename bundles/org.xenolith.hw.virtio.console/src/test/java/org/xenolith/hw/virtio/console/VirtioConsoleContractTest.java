package org.xenolith.hw.virtio.console;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.virtio.api.VirtioPort;

class VirtioConsoleContractTest extends DeviceModelContract {
  @Override protected DeviceModelFactory factory() {
    return new VirtioConsoleComponent();
  }

  @Override protected PlatformNode node() {
    return FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build();
  }

  @Override protected List<? extends Register> registers() {
    return List.of();
  }

  /** Keys, emergency characters, a driver that resets now and then. */
  @Override protected void outsideInput(FakeContext context, RandomGenerator random) {
    VirtioPort port = context.port(VirtioPort.class);
    if (port.transport() == null) {
      new TestDriver(context);
    }
    context.port(SerialPort.class).offer(new byte[random.nextInt(20)]);
    if (port.function() == null) {
      return;
    }
    if (random.nextInt(16) == 0) {
      port.function().resetByDriver();
    }
    port.function().accepted(random.nextInt());
    port.function().writeConfig(random.nextInt(16), 1 << random.nextInt(4), random.nextLong());
  }
}
