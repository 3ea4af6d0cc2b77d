// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.virtio.FakeTransport;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;

class VirtioBlkTest {
  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int FLUSH = 4;
  private static final int GET_ID = 8;
  private static final int DISCARD = 11;
  private static final int WRITE_ZEROES = 13;
  private static final int DISCARDS = 1 << 13 | 1 << 14;
  private static final long HEADER = FakeMemory.BASE;
  private static final long STATUS = FakeMemory.BASE + 0x100;
  private static final long DATA = FakeMemory.BASE + 0x1_0000;
  private static final int NOT_YET = 0xEE;

  private FakeContext context;
  private DeviceModel model;
  private VirtioFunction function;
  private MemoryDisk disk;
  private FakeTransport transport;

  @BeforeEach
  void start() {
    context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").build());
    transport = new FakeTransport();
    context.port(VirtioPort.class).connect(transport);
    disk = new MemoryDisk(1024);
    new Random(8).nextBytes(disk.content);
    context.port(BlockPort.class).attach(disk, "xenolith-disk-0");
    model = context.create(new VirtioBlkComponent());
    function = context.port(VirtioPort.class).function();
  }

  private void header(int type, long sector) {
    context.dma().write(HEADER, 4, type);
    context.dma().write(HEADER + 4, 4, 0);
    context.dma().write(HEADER + 8, 8, sector);
    context.dma().write(STATUS, 1, NOT_YET);
  }

  private long go() {
    function.notified(0, transport);
    context.clock().advance(20_000);
    return context.dma().read(STATUS, 1);
  }

  private byte[] memory(long address, int length) {
    byte[] bytes = new byte[length];
    context.dma().read(address, bytes, 0, length);
    return bytes;
  }

  @Test
  void configurationDescribesTheDisk() {
    assertSame(model, function);
    assertEquals(2, function.deviceId());
    assertEquals(1024, function.readConfig(0, 8));
    assertEquals(4, function.readConfig(1, 1));
    assertEquals(254, function.readConfig(12, 4));
    assertEquals(512, function.readConfig(20, 4));
    assertEquals(0, function.readConfig(1000, 8));
    assertEquals(1 << 2 | 1 << 6 | 1 << 9 | DISCARDS, function.features());
    assertEquals(0x3F_FFFF, function.readConfig(36, 4), "most sectors of a discard");
    assertEquals(1, function.readConfig(40, 4), "ranges of one");
    assertEquals(8, function.readConfig(44, 4), "4 KiB");
    assertEquals(0x3F_FFFF, function.readConfig(48, 4), "most zeroes");
    assertEquals(1, function.readConfig(52, 4), "ranges of one");
    assertEquals(0, function.readConfig(56, 1), "zeroes are written, so that nothing is freed by them");
    disk.readOnly = true;
    assertEquals(1 << 2 | 1 << 5 | 1 << 6 | 1 << 9, function.features());
  }

  @Test
  void readFillsTheBuffersWhateverTheirCut() {
    header(IN, 7);
    transport.offer(1, HEADER, 16, DATA, 100, DATA + 100, 0, DATA + 100, 412 + 511, DATA + 1023, 1, STATUS, 1);
    assertEquals(0, go());
    assertArrayEquals(Arrays.copyOfRange(disk.content, 7 * 512, 9 * 512), memory(DATA, 1024));
    assertEquals(List.of("0:1025"), transport.used);
    assertEquals(1, transport.interrupts);
  }

  @Test
  void statusMayShareABufferWithData() {
    header(IN, 0);
    context.dma().write(DATA + 512, 1, NOT_YET);
    transport.offer(2, HEADER, 4, HEADER + 4, 12, DATA, 513);
    go();
    assertEquals(0, context.dma().read(DATA + 512, 1));
    assertArrayEquals(Arrays.copyOf(disk.content, 512), memory(DATA, 512));
  }

  /** 12 MiB in one request: as many segments of memory as a driver likes lie over one another. */
  @Test
  void aRequestThatIsTooMuchForOnceGoesOnLater() {
    int sectors = 24 * 1024;
    MemoryDisk large = new MemoryDisk(sectors);
    large.content[12 * 1024 * 1024 - 1] = 77;
    large.content[8 * 1024 * 1024 - 1] = 55;
    context.port(BlockPort.class).attach(large, "large");
    header(IN, 0);
    long[] chain = new long[2 + 2 * 12 + 2];
    chain[0] = HEADER;
    chain[1] = 16;
    for (int i = 1; i <= 12; i++) {
      chain[2 * i] = DATA;
      chain[2 * i + 1] = 1 << 20;
    }
    chain[26] = STATUS;
    chain[27] = 1;
    transport.offer(1, chain);
    transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    function.notified(0, transport);
    assertEquals(55, context.dma().read(DATA + (1 << 20) - 1, 1), "8 MiB at once");
    context.clock().advance(50_000);
    assertEquals(NOT_YET, context.dma().read(STATUS, 1));
    assertEquals(List.of(), transport.used);
    takeOver();
    context.clock().advance(100_000);
    assertEquals(77, context.dma().read(DATA + (1 << 20) - 1, 1));
    context.clock().advance(20_000);
    assertEquals(List.of("0:" + (12 * 1024 * 1024 + 1), "1:513"), transport.used);
    assertEquals(0, context.dma().read(STATUS, 1));
  }

  /** Another model takes over in the middle. */
  private void takeOver() {
    StateRecord record = model.state().save();
    FakeContext old = context;
    context = old.successor();
    model = context.create(new VirtioBlkComponent());
    model.state().restore(record);
    context.takeAlarms(old);
    model.restored();
    function = context.port(VirtioPort.class).function();
  }

  @Test
  void requestsThatAreTooMuchForOnceWaitInTheQueue() {
    MemoryDisk large = new MemoryDisk(8 * 1024);
    context.port(BlockPort.class).attach(large, "large");
    header(OUT, 0);
    for (int i = 0; i < 10; i++) {
      transport.offer(3, HEADER, 16, DATA, 1 << 20, DATA, 1 << 20, STATUS, 1);
    }
    function.notified(0, transport);
    assertEquals(6, transport.available.size(), "four of 2 MiB at once");
    context.clock().advance(20_000);
    assertEquals(4, transport.used.size());
    context.clock().advance(300_000);
    assertEquals(10, transport.used.size());
  }

  @Test
  void longRequestsGoInPieces() {
    header(OUT, 100);
    byte[] data = new byte[300 * 512];
    new Random(9).nextBytes(data);
    context.dma().write(DATA, data, 0, data.length);
    transport.offer(3, HEADER, 16, DATA, 70_001, DATA + 70_001, data.length - 70_001, STATUS, 1);
    assertEquals(0, go());
    assertArrayEquals(data, Arrays.copyOfRange(disk.content, 100 * 512, 400 * 512));
    assertEquals(List.of("0:1"), transport.used);
    header(IN, 100);
    transport.offer(1, HEADER, 16, DATA + 0x10_0000, data.length, STATUS, 1);
    assertEquals(0, go());
    assertArrayEquals(data, memory(DATA + 0x10_0000, data.length));
  }

  @Test
  void completionComesAfterItsTime() {
    header(IN, 0);
    transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    function.notified(0, transport);
    context.clock().advance(19_999);
    assertEquals(List.of(), transport.used);
    context.clock().advance(1);
    assertEquals(List.of("0:513"), transport.used);
    assertEquals(1, transport.interrupts);
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }

  @Test
  void requestsOfOneNotificationCompleteTogether() {
    header(IN, 0);
    for (int i = 0; i < 3; i++) {
      transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    }
    go();
    assertEquals(List.of("0:513", "1:513", "2:513"), transport.used);
    assertEquals(1, transport.interrupts);
  }

  @Test
  void moreRequestsThanCompletionsFitWait() {
    header(IN, 0);
    for (int i = 0; i < 600; i++) {
      transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    }
    function.notified(0, transport);
    assertEquals(600 - 256, transport.available.size());
    context.clock().advance(60_000);
    assertEquals(600, transport.used.size());
  }

  @Test
  void flushAndIdentityAreAnswered() {
    header(FLUSH, 0);
    transport.offer(1, HEADER, 16, STATUS, 1);
    assertEquals(0, go());
    assertEquals(1, disk.flushes);
    header(GET_ID, 0);
    transport.offer(1, HEADER, 16, DATA, 20, STATUS, 1);
    assertEquals(0, go());
    assertEquals("xenolith-disk-0\0\0\0\0\0", new String(memory(DATA, 20), StandardCharsets.US_ASCII));
    assertEquals(List.of("0:1", "1:21"), transport.used);
  }

  @Test
  void impossibleRequestsGetAnErrorStatus() {
    long[][] impossible = {{IN, 1024, 512}, {IN, 1023, 1024}, {IN, 0, 100}, {IN, -1, 512}, {IN, Long.MAX_VALUE, 512},
        {OUT, 1024, 512}, {OUT, 1020, 4096}};
    for (long[] request : impossible) {
      header((int) request[0], request[1]);
      if (request[0] == IN) {
        transport.offer(1, HEADER, 16, DATA, request[2], STATUS, 1);
      } else {
        transport.offer(2, HEADER, 16, DATA, request[2], STATUS, 1);
      }
      assertEquals(1, go(), Arrays.toString(request));
    }
    header(99, 0);
    transport.offer(1, HEADER, 16, STATUS, 1);
    assertEquals(2, go());
  }

  // ---- Discard and write zeroes (5.2.6)

  private long range(int type, long sector, long sectors, long flags) {
    header(type, 0);
    context.dma().write(DATA, 8, sector);
    context.dma().write(DATA + 8, 4, sectors);
    context.dma().write(DATA + 12, 4, flags);
    transport.offer(2, HEADER, 16, DATA, 16, STATUS, 1);
    return go();
  }

  @Test
  void whatIsntNeededIsDiscarded() {
    function.accepted(DISCARDS);
    assertEquals(0, range(DISCARD, 8, 16, 0));
    assertEquals(16, disk.discarded);
    assertEquals(List.of("0:1"), transport.used);
    assertEquals(0, range(DISCARD, 1024, 0, 0), "nothing, at the end");
  }

  @Test
  void zeroesAreWrittenWhateverMayBeFreed() {
    function.accepted(DISCARDS);
    byte[] before = disk.content.clone();
    assertEquals(0, range(WRITE_ZEROES, 3, 300, 0));
    assertEquals(0, range(WRITE_ZEROES, 1023, 1, 1), "unmap is allowed, and needn't be done");
    Arrays.fill(before, 3 * 512, 303 * 512, (byte) 0);
    Arrays.fill(before, 1023 * 512, 1024 * 512, (byte) 0);
    assertArrayEquals(before, disk.content);
    assertEquals(0, disk.discarded);
  }

  @Test
  void impossibleRangesGetAnErrorStatusAndChangeNothing() {
    function.accepted(DISCARDS);
    byte[] before = disk.content.clone();
    for (int type : new int[] {DISCARD, WRITE_ZEROES}) {
      assertEquals(1, range(type, 1024, 1, 0), "behind the end");
      assertEquals(1, range(type, 1, 1024, 0), "over the end");
      assertEquals(1, range(type, -1, 1, 0), "before the start");
      assertEquals(1, range(type, Long.MAX_VALUE, 0x3F_FFFF, 0));
      assertEquals(1, range(type, 0, 0xFFFF_FFFFL, 0), "more than one may have");
      assertEquals(2, range(type, 0, 1, 2), "a reserved flag");
      header(type, 0);
      transport.offer(2, HEADER, 16, DATA, 15, STATUS, 1);
      assertEquals(1, go(), "half a range");
      header(type, 0);
      transport.offer(2, HEADER, 16, DATA, 32, STATUS, 1);
      assertEquals(1, go(), "two ranges, where the configuration says one");
      header(type, 0);
      transport.offer(1, HEADER, 16, STATUS, 1);
      assertEquals(1, go(), "no range");
    }
    assertEquals(2, range(DISCARD, 0, 1, 1), "unmap is for zeroes");
    disk.readOnly = true;
    assertEquals(1, range(DISCARD, 0, 1, 0));
    assertEquals(1, range(WRITE_ZEROES, 0, 1, 0));
    disk.readOnly = false;
    function.accepted(0);
    assertEquals(2, range(DISCARD, 0, 1, 0), "not negotiated");
    assertEquals(2, range(WRITE_ZEROES, 0, 1, 0), "not negotiated");
    assertEquals(0, disk.discarded);
    assertArrayEquals(before, disk.content);
  }

  /** 12 MiB of zeroes: 8 at once, and another model writes the rest. */
  @Test
  void zeroesThatAreTooMuchForOnceGoOnLater() {
    MemoryDisk large = new MemoryDisk(24 * 1024);
    Arrays.fill(large.content, (byte) 7);
    context.port(BlockPort.class).attach(large, "large");
    function.accepted(DISCARDS);
    header(WRITE_ZEROES, 0);
    context.dma().write(DATA, 8, 0);
    context.dma().write(DATA + 8, 8, 24 * 1024);
    transport.offer(2, HEADER, 16, DATA, 16, STATUS, 1);
    function.notified(0, transport);
    assertEquals(0, large.content[(8 << 20) - 1]);
    assertEquals(7, large.content[8 << 20], "8 MiB at once");
    context.clock().advance(50_000);
    assertEquals(NOT_YET, context.dma().read(STATUS, 1));
    takeOver();
    context.clock().advance(100_000);
    context.clock().advance(20_000);
    assertEquals(0, context.dma().read(STATUS, 1));
    assertArrayEquals(new byte[12 << 20], large.content);
    assertEquals(List.of("0:1"), transport.used);
  }

  @Test
  void writesToAReadOnlyDiskAreRefused() {
    disk.readOnly = true;
    header(OUT, 0);
    transport.offer(2, HEADER, 16, DATA, 512, STATUS, 1);
    assertEquals(1, go());
  }

  @Test
  void hostErrorsAreMediaErrors() {
    disk.broken = true;
    function.accepted(DISCARDS);
    assertEquals(1, range(WRITE_ZEROES, 0, 8, 0));
    for (int type : new int[] {IN, OUT, FLUSH}) {
      header(type, 0);
      transport.offer(type == OUT ? 2 : 1, HEADER, 16, DATA, 512, STATUS, 1);
      assertEquals(1, go());
    }
    assertEquals(4, context.reportedEvents().size());
    assertEquals("disk-error", context.reportedEvents().get(0).kind());
  }

  @Test
  void buffersOutsideMemoryAreErrors() {
    header(IN, 0);
    transport.offer(1, HEADER, 16, 0x1000, 512, STATUS, 1);
    assertEquals(1, go());
    transport.offer(1, HEADER, 16, DATA, 512, 0x1000, 1);
    go();
    transport.offer(1, 0x1000, 16, DATA, 512, STATUS, 1);
    go();
    transport.offer(1, HEADER, 15, STATUS, 1);
    transport.offer(1, HEADER, 16);
    transport.offer(0, STATUS, 1);
    go();
    assertEquals(List.of("0:1", "1:0", "2:1", "3:0", "4:0", "5:0"), transport.used);
  }

  @Test
  void missingDiskHasNoCapacityAndFails() {
    context.port(BlockPort.class).attach(null, "");
    assertEquals(1, transport.changes);
    assertEquals(0, function.readConfig(0, 8));
    header(IN, 0);
    transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    assertEquals(1, go());
    header(FLUSH, 0);
    transport.offer(1, HEADER, 16, STATUS, 1);
    assertEquals(1, go());
  }

  @Test
  void resetByTheDriverDropsCompletions() {
    header(IN, 0);
    transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    function.notified(0, transport);
    function.resetByDriver();
    context.clock().advance(100_000);
    assertEquals(List.of(), transport.used);
  }

  @Test
  void resetWhileCompletingIsHarmless() {
    header(IN, 0);
    for (int i = 0; i < 300; i++) {
      transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    }
    transport.onUsed = function::resetByDriver;
    function.notified(0, transport);
    context.clock().advance(20_000);
    assertEquals(List.of("0:513"), transport.used);
    transport.onUsed = () -> {};
    context.clock().advance(20_000);
    assertEquals(1 + 300 - 256, transport.used.size(), "what was still in the queue");
  }

  @Test
  void completionsSurviveATransportThatIsAway() {
    header(IN, 0);
    transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    function.notified(0, transport);
    context.port(VirtioPort.class).connect(null);
    context.clock().advance(100_000);
    context.port(VirtioPort.class).connect(transport);
    context.clock().advance(1_000_000);
    assertEquals(List.of("0:513"), transport.used);
  }

  @Test
  void handOverKeepsCompletions() {
    header(IN, 0);
    transport.offer(1, HEADER, 16, DATA, 512, STATUS, 1);
    function.notified(0, transport);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioBlkComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    assertSame(successor, next.port(VirtioPort.class).function());
    next.clock().advance(20_000);
    assertEquals(List.of("0:513"), transport.used);
    successor.removed();
    assertNull(next.port(VirtioPort.class).function());
  }
}
