package org.xenolith.hw.virtio.net;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.net.api.EthernetStation;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.virtio.api.VirtioPort;

class VirtioNetContractTest extends DeviceModelContract {
  @Override protected DeviceModelFactory factory() {
    return new VirtioNetComponent();
  }

  @Override protected PlatformNode node() {
    return FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build();
  }

  @Override protected List<? extends Register> registers() {
    return List.of();
  }

  /** Frames both ways, with and without buffers; now and then the driver resets. */
  @Override protected void outsideInput(FakeContext context, RandomGenerator random) {
    VirtioPort port = context.port(VirtioPort.class);
    if (port.transport() == null) {
      new TestDriver(context);
    }
    if (port.function() == null) {
      return;
    }
    if (random.nextInt(16) == 0) {
      port.function().resetByDriver();
    }
    port.function().accepted(random.nextInt());
    byte[] frame = new byte[14 + random.nextInt(100)];
    for (EthernetStation station : NetworkNodes.port(context).stations()) {
      station.deliver(frame, 0, frame.length, 0, 0);
    }
  }
}
