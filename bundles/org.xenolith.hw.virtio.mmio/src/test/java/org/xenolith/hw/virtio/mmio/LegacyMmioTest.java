// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** A driver of the interface before version 1 (4.2.4): pages, no FEATURES_OK, a queue in one piece. */
class LegacyMmioTest {
  private static final int HOST_FEATURES = 0x10;
  private static final int HOST_FEATURES_SEL = 0x14;
  private static final int GUEST_FEATURES = 0x20;
  private static final int GUEST_PAGE_SIZE = 0x28;
  private static final int QUEUE_SEL = 0x30;
  private static final int QUEUE_NUM_MAX = 0x34;
  private static final int QUEUE_NUM = 0x38;
  private static final int QUEUE_ALIGN = 0x3C;
  private static final int QUEUE_PFN = 0x40;
  private static final int QUEUE_NOTIFY = 0x50;
  private static final int INTERRUPT_ACK = 0x64;
  private static final int STATUS = 0x70;
  private static final int RING_FEATURES = 1 << 29 | 1 << 28 | 1 << 27;
  private static final int PAGE = 4096;
  private static final int SIZE = 8;
  private static final long BASE = FakeMemory.BASE;
  /** 2.7.2: descriptors and available ring, and the used ring in the next page. */
  private static final long USED = BASE + PAGE;

  private FakeContext context;
  private DeviceModel model;
  private EchoFunction function;
  private DriverQueue queue;

  @BeforeEach
  void start() {
    context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").window(0xA00_0000, 0x200)
        .interrupt("/intc", 0, 16, 1).option("legacy", "true").build());
    model = context.create(new VirtioMmioComponent());
    VirtioPort port = context.port(VirtioPort.class);
    function = new EchoFunction(port);
    port.plug(function);
    queue = new DriverQueue(context.dma(), BASE, SIZE);
  }

  /** In the order in which drivers do it, which is not quite that of 3.1: the page before the reset. */
  private void initialize(long features) {
    context.write(GUEST_PAGE_SIZE, PAGE);
    context.write(STATUS, 0);
    context.write(STATUS, 3);
    context.write(GUEST_FEATURES, features);
    context.write(QUEUE_SEL, 0);
    assertEquals(0, context.read(QUEUE_PFN));
    assertEquals(256, context.read(QUEUE_NUM_MAX));
    context.write(QUEUE_NUM, SIZE);
    context.write(QUEUE_ALIGN, PAGE);
    context.write(QUEUE_PFN, BASE / PAGE);
    assertEquals(BASE / PAGE, context.read(QUEUE_PFN));
  }

  private int used() {
    return (int) context.dma().read(USED + 2, 2);
  }

  @Test
  void identifiesItself() {
    assertEquals(0x7472_6976, context.read(0));
    assertEquals(1, context.read(4));
    assertEquals(2, context.read(8));
    assertEquals(1 << 6 | RING_FEATURES, context.read(HOST_FEATURES));
    context.write(HOST_FEATURES_SEL, 1);
    assertEquals(0, context.read(HOST_FEATURES), "there is no version 1");
    assertEquals(0x5566_7788, context.read(0x100));
    assertTrue(context.port(VirtioPort.class).transport().legacy());
  }

  @Test
  void chainsGoThroughTheQueue() {
    initialize(1 << 6);
    context.write(STATUS, 7);
    assertEquals(7, context.read(STATUS));
    queue.describe(0, BASE + 0x1_0000, 16, DriverQueue.NEXT, 3).describe(3, BASE + 0x1_1000, 512, DriverQueue.WRITE, 0).offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(List.of("0:2:1"), function.chains);
    assertEquals(1, used());
    assertEquals(16, context.dma().read(USED + 8, 4));
    assertTrue(context.interrupt(0).level());
    context.write(INTERRUPT_ACK, 1);
    assertFalse(context.interrupt(0).level());
    assertEquals(1 << 6, function.accepted, "the transport keeps its own features to itself");
  }

  /** 3.1.2: a driver may use the device before it says that it is ready. */
  @Test
  void theDeviceWorksBeforeTheDriverSaysThatItIsReady() {
    initialize(0);
    queue.describe(0, BASE + 0x1_0000, 16, 0, 0).offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(1, used());
  }

  @Test
  void featuresThatAreNotOfferedAreLeftOut() {
    initialize(1 << 5 | 1 << 6);
    assertEquals(1 << 6, function.accepted);
    assertEquals("virtio-bad-features", context.reportedEvents().getFirst().kind());
    context.write(STATUS, 7);
    context.write(GUEST_FEATURES, 0);
    assertEquals(1 << 6, function.accepted, "no more once it is ready");
  }

  @Test
  void noPageTakesTheQueueAway() {
    initialize(0);
    context.write(QUEUE_PFN, 0);
    assertEquals(0, context.read(QUEUE_PFN));
    queue.describe(0, BASE + 0x1_0000, 16, 0, 0).offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(List.of(), function.chains);
  }

  @Test
  void queuesThatCanNotBeAreRefused() {
    for (int[] bad : new int[][] {{QUEUE_ALIGN, 0}, {QUEUE_ALIGN, 3}, {QUEUE_ALIGN, -1}, {QUEUE_NUM, 0}, {QUEUE_NUM, 3}, {QUEUE_NUM, 512},
        {QUEUE_SEL, 1}, {QUEUE_SEL, -1}, {GUEST_PAGE_SIZE, 8}}) {
      initialize(0);
      int before = context.reportedFaults().size();
      context.write(QUEUE_PFN, 0);
      context.write(bad[0], bad[1] & 0xFFFF_FFFFL);
      context.write(QUEUE_PFN, BASE / PAGE | 1);
      assertEquals(0, context.read(QUEUE_PFN), Integer.toHexString(bad[0]));
      assertEquals(before + 1, context.reportedFaults().size(), Integer.toHexString(bad[0]) + " " + bad[1]);
    }
  }

  /** Legacy drivers know no status that asks for a reset. */
  @Test
  void brokenQueuesStandStill() {
    initialize(0);
    context.write(STATUS, 7);
    queue.describe(0, BASE, 4, DriverQueue.NEXT, 0).offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(7, context.read(STATUS));
    assertEquals("virtio-queue-broken", context.reportedEvents().getFirst().kind());
    assertFalse(context.interrupt(0).level());
  }

  @Test
  void handOverKeepsQueues() {
    initialize(0);
    context.write(STATUS, 7);
    queue.describe(0, BASE + 0x1_0000, 4, 0, 0).offer(0);
    context.write(QUEUE_NOTIFY, 0);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioMmioComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    context = next;
    assertEquals(BASE / PAGE, context.read(QUEUE_PFN));
    assertTrue(context.interrupt(0).level());
    queue.offer(0);
    context.write(QUEUE_NOTIFY, 0);
    assertEquals(2, used());
  }

  @Test
  void randomAccessesNeverThrow() {
    Random random = new Random(0x5EED_0009L);
    for (int i = 0; i < 100_000; i++) {
      if (i % 50 == 0) {
        context.write(QUEUE_SEL, 0);
        context.write(QUEUE_PFN, 0);
        initialize(random.nextInt());
        context.dma().write(BASE + (random.nextInt(0x400) & ~7), 8, random.nextBoolean() ? random.nextLong() : BASE + 0x2000);
      }
      int size = 1 << random.nextInt(4);
      long offset = random.nextInt(0x200) & -size;
      long value = random.nextBoolean() ? random.nextInt(4) : random.nextLong();
      if (random.nextBoolean()) {
        context.write(0, offset, size, value & -1L >>> 64 - 8 * size);
      } else {
        context.read(0, offset, size);
      }
      function.chains.clear();
    }
  }
}
