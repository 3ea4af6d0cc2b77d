// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.Set;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.pci.PciEndpointContract;

/** A driver that knows one command: identify. */
class NvmeEndpointTest extends PciEndpointContract {
  private static final long QUEUES = FakeMemory.BASE;

  @Override
  protected DeviceModelFactory factory() {
    return new NvmeComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakePciHost.function("nvme@1", "xenolith,pci-nvme").build();
  }

  @Override
  protected void around(FakeContext function) {
    function.port(BlockPort.class).attach(new MemoryDisk(64), "disk-0");
  }

  @Override
  protected Set<Feature> features() {
    return Set.of(Feature.MEMORY_WRITES, Feature.INTERRUPT_PIN, Feature.MSIX, Feature.POWER_STATES, Feature.FUNCTION_RESET);
  }

  @Override
  protected void writeMemory(FakePciHost pci, long target) {
    DmaPort memory = pci.context().dma();
    pci.write(NvmeDriver.AQA, 4, 1 << 16 | 1);
    pci.write(NvmeDriver.ASQ, 8, QUEUES);
    pci.write(NvmeDriver.ACQ, 8, QUEUES + 0x1000);
    pci.write(NvmeDriver.CC, 4, NvmeDriver.ENABLE);
    memory.write(QUEUES, new byte[64], 0, 64);
    memory.write(QUEUES, 4, NvmeDriver.IDENTIFY);
    memory.write(QUEUES + 24, 8, target);
    memory.write(QUEUES + 40, 4, 1);
    pci.write(NvmeDriver.DOORBELLS, 4, 1);
    pci.context().clock().advance(10L * NvmeRig.LATENCY);
  }

  @Override
  protected void interrupt(FakePciHost pci) {
    writeMemory(pci, FakeMemory.BASE + 0x10_0000);
  }
}
