// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.virtio.FakeTransport;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;

class VirtioScsiTest {
  private static final int REQUESTS = VirtioScsi.REQUESTS;
  private static final int HEADER_LENGTH = 51;
  private static final int RESPONSE_LENGTH = 108;
  private static final long HEADER = FakeMemory.BASE;
  private static final long RESPONSE = FakeMemory.BASE + 0x1000;
  private static final long DATA = FakeMemory.BASE + 0x1_0000;
  private static final int NOT_YET = 0xEE;
  private static final int LATENCY = 20_000;
  private static final String READY = "00 00 00 00 00 00";
  private static final String READ = "28 00 00 00 00 07 00 00 02 00";

  private FakeContext context;
  private DeviceModel model;
  private VirtioFunction function;
  private MemoryDisk disk;
  private FakeTransport transport;

  @BeforeEach
  void start() {
    plug("1");
    command(3, READY);
    assertEquals(2, status(), "it tells that power came");
  }

  private void plug(String queues) {
    context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").option("request-queues", queues).build());
    transport = new FakeTransport();
    context.port(VirtioPort.class).connect(transport);
    disk = new MemoryDisk(1024);
    new Random(8).nextBytes(disk.content);
    units().unit(3).attach(disk, "serial");
    model = context.create(new VirtioScsiComponent());
    function = context.port(VirtioPort.class).function();
  }

  private BlockUnitsPort units() {
    return context.port(BlockUnitsPort.class);
  }

  /** Writes a request's header. @param address 01, target, LUN and zeros */
  private void header(byte[] address, String cdb) {
    byte[] request = new byte[HEADER_LENGTH];
    System.arraycopy(address, 0, request, 0, 8);
    byte[] bytes = HexFormat.of().parseHex(cdb.replace(" ", ""));
    System.arraycopy(bytes, 0, request, 19, bytes.length);
    context.dma().write(HEADER, request, 0, HEADER_LENGTH);
    for (int i = 0; i < RESPONSE_LENGTH; i++) {
      context.dma().write(RESPONSE + i, 1, NOT_YET);
    }
  }

  private static byte[] unit(int target) {
    return new byte[] {1, (byte) target, 0x40, 0, 0, 0, 0, 0};
  }

  private void command(int target, String cdb) {
    header(unit(target), cdb);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH, DATA, 4096);
    go();
  }

  private void go() {
    function.notified(REQUESTS, transport);
    context.clock().advance(LATENCY);
  }

  private long response(int offset, int size) {
    return context.dma().read(RESPONSE + offset, size);
  }

  private long status() {
    return response(10, 1);
  }

  /** The virtio response, when a SCSI status means nothing. */
  private long code() {
    return response(11, 1);
  }

  private byte[] memory(long address, int length) {
    byte[] bytes = new byte[length];
    context.dma().read(address, bytes, 0, length);
    return bytes;
  }

  @Test
  void configurationSaysWhatThereIs() {
    assertEquals(8, function.deviceId());
    assertEquals(2, function.features());
    assertEquals(3, function.queues());
    assertEquals(1, function.readConfig(0, 4));
    assertEquals(254, function.readConfig(4, 4));
    assertEquals(96, function.readConfig(20, 4));
    assertEquals(32, function.readConfig(24, 4));
    assertEquals(63, function.readConfig(30, 2));
    assertEquals(0x3FFF, function.readConfig(32, 4));
    assertEquals(0, function.readConfig(36, 8));
    assertEquals(0, function.maxQueueSize(3));
    plug("4");
    assertEquals(6, function.queues());
    assertEquals(4, function.readConfig(0, 4));
    assertThrows(ModelException.class, () -> plug("7"));
  }

  /** A notification is one write of a register. */
  @Test
  void commandsThatAreTooMuchForOnceWaitInTheQueue() {
    int size = 1024 * 512;
    header(unit(3), "28 00 00 00 00 00 00 04 00 00");
    for (int i = 0; i < 40; i++) {
      transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH, DATA, size);
    }
    int before = transport.used.size();
    function.notified(REQUESTS, transport);
    assertEquals(40 - VirtioScsi.AT_ONCE / size, transport.available.size());
    context.clock().advance(LATENCY);
    assertEquals(VirtioScsi.AT_ONCE / size, transport.used.size() - before);
    for (int i = 0; i < 6; i++) {
      context.clock().advance(100_000);
    }
    assertEquals(40, transport.used.size() - before);
    assertEquals(0, status());
  }

  @Test
  void aCommandHasAMostThatItIsAbout() {
    units().unit(3).attach(new MemoryDisk(70_000), "large");
    command(3, READY);
    command(3, "af 00 00 00 00 00 00 00 ff ff 00 00");
    assertEquals(0, status());
    command(3, "af 00 00 00 00 00 00 01 00 00 00 00");
    assertEquals(2, status());
  }

  @Test
  void readsAndWritesGoThroughToTheDisk() {
    command(3, READ);
    assertEquals(0, status());
    assertEquals(0, code());
    assertEquals(4096 - 1024, response(4, 4), "what was left of the room");
    assertArrayEquals(Arrays.copyOfRange(disk.content, 7 * 512, 9 * 512), memory(DATA, 1024));
    byte[] data = new byte[1024];
    new Random(9).nextBytes(data);
    context.dma().write(DATA, data, 0, data.length);
    header(unit(3), "2a 00 00 00 00 10 00 00 02 00");
    transport.offer(3, HEADER, HEADER_LENGTH, DATA, 700, DATA + 700, 324, RESPONSE, RESPONSE_LENGTH);
    go();
    assertEquals(0, status());
    assertEquals(0, response(4, 4));
    assertArrayEquals(data, Arrays.copyOfRange(disk.content, 16 * 512, 18 * 512));
    assertEquals(List.of("0:108", "1:1132", "2:108"), transport.used);
  }

  @Test
  void senseDataComeWithTheResponse() {
    command(3, "28 00 00 00 04 00 00 00 01 00");
    assertEquals(2, status());
    assertEquals(18, response(0, 4));
    byte[] sense = memory(RESPONSE + 12, 18);
    assertEquals("f0 00 05 00 00 04 00 0a 00 00 00 00 21 00 00 00 00 00", HexFormat.ofDelimiter(" ").formatHex(sense));
  }

  @Test
  void nobodyAnswersForTargetsThatAreNotThere() {
    command(2, READY);
    assertEquals(3, code());
    command(200, READY);
    assertEquals(3, code());
    header(new byte[] {(byte) 0xC1, 1, 0, 0, 0, 0, 0, 0}, "a0 00 00 00 00 00 00 00 00 10 00 00");
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH, DATA, 4096);
    go();
    assertEquals(3, code());
    header(new byte[] {1, 3, 0x40, 1, 0, 0, 0, 0}, READY);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH);
    go();
    assertEquals(2, status(), "another unit of one that is there");
    assertEquals(0x25, response(12 + 12, 1));
  }

  @Test
  void lessRoomThanACommandMovesIsAnOverrun() {
    header(unit(3), READ);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH, DATA, 1000);
    go();
    assertEquals(1, code());
  }

  @Test
  void badBuffersAreReportedAndFail() {
    header(unit(3), READ);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH, 0x1000, 4096);
    go();
    assertEquals(9, code());
    transport.offer(1, HEADER, HEADER_LENGTH - 1, RESPONSE, RESPONSE_LENGTH);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH - 1);
    transport.offer(0, RESPONSE, RESPONSE_LENGTH);
    transport.offer(1, HEADER, HEADER_LENGTH, 0x1000, RESPONSE_LENGTH);
    go();
    assertEquals(List.of("0:108", "1:108", "2:0", "3:0", "4:0", "5:0"), transport.used);
    assertEquals("virtio-scsi-bad-address", context.reportedEvents().getFirst().kind());
    assertEquals("virtio-scsi-bad-request", context.reportedEvents().get(1).kind());
  }

  @Test
  void driversMayChooseSizes() {
    function.writeConfig(24, 4, 16);
    function.writeConfig(20, 4, 8);
    header(unit(3), "28 00 00 00 04 00 00 00 01 00");
    transport.offer(1, HEADER, 19 + 16, RESPONSE, 12 + 8, DATA, 512);
    go();
    assertEquals(2, status());
    assertEquals(8, response(0, 4));
    assertEquals(NOT_YET, response(12 + 8, 1));
    for (int i = 0; i < 4; i++) {
      function.writeConfig(20 + i, 1, i == 0 ? 40 : 0);
    }
    assertEquals(40, function.readConfig(20, 4), "byte by byte, as legacy drivers write");
    assertEquals(List.of(), context.reportedEvents());
    function.writeConfig(24, 4, 0);
    function.writeConfig(25, 1, 1);
    function.writeConfig(20, 8, 1);
    function.writeConfig(0, 4, 5);
    assertEquals(4, context.reportedEvents().size());
    assertEquals(16, function.readConfig(24, 4));
    function.resetByDriver();
    assertEquals(32, function.readConfig(24, 4));
  }

  @Test
  void completionComesAfterItsTime() {
    header(unit(3), READY);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH);
    function.notified(REQUESTS, transport);
    context.clock().advance(LATENCY - 1);
    assertEquals(List.of("0:108"), transport.used);
    context.clock().advance(1);
    assertEquals(List.of("0:108", "1:108"), transport.used);
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }

  @Test
  void moreRequestsThanCompletionsFitWait() {
    header(unit(3), READY);
    for (int i = 0; i < 600; i++) {
      transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH);
    }
    function.notified(REQUESTS, transport);
    assertEquals(600 - 256, transport.available.size());
    context.clock().advance(3 * LATENCY);
    assertEquals(601, transport.used.size());
  }

  // ---- Task management

  private long manage(int type, int function, byte[] address) {
    byte[] request = new byte[24];
    request[0] = (byte) type;
    request[4] = (byte) function;
    System.arraycopy(address, 0, request, type == 0 ? 8 : 4, 8);
    context.dma().write(HEADER, request, 0, request.length);
    context.dma().write(RESPONSE, 8, -1);
    transport.offer(1, HEADER, 24, RESPONSE, 8);
    this.function.notified(VirtioScsi.CONTROL, transport);
    context.clock().advance(LATENCY);
    return response(type == 0 ? 0 : 4, 1);
  }

  @Test
  void taskManagementFindsEverythingDone() {
    for (int subtype : new int[] {0, 1, 3, 6, 7}) {
      assertEquals(0, manage(0, subtype, unit(3)));
    }
    command(3, READY);
    assertEquals(0, status());
    assertEquals(0, manage(0, 5, unit(3)), "a reset of the unit");
    command(3, READY);
    assertEquals(2, status());
    assertEquals(0x0329, response(12 + 12, 2));
    assertEquals(0, manage(0, 4, unit(3)), "a reset of the nexus");
    assertEquals(3, manage(0, 5, unit(2)), "no such target");
    assertEquals(12, manage(0, 5, new byte[] {1, 3, 0x40, 9, 0, 0, 0, 0}), "no such unit");
    assertEquals(11, manage(0, 2, unit(3)), "ACA isn't supported");
    assertEquals(11, manage(0, 99, unit(3)));
    assertEquals(0, manage(1, 0, unit(3)), "events of media: none");
    assertEquals(0, response(0, 4));
    assertEquals(0, manage(2, 0, unit(3)));
    int before = transport.used.size();
    manage(9, 0, unit(3));
    assertEquals("virtio-scsi-bad-request", context.reportedEvents().getFirst().kind());
    assertEquals(before + 1, transport.used.size());
  }

  // ---- Units that come and go

  @Test
  void unitsThatComeAndGoAreEvents() {
    FakeContext other = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build());
    FunctionDriver driver = new FunctionDriver(other, 3);
    other.create(new VirtioScsiComponent());
    driver.start();
    BlockUnitsPort there = other.port(BlockUnitsPort.class);
    driver.give(VirtioScsi.EVENTS, 0, 16);
    there.unit(5).attach(disk, "");
    assertEquals("01 00 00 00 01 05 00 00 00 00 00 00 01 00 00 00", HexFormat.ofDelimiter(" ").formatHex(
        driver.bytes(VirtioScsi.EVENTS, 0, 16)));
    assertEquals(1, driver.interrupts[VirtioScsi.EVENTS]);
    there.unit(5).attach(null, "");
    there.unit(5).attach(disk, "");
    driver.give(VirtioScsi.EVENTS, 1, 16);
    driver.core.notified(VirtioScsi.EVENTS);
    assertEquals("01 00 00 80 01 05 00 00 00 00 00 00 01 00 00 00", HexFormat.ofDelimiter(" ").formatHex(
        driver.bytes(VirtioScsi.EVENTS, 1, 16)), "one was missed");
    there.unit(5).attach(null, "");
    driver.give(VirtioScsi.EVENTS, 2, 16);
    driver.core.notified(VirtioScsi.EVENTS);
    assertEquals(2, driver.bytes(VirtioScsi.EVENTS, 2, 16)[12], "it has gone");
  }

  // ---- The model's life

  @Test
  void resetByTheDriverDropsCompletionsAndIsToldByUnits() {
    header(unit(3), READY);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH);
    function.notified(REQUESTS, transport);
    function.resetByDriver();
    context.clock().advance(100_000);
    assertEquals(List.of("0:108"), transport.used);
    command(3, READY);
    assertEquals(2, status());
  }

  /** A driver may have its response written over what resets the device. */
  @Test
  void resetWhileCompletingIsHarmless() {
    header(unit(3), READY);
    for (int i = 0; i < 300; i++) {
      transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH);
    }
    transport.onUsed = function::resetByDriver;
    go();
    assertEquals(List.of("0:108", "1:108"), transport.used);
  }

  @Test
  void completionsSurviveATransportThatIsAway() {
    header(unit(3), READY);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH);
    function.notified(REQUESTS, transport);
    context.port(VirtioPort.class).connect(null);
    context.clock().advance(100_000);
    context.port(VirtioPort.class).connect(transport);
    context.clock().advance(1_000_000);
    assertEquals(List.of("0:108", "1:108"), transport.used);
  }

  @Test
  void handOverKeepsCompletionsAndUnits() {
    command(3, "1b 00 00 00 00 00");
    header(unit(3), READY);
    transport.offer(1, HEADER, HEADER_LENGTH, RESPONSE, RESPONSE_LENGTH);
    function.notified(REQUESTS, transport);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioScsiComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    next.clock().advance(LATENCY);
    assertEquals("2:108", transport.used.getLast());
    context = next;
    function = next.port(VirtioPort.class).function();
    command(3, READY);
    assertEquals(2, response(12 + 2, 1), "stopped before, not ready now");
    successor.removed();
    assertNull(next.port(VirtioPort.class).function());
  }
}
