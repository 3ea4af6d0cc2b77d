// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

class VirtioMmioTest {
  private static final int DEVICE_ID = 0x8;
  private static final int DEVICE_FEATURES = 0x10;
  private static final int DEVICE_FEATURES_SEL = 0x14;
  private static final int DRIVER_FEATURES = 0x20;
  private static final int DRIVER_FEATURES_SEL = 0x24;
  private static final int QUEUE_SEL = 0x30;
  private static final int QUEUE_NUM_MAX = 0x34;
  private static final int QUEUE_NUM = 0x38;
  private static final int QUEUE_READY = 0x44;
  private static final int QUEUE_NOTIFY = 0x50;
  private static final int INTERRUPT_STATUS = 0x60;
  private static final int INTERRUPT_ACK = 0x64;
  private static final int STATUS = 0x70;
  private static final int INDIRECT = 1 << 28;
  private static final int EVENT_IDX = 1 << 29;
  private static final long BASE = FakeMemory.BASE;
  private static final int SIZE = 8;

  private FakeContext context;
  private DeviceModel model;
  private EchoFunction function;
  private DriverQueue queue;

  @BeforeEach
  void start() {
    context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").window(0xA00_0000, 0x200)
        .interrupt("/intc", 0, 16, 1).build());
    model = context.create(new VirtioMmioComponent());
    VirtioPort port = context.port(VirtioPort.class);
    function = new EchoFunction(port);
    port.plug(function);
    queue = new DriverQueue(context.dma(), BASE, SIZE);
  }

  private void initialize(int features) {
    context.write(STATUS, 0);
    context.write(STATUS, 3);
    context.write(DRIVER_FEATURES_SEL, 0);
    context.write(DRIVER_FEATURES, features);
    context.write(DRIVER_FEATURES_SEL, 1);
    context.write(DRIVER_FEATURES, 1);
    context.write(STATUS, 0xB);
    assertEquals(0xB, context.read(STATUS));
    context.write(QUEUE_SEL, 0);
    context.write(QUEUE_NUM, SIZE);
    context.write(0x80, queue.descriptors);
    context.write(0x84, queue.descriptors >>> 32);
    context.write(0x90, queue.available);
    context.write(0xA0, queue.used);
    context.write(QUEUE_READY, 1);
    assertEquals(1, context.read(QUEUE_READY));
    context.write(STATUS, 0xF);
  }

  private boolean line() {
    return context.interrupt(0).level();
  }

  @Test
  void identifiesItself() {
    assertEquals(0x7472_6976, context.read(0));
    assertEquals(2, context.read(4));
    assertEquals(2, context.read(DEVICE_ID));
    assertEquals(0x7788, context.read(0, 0x100, 2));
    assertEquals(0x1122_3344_5566_7788L, context.read(0, 0x100, 8));
    assertEquals(0xFFFF_FFFFL, context.read(0xB0));
    context.write(DEVICE_FEATURES_SEL, 1);
    assertEquals(1, context.read(DEVICE_FEATURES), "version 1");
    context.write(DEVICE_FEATURES_SEL, 0);
    assertEquals(1 << 6 | INDIRECT | EVENT_IDX, context.read(DEVICE_FEATURES));
    assertEquals(256, context.read(QUEUE_NUM_MAX));
    context.write(QUEUE_SEL, 1);
    assertEquals(0, context.read(QUEUE_NUM_MAX));
    context.write(QUEUE_SEL, 0xFFFF_FFFFL);
    assertEquals(0, context.read(QUEUE_NUM_MAX));
    assertEquals(0, context.read(QUEUE_READY));
  }

  @Test
  void withoutAFunctionTheDeviceIdIsZero() {
    context.port(VirtioPort.class).plug(null);
    assertEquals(0x7472_6976, context.read(0));
    assertEquals(0, context.read(DEVICE_ID));
    assertEquals(0, context.read(DEVICE_FEATURES));
    assertEquals(0, context.read(QUEUE_NUM_MAX));
    assertEquals(0, context.read(0x100));
  }

  @Test
  void featuresMustBeOfferedAndOfVersionOne() {
    context.write(STATUS, 3);
    context.write(DRIVER_FEATURES, 1 << 6);
    context.write(STATUS, 0xB);
    assertEquals(3, context.read(STATUS), "a legacy driver");
    context.write(DRIVER_FEATURES_SEL, 1);
    context.write(DRIVER_FEATURES, 1 | 1 << 5);
    context.write(STATUS, 0xB);
    assertEquals(3, context.read(STATUS), "not offered");
    context.write(DRIVER_FEATURES, 1);
    context.write(STATUS, 0xB);
    assertEquals(0xB, context.read(STATUS));
    assertEquals(1 << 6, function.accepted, "the transport keeps its own features to itself");
  }

  @Test
  void chainsGoThroughTheQueue() {
    initialize(0);
    queue.describe(0, BASE + 0x10000, 16, DriverQueue.NEXT, 3).describe(3, BASE + 0x11000, 512, DriverQueue.NEXT | DriverQueue.WRITE, 5)
        .describe(5, BASE + 0x12000, 1, DriverQueue.WRITE, 0).describe(1, BASE + 0x13000, 77, 0, 0);
    queue.offer(0);
    queue.offer(1);
    assertFalse(line());
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(List.of("0:3:2", "1:1:0"), function.chains);
    assertEquals(2, queue.usedIndex());
    assertEquals(0, queue.usedHead(0));
    assertEquals(16, queue.usedLength(0));
    assertEquals(1, queue.usedHead(1));
    assertEquals(77, queue.usedLength(1));
    assertTrue(line());
    assertEquals(1, context.read(INTERRUPT_STATUS));
    context.write(INTERRUPT_ACK, 1);
    assertFalse(line());
  }

  @Test
  void indexesWrap() {
    initialize(0);
    queue.describe(2, BASE + 0x10000, 4, 0, 0);
    for (int i = 0; i < 70_000; i++) {
      queue.offer(2);
      context.write(QUEUE_NOTIFY, 0);
      function.chains.clear();
      // Not all at one time: there is a bound.
      context.clock().advance(100);
    }
    assertEquals(70_000 & 0xFFFF, queue.usedIndex());
    assertEquals(0xF, context.read(STATUS));
  }

  @Test
  void indirectTablesNeedTheFeature() {
    long table = BASE + 0x20000;
    initialize(INDIRECT);
    queue.describe(table, 0, BASE + 0x10000, 16, DriverQueue.NEXT, 1).describe(table, 1, BASE + 0x11000, 64, DriverQueue.WRITE, 0);
    queue.describe(4, table, 32, DriverQueue.INDIRECT, 0);
    queue.offer(4);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(List.of("4:2:1"), function.chains);
    queue = new DriverQueue(context.dma(), BASE + 0x30000, SIZE);
    initialize(0);
    queue.describe(4, table, 32, DriverQueue.INDIRECT, 0);
    queue.offer(4);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(0x4F, context.read(STATUS), "needs reset");
  }

  @Test
  void driverCanAskForSilence() {
    initialize(0);
    queue.flags(1);
    queue.describe(0, BASE + 0x10000, 4, 0, 0);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(1, queue.usedIndex());
    assertFalse(line());
  }

  @Test
  void eventIndexesTellWhenToInterrupt() {
    initialize(EVENT_IDX);
    queue.describe(0, BASE + 0x10000, 4, 0, 0);
    queue.usedEvent(1);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertFalse(line(), "not before the second");
    assertEquals(1, queue.availableEvent(), "notify at the next one");
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertTrue(line());
    context.write(INTERRUPT_ACK, 1);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertFalse(line(), "the event is past");
  }

  @Test
  void malformedQueuesNeedAReset() {
    List<Runnable> mistakes = List.of(
        () -> queue.describe(0, BASE, 4, DriverQueue.NEXT, 0),
        () -> queue.describe(0, BASE, 4, DriverQueue.NEXT, SIZE),
        () -> queue.describe(0, BASE, -1, 0, 0),
        () -> queue.describe(0, BASE, 4, DriverQueue.NEXT | DriverQueue.WRITE, 1).describe(1, BASE, 4, 0, 0),
        () -> queue.describe(0, BASE + 0x20000, 24, DriverQueue.INDIRECT, 0),
        () -> queue.describe(0, BASE + 0x20000, 0, DriverQueue.INDIRECT, 0),
        () -> queue.describe(0, 0, 32, DriverQueue.INDIRECT, 0),
        () -> queue.describe(0, BASE + 0x20000, 16, DriverQueue.INDIRECT, 0)
            .describe(BASE + 0x20000, 0, BASE + 0x20000, 16, DriverQueue.INDIRECT, 0),
        () -> context.dma().write(queue.available + 4, 2, 0xFFFF),
        () -> {
          queue.describe(0, BASE, 4, 0, 0);
          context.dma().write(queue.available + 2, 2, 1000);
        });
    int number = 0;
    for (Runnable mistake : mistakes) {
      queue = new DriverQueue(context.dma(), BASE + 0x40000L * ++number, SIZE);
      initialize(INDIRECT);
      assertFalse(line());
      queue.offer(0);
      mistake.run();
      context.write(QUEUE_NOTIFY, 0);
      assertEquals(0x4F, context.read(STATUS), "mistake " + number);
      assertEquals(2, context.read(INTERRUPT_STATUS), "mistake " + number);
      assertTrue(line());
      assertEquals(0, queue.usedIndex());
    }
  }

  @Test
  void queuesOutsideMemoryNeedAReset() {
    queue = new DriverQueue(context.dma(), BASE + FakeMemory.SIZE - 0x400, SIZE);
    initialize(0);
    context.write(QUEUE_READY, 0);
    context.write(0x90, 0x1000);
    context.write(0x94, 0xFFFF_FFFFL);
    context.write(QUEUE_READY, 1);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(0x4F, context.read(STATUS));
  }

  @Test
  void misshapenQueuesAreRefused() {
    initialize(0);
    for (long[] wrong : new long[][] {{QUEUE_NUM, 0}, {QUEUE_NUM, 3}, {QUEUE_NUM, 512}, {0x80, BASE + 8}, {0x90, BASE + 1},
        {0xA0, BASE + 2}}) {
      initialize(0);
      context.write(QUEUE_READY, 0);
      context.write(wrong[0], wrong[1]);
      context.write(QUEUE_READY, 1);
      assertEquals(0, context.read(QUEUE_READY), Long.toHexString(wrong[0]));
      assertNull(context.port(VirtioPort.class).transport().queue(0));
    }
  }

  @Test
  void nothingHappensBeforeTheDriverIsReady() {
    initialize(0);
    context.write(STATUS, 0xB);
    queue.describe(0, BASE + 0x10000, 4, 0, 0);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    context.write(QUEUE_NOTIFY, 7);
    context.write(QUEUE_NOTIFY, 0xFFFF_FFFFL);
    assertEquals(List.of(), function.chains);
  }

  @Test
  void resetByTheDriverForgetsEverything() {
    initialize(0);
    queue.describe(0, BASE + 0x10000, 4, 0, 0);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    int resets = function.resets;
    context.write(STATUS, 0);
    assertEquals(resets + 1, function.resets);
    assertEquals(0, context.read(STATUS));
    assertEquals(0, context.read(QUEUE_READY));
    assertFalse(line());
    assertNull(context.port(VirtioPort.class).transport().queue(0));
  }

  @Test
  void configurationChangesAreTold() {
    long generation = context.read(0xFC);
    initialize(0);
    context.port(VirtioPort.class).transport().configChanged();
    assertNotEquals(generation, context.read(0xFC));
    assertEquals(2, context.read(INTERRUPT_STATUS));
    assertTrue(line());
  }

  @Test
  void notificationsWaitForAFunctionThatIsAway() {
    initialize(0);
    VirtioPort port = context.port(VirtioPort.class);
    port.plug(null);
    queue.describe(0, BASE + 0x10000, 4, 0, 0);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(0, queue.usedIndex());
    port.plug(function);
    assertEquals(0, queue.usedIndex(), "not while it is being put in");
    context.clock().advance(1);
    assertEquals(1, queue.usedIndex());
    assertTrue(line());
  }

  @Test
  void handOverKeepsQueues() {
    initialize(INDIRECT | EVENT_IDX);
    queue.describe(0, BASE + 0x10000, 4, 0, 0);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioMmioComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    context = next;
    assertTrue(line());
    queue.usedEvent(1);
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(2, queue.usedIndex());
    assertEquals(List.of("0:1:0", "0:1:0"), function.chains);
    successor.removed();
    assertNull(context.port(VirtioPort.class).transport());
  }

  @Test
  void notificationsMadeWhileTheTransportWasAwayAreMadeUpFor() {
    initialize(INDIRECT | EVENT_IDX);
    queue.describe(0, BASE + 0x10000, 4, 0, 0);
    var kept = model.state().save();
    model.removed();
    queue.offer(0);
    FakeContext next = context.successor();
    DeviceModel successor = new VirtioMmioComponent().create(next);
    successor.state().restore(kept);
    next.takeAlarms(context);
    successor.restored();
    assertEquals(List.of(), function.chains);
    next.clock().advance(1);
    assertEquals(List.of("0:1:0"), function.chains);
    assertEquals(1, queue.usedIndex());
  }

  @Test
  void randomAccessesNeverThrow() {
    long seed = 0x5EED_0008L;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      if (i % 50 == 0) {
        initialize(random.nextInt() & (INDIRECT | EVENT_IDX));
        context.dma().write(BASE + (random.nextInt(0x400) & ~7), 8, random.nextBoolean() ? random.nextLong() : BASE + 0x2000);
      }
      int size = 1 << random.nextInt(4);
      long offset = random.nextInt(0x200) & -size;
      long value = switch (random.nextInt(3)) {
        case 0 -> random.nextInt(4);
        case 1 -> BASE + random.nextInt(0x1000);
        default -> random.nextLong();
      };
      if (random.nextInt(4) == 0) {
        context.read(0, offset, size);
      } else {
        context.write(0, offset, size, value);
      }
    }
  }
}
