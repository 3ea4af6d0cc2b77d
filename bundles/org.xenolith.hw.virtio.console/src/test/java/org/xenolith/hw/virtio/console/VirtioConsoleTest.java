// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.virtio.api.VirtioPort;

class VirtioConsoleTest {
  private final StringBuilder out = new StringBuilder();
  private FakeContext context;
  private SerialPort serial;
  private DeviceModel model;
  private FunctionDriver driver;

  @BeforeEach
  void plugIn() {
    PlatformNode node = FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build();
    context = new FakeContext(node);
    model = context.create(new VirtioConsoleComponent());
    serial = context.port(SerialPort.class);
    serial.connect(b -> out.append((char) b));
    driver = new FunctionDriver(context, 2).start();
  }

  private void give(int index, int length) {
    driver.give(VirtioConsole.RECEIVE, index, length);
    driver.core.notified(VirtioConsole.RECEIVE);
  }

  private void send(int index, String text) {
    driver.put(VirtioConsole.TRANSMIT, index, text.getBytes(StandardCharsets.UTF_8));
    driver.core.notified(VirtioConsole.TRANSMIT);
  }

  private String received(int index, int length) {
    return new String(driver.bytes(VirtioConsole.RECEIVE, index, length), StandardCharsets.UTF_8);
  }

  private List<String> events() {
    return context.reportedEvents().stream().map(FakeContext.Event::kind).toList();
  }

  /** 5.3: device 3, two queues, and without F_SIZE and F_MULTIPORT a configuration without meaning. */
  @Test
  void itIsAConsoleWithOnePort() {
    VirtioConsole console = (VirtioConsole) model;
    assertEquals(3, console.deviceId());
    assertEquals(4, console.features());
    assertEquals(2, console.queues());
    assertEquals(128, console.maxQueueSize(VirtioConsole.RECEIVE), "as QEMU's: there are drivers that don't ask");
    assertEquals(128, console.maxQueueSize(VirtioConsole.TRANSMIT));
    assertEquals(0, console.maxQueueSize(2));
    assertEquals(12, console.configSize());
    assertEquals(0, console.readConfig(0, 8));
  }

  @Test
  void whatTheDriverSendsIsOutAtOnceAndInOrder() {
    send(0, "Hello, ");
    driver.queues[VirtioConsole.TRANSMIT].describe(1, FakeMemory.BASE + 0x20_0000, 2, DriverQueue.NEXT, 2)
        .describe(2, FakeMemory.BASE + 0x20_0002, 4, 0, 0).offer(1);
    context.dma().write(FakeMemory.BASE + 0x20_0000, "world\n".getBytes(StandardCharsets.UTF_8), 0, 6);
    driver.core.notified(VirtioConsole.TRANSMIT);
    assertEquals("Hello, world\n", out.toString());
    assertEquals(2, driver.queues[VirtioConsole.TRANSMIT].usedIndex());
    assertEquals(0, driver.queues[VirtioConsole.TRANSMIT].usedLength(1));
    assertEquals(2, driver.interrupts[VirtioConsole.TRANSMIT]);
  }

  /** A notification is one write of a register. */
  @Test
  void whatIsTooMuchForOnceIsSentLater() {
    int size = 600_000;
    for (int i = 0; i < 3; i++) {
      driver.queues[VirtioConsole.TRANSMIT].describe(i, FakeMemory.BASE, size, 0, 0).offer(i);
    }
    driver.core.notified(VirtioConsole.TRANSMIT);
    assertEquals(2 * size, out.length());
    assertEquals(2, driver.queues[VirtioConsole.TRANSMIT].usedIndex());
    context.clock().advance(100_000);
    assertEquals(3 * size, out.length());
    assertEquals(3, driver.queues[VirtioConsole.TRANSMIT].usedIndex());
  }

  @Test
  void bytesAreNotSigns() {
    send(0, "\u0001");
    context.dma().write(FunctionDriver.buffer(1, 0), new byte[] {(byte) 0xFF}, 0, 1);
    driver.queues[VirtioConsole.TRANSMIT].offer(0);
    driver.core.notified(VirtioConsole.TRANSMIT);
    assertEquals("\u0001\u00FF", out.toString());
  }

  @Test
  void whatIsTypedWaitsForBuffersAndIsNeverLost() {
    assertEquals(7, serial.offer("ls\ncd /".getBytes(StandardCharsets.UTF_8)));
    assertEquals(0, driver.interrupts[VirtioConsole.RECEIVE]);
    give(0, 3);
    assertEquals("ls\n", received(0, 3));
    assertEquals(3, driver.queues[VirtioConsole.RECEIVE].usedLength(0));
    assertEquals(4, serial.waiting());
    give(1, 4096);
    assertEquals("cd /", received(1, 4));
    assertEquals(4, driver.queues[VirtioConsole.RECEIVE].usedLength(1));
    assertEquals(2, driver.interrupts[VirtioConsole.RECEIVE]);
    give(2, 16);
    assertEquals(2, driver.queues[VirtioConsole.RECEIVE].usedIndex(), "nothing waits: the buffer does");
    serial.offer("x".getBytes(StandardCharsets.UTF_8));
    assertEquals("x", received(2, 1));
    assertEquals(3, driver.interrupts[VirtioConsole.RECEIVE]);
  }

  @Test
  void noBufferIsUsedBeforeTheDriverIsReady() {
    driver.core.status(0);
    driver.negotiate();
    give(0, 16);
    serial.offer("early".getBytes(StandardCharsets.UTF_8));
    assertEquals(0, driver.queues[VirtioConsole.RECEIVE].usedIndex());
    driver.core.status(0xF);
    driver.core.notified(VirtioConsole.RECEIVE);
    assertEquals("early", received(0, 5));
  }

  /** 5.3.4: emerg_wr works at any time, the other fields are not written. */
  @Test
  void anEmergencyWriteNeedsNoQueue() {
    driver.core.status(0);
    ((VirtioConsole) model).writeConfig(8, 4, '!');
    ((VirtioConsole) model).writeConfig(0, 4, '?');
    assertEquals("!", out.toString());
  }

  @Test
  void buffersOfNoUseAreReportedAndComeBack() {
    driver.queues[VirtioConsole.TRANSMIT].describe(0, 0x1000, 100, 0, 0).offer(0);
    driver.queues[VirtioConsole.TRANSMIT].describe(1, FakeMemory.BASE, VirtioConsole.LONGEST + 1, 0, 0).offer(1);
    driver.core.notified(VirtioConsole.TRANSMIT);
    serial.offer("abc".getBytes(StandardCharsets.UTF_8));
    driver.queues[VirtioConsole.RECEIVE].describe(0, FunctionDriver.buffer(0, 0), 16, 0, 0).offer(0);
    driver.queues[VirtioConsole.RECEIVE].describe(1, 0x1000, 2, DriverQueue.WRITE, 0).offer(1);
    driver.core.notified(VirtioConsole.RECEIVE);
    assertEquals(List.of("virtio-console-bad-address", "virtio-console-long-buffer", "virtio-console-no-room",
        "virtio-console-bad-address"),
        events());
    assertEquals(2, driver.queues[VirtioConsole.TRANSMIT].usedIndex());
    assertEquals(2, driver.queues[VirtioConsole.RECEIVE].usedIndex());
    assertEquals(0, driver.queues[VirtioConsole.RECEIVE].usedLength(0));
    assertEquals(VirtioConsole.LONGEST, out.length());
    give(2, 16);
    assertEquals("c", received(2, 1));
  }

  @Test
  void anotherVersionGoesOnAndOneThatIsRemovedHearsNothing() {
    give(0, 16);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioConsoleComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    serial.offer("typed".getBytes(StandardCharsets.UTF_8));
    assertEquals("typed", received(0, 5));
    successor.removed();
    assertNull(next.port(VirtioPort.class).function());
    send(0, "unheard");
    assertEquals("", out.toString());
    assertEquals(2, serial.offer("xy".getBytes(StandardCharsets.UTF_8)));
    assertEquals(2, serial.waiting(), "kept for who comes");
  }

  @Test
  void whatCameMeanwhileIsPassedOnByWhoComesBack() {
    give(0, 16);
    model.removed();
    serial.offer("meanwhile".getBytes(StandardCharsets.UTF_8));
    FakeContext next = context.successor();
    DeviceModel successor = new VirtioConsoleComponent().create(next);
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(0, driver.queues[VirtioConsole.RECEIVE].usedIndex(), "not inside of the change");
    next.clock().advance(1);
    assertEquals("meanwhile", received(0, 9));
  }

  /** A snapshot is loaded into a machine that is there: nothing came while nobody listened, and the run must go on as it was saved. */
  @Test
  void aSnapshotWithTypedBytesIsLoadedAsItWasSaved() {
    model.reset();
    serial.offer("waits".getBytes(StandardCharsets.UTF_8));
    StateRecord saved = model.state().save();
    model.state().restore(saved);
    model.restored();
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline(), "an alarm that wasn't armed when it was saved");
  }
}
