// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

/** A driver offers chains of 1,024 empty buffers: 16 of them are passed on at once, the others in virtual time, whoever takes over. */
class DescriptorsAtOnceTest {
  private static final int SIZE = 64;
  private static final int BUFFERS = 1024;
  private static final int AT_ONCE = 16;
  private static final int PAUSE = 100_000;
  private static final long BASE = FakeMemory.BASE;
  private static final long TABLE = BASE + 0x10_0000;

  private FakeContext context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").window(0xA00_0000, 0x200)
      .interrupt("/intc", 0, 16, 1).build());
  private DeviceModel model = context.create(new VirtioMmioComponent());
  private final VirtioPort port = context.port(VirtioPort.class);
  private final DriverQueue queue = new DriverQueue(context.dma(), BASE, SIZE);

  private void start() {
    port.plug(new EchoFunction(port));
    context.write(0x70, 3);
    context.write(0x24, 0);
    context.write(0x20, 1 << 28);
    context.write(0x24, 1);
    context.write(0x20, 1);
    context.write(0x70, 0xB);
    context.write(0x38, SIZE);
    context.write(0x80, queue.descriptors);
    context.write(0x90, queue.available);
    context.write(0xA0, queue.used);
    context.write(0x44, 1);
    context.write(0x70, 0xF);
    for (int i = 0; i < BUFFERS; i++) {
      queue.describe(TABLE, i, TABLE, 0, i < BUFFERS - 1 ? DriverQueue.NEXT : 0, i + 1);
    }
    queue.describe(0, TABLE, 16 * BUFFERS, DriverQueue.INDIRECT, 0);
  }

  private void offer(int chains) {
    for (int i = 0; i < chains; i++) {
      queue.offer(0);
    }
    context.write(0x50, 0);
  }

  private void takeOver() {
    FakeContext old = context;
    context = old.successor();
    DeviceModel next = context.create(new VirtioMmioComponent());
    next.state().restore(model.state().save());
    context.takeAlarms(old);
    next.restored();
    model = next;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRestIsPassedOnLater(boolean takesOver) {
    start();
    context.clock().advance(12_345);
    offer(3 * AT_ONCE + 1);
    for (int round = 1; round <= 3; round++) {
      assertEquals(round * AT_ONCE, queue.usedIndex());
      context.clock().advance(PAUSE / 2);
      if (takesOver) {
        takeOver();
      }
      context.clock().advance(PAUSE / 2 - 1);
      assertEquals(round * AT_ONCE, queue.usedIndex(), "not yet");
      context.clock().advance(1);
    }
    assertEquals(3 * AT_ONCE + 1, queue.usedIndex());
    context.clock().advance(10 * PAUSE);
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline(), "nothing is left to be done");
  }

  /** What a driver has notified before counts, as long as it isn't long ago. */
  @Test
  void manyNotificationsCountAsOne() {
    start();
    for (int i = 0; i < AT_ONCE + 3; i++) {
      offer(1);
    }
    assertEquals(AT_ONCE, queue.usedIndex());
    context.clock().advance(PAUSE);
    assertEquals(AT_ONCE + 3, queue.usedIndex());
    context.clock().advance(PAUSE);
    offer(AT_ONCE);
    assertEquals(2 * AT_ONCE + 3, queue.usedIndex());
  }

  /** A driver that resets the device is told of nothing, and has the descriptors of that time only once. */
  @Test
  void aResetDropsWhatWasToBePassedOn() {
    start();
    offer(AT_ONCE + 1);
    context.write(0x70, 0);
    context.clock().advance(PAUSE);
    assertEquals(AT_ONCE, queue.usedIndex());
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }
}
