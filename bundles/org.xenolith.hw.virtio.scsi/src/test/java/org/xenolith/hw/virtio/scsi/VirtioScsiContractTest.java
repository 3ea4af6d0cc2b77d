// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.block.api.Medium;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.FakeTransport;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.testkit.virtio.VirtioFunctionContract;
import org.xenolith.virtio.api.VirtioPort;

class VirtioScsiContractTest extends VirtioFunctionContract {
  private static final int SECTOR = 512;
  private static final int HEADER = 51;
  private static final int RESPONSE = 108;
  private static final int REQUESTS = VirtioScsi.REQUESTS;
  private static final int LATENCY = 20_000;

  @Override
  protected DeviceModelFactory factory() {
    return new VirtioScsiComponent();
  }

  @Override
  protected void connect(FakeContext context) {
    context.port(VirtioPort.class).connect(new FakeTransport());
  }

  /** Disks and discs come and go. */
  @Override
  protected void otherEnd(FakeContext context, RandomGenerator random) {
    if (random.nextInt(8) == 0) {
      context.port(BlockUnitsPort.class).unit(random.nextInt(3)).attach(random.nextBoolean() ? new MemoryDisk(64) : null, "serial",
          random.nextBoolean() ? Medium.DISK : Medium.CD_ROM);
    }
  }

  /** Commands, good ones and bad ones. */
  @Override
  protected void driverInput(FakeContext context, VirtioPort port, RandomGenerator random) {
    FakeTransport transport = (FakeTransport) port.transport();
    long header = FakeMemory.BASE;
    byte[] request = new byte[HEADER];
    request[0] = 1;
    request[1] = (byte) random.nextInt(4);
    for (int i = 19; i < HEADER; i++) {
      request[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
    }
    request[19] = (byte) random.nextInt();
    context.dma().write(header, request, 0, HEADER);
    for (int i = random.nextInt(200); i >= 0; i--) {
      if (random.nextBoolean()) {
        transport.offer(1, header, HEADER, header + 0x1000, RESPONSE, header + 0x2000, 512L * random.nextInt(4));
      } else {
        transport.offer(2, header, HEADER, header + 0x2000, 512L * random.nextInt(4), header + 0x1000, RESPONSE);
      }
    }
    port.function().notified(random.nextInt(3), transport);
  }

  /** Reads sector 3, as the second command: the first is told that power came. */
  @Override
  protected void assertWorks(FakeContext context, FunctionDriver driver) {
    MemoryDisk disk = new MemoryDisk(8);
    Arrays.fill(disk.content, 3 * SECTOR, 4 * SECTOR, (byte) 0x5A);
    context.port(BlockUnitsPort.class).unit(2).attach(disk, "serial");
    byte[] request = new byte[HEADER];
    request[0] = 1;
    request[1] = 2;
    request[19] = 0x28;
    request[24] = 3;
    request[27] = 1;
    for (int i = 0; i < 2; i++) {
      context.dma().write(FunctionDriver.buffer(REQUESTS, 0), request, 0, HEADER);
      driver.queues[REQUESTS].describe(0, FunctionDriver.buffer(REQUESTS, 0), HEADER, DriverQueue.NEXT, 1)
          .describe(1, FunctionDriver.buffer(REQUESTS, 1), RESPONSE + SECTOR, DriverQueue.WRITE, 0).offer(0);
      driver.core.notified(REQUESTS);
      context.clock().advance(LATENCY);
    }
    assertEquals(RESPONSE, driver.queues[REQUESTS].usedLength(0));
    assertEquals(RESPONSE + SECTOR, driver.queues[REQUESTS].usedLength(1));
    byte[] answer = driver.bytes(REQUESTS, 1, RESPONSE + SECTOR);
    assertArrayEquals(Arrays.copyOfRange(disk.content, 3 * SECTOR, 4 * SECTOR), Arrays.copyOfRange(answer, RESPONSE, RESPONSE + SECTOR));
  }
}
