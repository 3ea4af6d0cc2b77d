// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.virtio;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.kit.TransportCore;
import org.xenolith.virtio.kit.TransportCore.Area;

/**
 * What every virtio function must keep besides what every model must: whatever a driver puts into its queues, and wherever it puts
 * them, at most the queue is broken. A function's test extends this class, says how to make the model and how to see that it works,
 * and adds tests of what only this function does.
 */
public abstract class VirtioFunctionContract extends DeviceModelContract {
  private static final int ROUNDS = 2000;
  private static final int SEED = 31;
  private static final int MOST_NANOSECONDS = 100_000;

  /** A transport as on the board {@code virt}. */
  @Override
  protected PlatformNode node() {
    return FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build();
  }

  @Override
  protected final List<? extends Register> registers() {
    return List.of();
  }

  /** Something from the other end, such as typed characters, a frame or another disk; nothing unless a subclass says. */
  protected void otherEnd(FakeContext context, RandomGenerator random) {}

  /** Puts a transport in front of the function for the checks of every model; a driver that never starts unless a subclass says. */
  protected void connect(FakeContext context) {
    new FunctionDriver(context, context.port(VirtioPort.class).function().queues());
  }

  /** Something that the driver does, beside resets and what it writes to the configuration; nothing unless a subclass says. */
  protected void driverInput(FakeContext context, VirtioPort port, RandomGenerator random) {}

  /** Fails unless the function does what it is for, at once or soon, with a driver that was just started. */
  protected abstract void assertWorks(FakeContext context, FunctionDriver driver);

  @Override
  protected final void outsideInput(FakeContext context, RandomGenerator random) {
    VirtioPort port = context.port(VirtioPort.class);
    VirtioFunction function = port.function();
    if (function != null && port.transport() == null) {
      connect(context);
    }
    otherEnd(context, random);
    if (function == null) {
      return;
    }
    if (random.nextInt(16) == 0) {
      function.resetByDriver();
    }
    function.accepted(random.nextInt());
    function.writeConfig(random.nextInt(16), 1 << random.nextInt(4), random.nextLong());
    driverInput(context, port, random);
  }

  /** Descriptors and rings of random bytes: the queue is broken, and nothing else. */
  @Test
  protected final void malformedQueuesNeverThrow() {
    Random random = new Random(SEED);
    FakeContext context = plugged();
    FunctionDriver driver = driver(context);
    int broken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      driver.core.status(0);
      driver.start();
      for (DriverQueue queue : driver.queues) {
        scramble(queue, random);
      }
      work(context, driver, random);
      broken += (driver.core.status() & FunctionDriver.NEEDS_RESET) != 0 ? 1 : 0;
    }
    assertTrue(broken > ROUNDS / 10 && broken < ROUNDS * 9 / 10, "so many of " + ROUNDS + " queues were found to be broken: " + broken);
    assertSound(context, driver);
  }

  private static void scramble(DriverQueue queue, Random random) {
    for (int i = 0; i < queue.size; i++) {
      long address = switch (random.nextInt(8)) {
        case 0, 1 -> random.nextLong();
        case 2 -> FakeMemory.BASE + random.nextInt(FakeMemory.SIZE);
        default -> FunctionDriver.BUFFERS + random.nextInt(0x10_0000);
      };
      int length = random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(4096);
      int flags = random.nextInt(16) == 0 ? random.nextInt(8) : random.nextInt(4);
      queue.describe(i, address, length, flags, random.nextInt(queue.size + 1));
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      queue.offer(random.nextInt(queue.size));
    }
  }

  /** Areas that lie where nothing answers, or one over the other. */
  @Test
  protected final void areasInOddPlacesNeverThrow() {
    long[] places = {0, 0x1000, -16, Long.MAX_VALUE & -16, FakeMemory.BASE, FakeMemory.BASE + FakeMemory.SIZE - 16};
    Random random = new Random(SEED);
    FakeContext context = plugged();
    FunctionDriver driver = driver(context);
    for (int round = 0; round < ROUNDS; round++) {
      driver.core.status(0);
      driver.negotiate();
      for (int q = 0; q < driver.queues.length; q++) {
        driver.core.ready(q, false);
        for (Area area : Area.values()) {
          driver.place(q, area, places[random.nextInt(places.length)]);
        }
        driver.core.ready(q, true);
      }
      driver.core.status(0xF);
      work(context, driver, random);
    }
    assertSound(context, driver);
  }

  /** Queues full of chains of a thousand empty buffers, which cost a driver nothing: so many at once, the rest later. */
  @Test
  protected final void oneNotificationLooksAtSoManyDescriptors() {
    FakeContext context = plugged();
    GreedyDriver driver = new GreedyDriver(context, context.port(VirtioPort.class).function().queues());
    int most = TransportCore.DESCRIPTORS_AT_ONCE + Virtqueue.MAX_BUFFERS;
    for (int q = 0; q < driver.core.queues(); q++) {
      long chains = driver.fill(q);
      driver.looked = 0;
      driver.core.notified(q);
      long all = driver.looked;
      assertTrue(all <= most, "of queue " + q + " the function has looked at so many descriptors at once: " + all);
      boolean takes = all > 0;
      for (int i = 0; i < ROUNDS && driver.waits(); i++) {
        driver.looked = 0;
        context.clock().advanceTo(context.clock().nextDeadline());
        assertTrue(driver.looked <= most, "of queue " + q + " the function has looked at so many descriptors later: " + driver.looked);
        all += driver.looked;
      }
      assertTrue(!takes || all >= chains * Virtqueue.MAX_BUFFERS, "of queue " + q + " the function has not taken all in the end: " + all);
      context.clock().advance(TransportCore.UNTIL_MORE);
    }
  }

  private FakeContext plugged() {
    FakeContext context = new FakeContext(node(), cpus());
    context.create(factory());
    return context;
  }

  private static FunctionDriver driver(FakeContext context) {
    return new FunctionDriver(context, context.port(VirtioPort.class).function().queues());
  }

  private void work(FakeContext context, FunctionDriver driver, Random random) {
    for (int q = 0; q < driver.queues.length; q++) {
      driver.core.notified(q);
    }
    otherEnd(context, random);
    context.clock().advance(random.nextInt(MOST_NANOSECONDS));
  }

  private void assertSound(FakeContext context, FunctionDriver driver) {
    driver.core.status(0);
    assertWorks(context, driver(context).start());
  }
}
