// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.block.MemoryDisk;

class NvmeContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new NvmeComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pcie@10000000/nvme@1").compatible("xenolith,pci-nvme").cells("reg", 1 << 11, 0, 0, 0, 0).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** A guest with a vague idea of the controller; now and then the disk comes or goes. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    PciBusPort bus = context.port("/pcie@10000000", PciBusPort.class);
    DmaPort memory = context.memory().dma(8);
    bus.connect(new OnlyMemory(memory));
    if (random.nextInt(16) == 0) {
      context.port(BlockPort.class).attach(random.nextBoolean() ? new MemoryDisk(64) : null, "serial");
    }
    PciTarget function = bus.function(1 << 3);
    if (function != null) {
      new RandomDriver(random, function, memory).act();
    }
  }
}
