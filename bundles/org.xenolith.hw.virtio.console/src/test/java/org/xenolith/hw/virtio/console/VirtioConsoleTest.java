package org.xenolith.hw.virtio.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.virtio.api.TransportCore.Area;
import org.xenolith.virtio.api.VirtioPort;

class VirtioConsoleTest {
  private static final long NEEDS_RESET = 0x40;
  private final StringBuilder out = new StringBuilder();
  private FakeContext context;
  private SerialPort serial;
  private DeviceModel model;
  private TestDriver driver;

  @BeforeEach void plugIn() {
    PlatformNode node = FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build();
    context = new FakeContext(node);
    model = context.create(new VirtioConsoleComponent());
    serial = context.port(SerialPort.class);
    serial.connect(b -> out.append((char) b));
    driver = new TestDriver(context).start();
  }

  private List<String> events() {
    return context.reportedEvents().stream().map(FakeContext.Event::kind).toList();
  }

  /** 5.3: device 3, two queues, and without F_SIZE and F_MULTIPORT a configuration without meaning. */
  @Test void itIsAConsoleWithOnePort() {
    VirtioConsole console = (VirtioConsole) model;
    assertEquals(3, console.deviceId());
    assertEquals(4, console.features());
    assertEquals(2, console.queues());
    assertEquals(0, console.maxQueueSize(2));
    assertEquals(12, console.configSize());
    assertEquals(0, console.readConfig(0, 8));
  }

  @Test void whatTheDriverSendsIsOutAtOnceAndInOrder() {
    driver.send(0, "Hello, ");
    driver.queues[VirtioConsole.TRANSMIT].describe(1, FakeMemory.BASE + 0x20_0000, 2, DriverQueue.NEXT, 2)
        .describe(2, FakeMemory.BASE + 0x20_0002, 4, 0, 0).offer(1);
    context.dma().write(FakeMemory.BASE + 0x20_0000, "world\n".getBytes(StandardCharsets.UTF_8), 0, 6);
    driver.core.notified(VirtioConsole.TRANSMIT);
    assertEquals("Hello, world\n", out.toString());
    assertEquals(2, driver.queues[VirtioConsole.TRANSMIT].usedIndex());
    assertEquals(0, driver.queues[VirtioConsole.TRANSMIT].usedLength(1));
    assertEquals(2, driver.interrupts[VirtioConsole.TRANSMIT]);
  }

  @Test void bytesAreNotSigns() {
    driver.send(0, "\u0001");
    context.dma().write(TestDriver.buffer(1, 0), new byte[] {(byte) 0xFF}, 0, 1);
    driver.queues[VirtioConsole.TRANSMIT].offer(0);
    driver.core.notified(VirtioConsole.TRANSMIT);
    assertEquals("\u0001\u00FF", out.toString());
  }

  @Test void whatIsTypedWaitsForBuffersAndIsNeverLost() {
    assertEquals(7, serial.offer("ls\ncd /".getBytes(StandardCharsets.UTF_8)));
    assertEquals(0, driver.interrupts[VirtioConsole.RECEIVE]);
    driver.give(0, 3);
    assertEquals("ls\n", driver.received(0, 3));
    assertEquals(3, driver.queues[VirtioConsole.RECEIVE].usedLength(0));
    assertEquals(4, serial.waiting());
    driver.give(1, 4096);
    assertEquals("cd /", driver.received(1, 4));
    assertEquals(4, driver.queues[VirtioConsole.RECEIVE].usedLength(1));
    assertEquals(2, driver.interrupts[VirtioConsole.RECEIVE]);
    driver.give(2, 16);
    assertEquals(2, driver.queues[VirtioConsole.RECEIVE].usedIndex(), "nothing waits: the buffer does");
    serial.offer("x".getBytes(StandardCharsets.UTF_8));
    assertEquals("x", driver.received(2, 1));
    assertEquals(3, driver.interrupts[VirtioConsole.RECEIVE]);
  }

  @Test void noBufferIsUsedBeforeTheDriverIsReady() {
    driver.core.status(0);
    driver.negotiate();
    driver.give(0, 16);
    serial.offer("early".getBytes(StandardCharsets.UTF_8));
    assertEquals(0, driver.queues[VirtioConsole.RECEIVE].usedIndex());
    driver.core.status(0xF);
    driver.core.notified(VirtioConsole.RECEIVE);
    assertEquals("early", driver.received(0, 5));
  }

  /** 5.3.4: emerg_wr works at any time, the other fields are not written. */
  @Test void anEmergencyWriteNeedsNoQueue() {
    driver.core.status(0);
    ((VirtioConsole) model).writeConfig(8, 4, '!');
    ((VirtioConsole) model).writeConfig(0, 4, '?');
    assertEquals("!", out.toString());
  }

  @Test void buffersOfNoUseAreReportedAndComeBack() {
    driver.queues[VirtioConsole.TRANSMIT].describe(0, 0x1000, 100, 0, 0).offer(0);
    driver.queues[VirtioConsole.TRANSMIT].describe(1, FakeMemory.BASE, VirtioConsole.LONGEST + 1, 0, 0).offer(1);
    driver.core.notified(VirtioConsole.TRANSMIT);
    serial.offer("abc".getBytes(StandardCharsets.UTF_8));
    driver.queues[VirtioConsole.RECEIVE].describe(0, TestDriver.buffer(0, 0), 16, 0, 0).offer(0);
    driver.queues[VirtioConsole.RECEIVE].describe(1, 0x1000, 2, DriverQueue.WRITE, 0).offer(1);
    driver.core.notified(VirtioConsole.RECEIVE);
    assertEquals(List.of("virtio-console-bad-address", "virtio-console-long-buffer", "virtio-console-no-room", "virtio-console-bad-address"),
        events());
    assertEquals(2, driver.queues[VirtioConsole.TRANSMIT].usedIndex());
    assertEquals(2, driver.queues[VirtioConsole.RECEIVE].usedIndex());
    assertEquals(0, driver.queues[VirtioConsole.RECEIVE].usedLength(0));
    assertEquals(VirtioConsole.LONGEST, out.length());
    driver.give(2, 16);
    assertEquals("c", driver.received(2, 1));
  }

  @Test void anotherVersionGoesOnAndOneThatIsRemovedHearsNothing() {
    driver.give(0, 16);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioConsoleComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    serial.offer("typed".getBytes(StandardCharsets.UTF_8));
    assertEquals("typed", driver.received(0, 5));
    successor.removed();
    assertNull(next.port(VirtioPort.class).function());
    driver.send(0, "unheard");
    assertEquals("", out.toString());
    assertEquals(2, serial.offer("xy".getBytes(StandardCharsets.UTF_8)));
    assertEquals(2, serial.waiting(), "kept for who comes");
  }

  @Test void whatCameMeanwhileIsPassedOnByWhoComesBack() {
    driver.give(0, 16);
    model.removed();
    serial.offer("meanwhile".getBytes(StandardCharsets.UTF_8));
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioConsoleComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(0, driver.queues[VirtioConsole.RECEIVE].usedIndex(), "not inside of the change");
    next.clock().advance(1);
    assertEquals("meanwhile", driver.received(0, 9));
  }

  /** Descriptors and rings of random bytes: the queue is broken, and nothing else. */
  @Test void malformedQueuesNeverThrow() {
    Random random = new Random(31);
    int broken = 0;
    for (int round = 0; round < 2000; round++) {
      driver.core.status(0);
      driver.start();
      for (DriverQueue queue : driver.queues) {
        for (int i = 0; i < TestDriver.SIZE; i++) {
          long address = random.nextInt(4) == 0 ? random.nextLong() : FakeMemory.BASE + 0x10_0000 + random.nextInt(0x10_0000);
          int flags = random.nextInt(16) == 0 ? random.nextInt(8) : random.nextInt(4);
          queue.describe(i, address, random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(4096), flags,
              random.nextInt(TestDriver.SIZE + 1));
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
          queue.offer(random.nextInt(TestDriver.SIZE));
        }
      }
      driver.core.notified(VirtioConsole.TRANSMIT);
      driver.core.notified(VirtioConsole.RECEIVE);
      serial.offer(new byte[random.nextInt(300)]);
      broken += (driver.core.status() & NEEDS_RESET) != 0 ? 1 : 0;
      out.setLength(0);
    }
    assertTrue(broken > 200 && broken < 1800, "so many queues were found to be broken: " + broken);
    assertTrue(events().containsAll(List.of("virtio-console-bad-address", "virtio-console-long-buffer")), () -> "events: "
        + context.reportedEvents().stream().map(FakeContext.Event::kind).distinct().toList());
    assertSound();
  }

  /** Areas that lie where nothing answers, or one over the other. */
  @Test void areasInOddPlacesNeverThrow() {
    long[] places = {0, 0x1000, -16, Long.MAX_VALUE & -16, FakeMemory.BASE, FakeMemory.BASE + FakeMemory.SIZE - 16};
    Random random = new Random(32);
    for (int round = 0; round < 2000; round++) {
      driver.core.status(0);
      driver.negotiate();
      for (int q = 0; q < 2; q++) {
        driver.core.ready(q, false);
        for (Area area : Area.values()) {
          driver.place(q, area, places[random.nextInt(places.length)]);
        }
        driver.core.ready(q, true);
      }
      driver.core.status(0xF);
      driver.core.notified(VirtioConsole.TRANSMIT);
      serial.offer(new byte[5]);
    }
    assertSound();
  }

  /** After all that it still works. */
  private void assertSound() {
    driver.core.status(0);
    context.dma().write(FakeMemory.BASE, new byte[0x2000], 0, 0x2000);
    out.setLength(0);
    new TestDriver(context).start().send(0, "still here");
    assertEquals("still here", out.toString());
  }
}
