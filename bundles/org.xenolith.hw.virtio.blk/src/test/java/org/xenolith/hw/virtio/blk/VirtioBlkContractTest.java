package org.xenolith.hw.virtio.blk;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.virtio.api.VirtioPort;

class VirtioBlkContractTest extends DeviceModelContract {
  @Override protected DeviceModelFactory factory() {
    return new VirtioBlkComponent();
  }

  @Override protected PlatformNode node() {
    return FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build();
  }

  @Override protected List<? extends Register> registers() {
    return List.of();
  }

  /** Requests, good ones and bad ones; now and then the driver resets, or the disk comes or goes. */
  @Override protected void outsideInput(FakeContext context, RandomGenerator random) {
    VirtioPort port = context.port(VirtioPort.class);
    if (port.transport() == null) {
      port.connect(new FakeTransport());
    }
    if (random.nextInt(8) == 0) {
      context.port(BlockPort.class).attach(random.nextBoolean() ? new MemoryDisk(64) : null, "serial");
    }
    if (port.function() == null) {
      return;
    }
    if (random.nextInt(16) == 0) {
      port.function().resetByDriver();
    }
    FakeTransport transport = (FakeTransport) port.transport();
    long header = FakeMemory.BASE;
    context.dma().write(header, 4, random.nextInt(10));
    context.dma().write(header + 8, 8, random.nextInt(70));
    for (int i = random.nextInt(200); i >= 0; i--) {
      transport.offer(1 + random.nextInt(2), header, 16, header + 0x1000, 512L * random.nextInt(4), header + 0x100, 1);
    }
    port.function().notified(0, transport);
  }
}
