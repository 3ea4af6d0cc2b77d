// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.rng;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;

class VirtioRngTest {
  private static final int BYTES = 1000;

  private FakeContext context;
  private FunctionDriver driver;
  private DeviceModel model;

  @BeforeEach
  void start() {
    plug("/virtio_mmio@a000000", "7");
  }

  private void plug(String path, String seed) {
    context = new FakeContext(FakeNode.at(path).compatible("virtio,mmio").option("seed", seed).build());
    driver = new FunctionDriver(context, 1);
    model = context.create(new VirtioRngComponent());
    driver.start();
  }

  private byte[] take(int bytes) {
    int used = driver.queues[0].usedIndex();
    driver.give(0, 0, bytes);
    driver.core.notified(0);
    return driver.bytes(0, 0, (int) driver.queues[0].usedLength(used));
  }

  @Test
  void isAnEntropyDevice() {
    VirtioFunction function = context.port(VirtioPort.class).function();
    assertEquals(4, function.deviceId());
    assertEquals(1, function.queues());
    assertEquals(0, function.features());
    assertEquals(0, function.configSize());
  }

  @Test
  void bytesLookRandom() {
    int[] counts = new int[256];
    byte[] bytes = take(60_000);
    assertEquals(60_000, bytes.length);
    for (byte b : bytes) {
      counts[b & 0xFF]++;
    }
    for (int count : counts) {
      assertTrue(count > 150 && count < 330, "a byte's frequency, about 234: " + count);
    }
    assertEquals(1, driver.interrupts[0]);
  }

  @Test
  void bytesFollowFromSeedAndNode() {
    byte[] first = take(BYTES);
    assertFalse(Arrays.equals(first, take(BYTES)), "it goes on");
    plug("/virtio_mmio@a000000", "7");
    assertArrayEquals(first, take(BYTES));
    plug("/virtio_mmio@a000000", "8");
    assertFalse(Arrays.equals(first, take(BYTES)), "another seed");
    plug("/virtio_mmio@a000200", "7");
    assertFalse(Arrays.equals(first, take(BYTES)), "another node");
  }

  @Test
  void aResetOfTheMachineBeginsAnew() {
    byte[] first = take(BYTES);
    model.reset();
    assertArrayEquals(first, take(BYTES));
  }

  @Test
  void hugeBuffersAreFilledInPart() {
    driver.queues[0].describe(0, FunctionDriver.buffer(0, 0), 1 << 20, DriverQueue.WRITE, 0).offer(0);
    driver.core.notified(0);
    assertEquals(VirtioRng.MOST, driver.queues[0].usedLength(0));
  }

  @Test
  void badBuffersAreReported() {
    driver.put(0, 0, new byte[8]);
    driver.queues[0].describe(1, 0x1000, 64, DriverQueue.WRITE, 0).offer(1);
    driver.core.notified(0);
    assertEquals(0, driver.queues[0].usedLength(0));
    assertEquals(0, driver.queues[0].usedLength(1));
    assertEquals("virtio-rng-no-room", context.reportedEvents().get(0).kind());
    assertEquals("virtio-rng-bad-address", context.reportedEvents().get(1).kind());
  }

  @Test
  void anotherVersionGoesOn() {
    byte[] all = take(2 * BYTES);
    plug("/virtio_mmio@a000000", "7");
    byte[] first = take(BYTES);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioRngComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    byte[] second = take(BYTES);
    assertArrayEquals(Arrays.copyOf(all, BYTES), first);
    assertArrayEquals(Arrays.copyOfRange(all, BYTES, 2 * BYTES), second);
    successor.removed();
    assertNull(context.port(VirtioPort.class).function());
  }
}
