// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.FakeTransport;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.testkit.virtio.VirtioFunctionContract;
import org.xenolith.virtio.api.VirtioPort;

class VirtioBlkContractTest extends VirtioFunctionContract {
  private static final int SECTOR = 512;

  @Override
  protected DeviceModelFactory factory() {
    return new VirtioBlkComponent();
  }

  @Override
  protected void connect(FakeContext context) {
    context.port(VirtioPort.class).connect(new FakeTransport());
  }

  /** The disk comes or goes. */
  @Override
  protected void otherEnd(FakeContext context, RandomGenerator random) {
    if (random.nextInt(8) == 0) {
      context.port(BlockPort.class).attach(random.nextBoolean() ? new MemoryDisk(64) : null, "serial");
    }
  }

  /** Requests, good ones and bad ones. */
  @Override
  protected void driverInput(FakeContext context, VirtioPort port, RandomGenerator random) {
    FakeTransport transport = (FakeTransport) port.transport();
    long header = FakeMemory.BASE;
    context.dma().write(header, 4, random.nextInt(10));
    context.dma().write(header + 8, 8, random.nextInt(70));
    for (int i = random.nextInt(200); i >= 0; i--) {
      transport.offer(1 + random.nextInt(2), header, 16, header + 0x1000, 512L * random.nextInt(4), header + 0x100, 1);
    }
    port.function().notified(0, transport);
  }

  /** Reads sector 3. */
  @Override
  protected void assertWorks(FakeContext context, FunctionDriver driver) {
    MemoryDisk disk = new MemoryDisk(8);
    Arrays.fill(disk.content, 3 * SECTOR, 4 * SECTOR, (byte) 0x5A);
    context.port(BlockPort.class).attach(disk, "serial");
    context.dma().write(FunctionDriver.buffer(0, 0), 8, 0);
    context.dma().write(FunctionDriver.buffer(0, 0) + 8, 8, 3);
    driver.queues[0].describe(0, FunctionDriver.buffer(0, 0), 16, DriverQueue.NEXT, 1)
        .describe(1, FunctionDriver.buffer(0, 1), SECTOR + 1, DriverQueue.WRITE, 0).offer(0);
    driver.core.notified(0);
    context.clock().advance(20_000);
    assertEquals(SECTOR + 1, driver.queues[0].usedLength(0));
    byte[] answer = driver.bytes(0, 1, SECTOR + 1);
    assertArrayEquals(Arrays.copyOfRange(disk.content, 3 * SECTOR, 4 * SECTOR), Arrays.copyOf(answer, SECTOR));
    assertEquals(0, answer[SECTOR]);
  }
}
