// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.nvme.NvmeDriver.DATA;
import static org.xenolith.hw.nvme.NvmeDriver.DELETE_SQ;
import static org.xenolith.hw.nvme.NvmeDriver.FLUSH;
import static org.xenolith.hw.nvme.NvmeDriver.READ;
import static org.xenolith.hw.nvme.NvmeDriver.SET_FEATURES;
import static org.xenolith.hw.nvme.NvmeDriver.WRITE;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockPort;
import org.xenolith.hw.nvme.NvmeDriver.Done;
import org.xenolith.hw.nvme.NvmeDriver.Queue;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.testkit.FakeMemory;

/** I/O commands, and what happens to queues under load. */
class NvmeIoTest {
  private static final int DNR = 1 << 14;
  private static final int SECTOR = 512;
  private static final int WRITE_ZEROES = 8;
  private static final int DATASET_MANAGEMENT = 9;
  private static final long LIST = DATA - 0x4000;

  private NvmeRig rig;
  private NvmeDriver driver;
  private DmaPort memory;
  private Queue io;

  @BeforeEach
  void start() {
    rig = new NvmeRig();
    new Random(5).nextBytes(rig.disk.content);
    memory = rig.host.dma();
    driver = new NvmeDriver(rig);
    rig.pci.enable();
    driver.enableMessages();
    driver.start(16);
    io = driver.createQueues(1, 16, 1);
  }

  private byte[] sectors(int first, int count) {
    return Arrays.copyOfRange(rig.disk.content, first * SECTOR, (first + count) * SECTOR);
  }

  private byte[] memory(long address, int length) {
    byte[] bytes = new byte[length];
    memory.read(address, bytes, 0, length);
    return bytes;
  }

  private int run(int opcode, long prp1, long prp2, long block, int blocks) {
    return io.run(opcode, 1, prp1, prp2, (int) block, (int) (block >>> 32), blocks - 1).status();
  }

  /** A doorbell is one write of a register. */
  @Test
  void commandsThatAreTooMuchForOnceWaitInTheQueue() {
    int blocks = 4096;
    for (int i = 0; i < 15; i++) {
      io.put(WRITE_ZEROES, 1, 0, 0, 0, 0, blocks - 1);
    }
    io.ring();
    assertEquals(Nvme.AT_ONCE / SECTOR, rig.disk.written);
    int done = 0;
    for (int i = 0; i < 8; i++) {
      long before = rig.disk.written;
      rig.pass();
      assertTrue(rig.disk.written - before <= Nvme.AT_ONCE / SECTOR);
      while (io.take() != null) {
        done++;
      }
      io.seen();
    }
    assertEquals(15, done);
    assertEquals(15L * blocks, rig.disk.written);
  }

  // ---- Data

  @Test
  void oneAndTwoPagesAreNamedInTheCommand() {
    assertEquals(0, run(READ, DATA, 0, 3, 8));
    assertArrayEquals(sectors(3, 8), memory(DATA, 4096));
    assertEquals(0, run(READ, DATA + 0x5000, DATA + 0x2000, 100, 16));
    assertArrayEquals(sectors(100, 8), memory(DATA + 0x5000, 4096));
    assertArrayEquals(sectors(108, 8), memory(DATA + 0x2000, 4096));
    assertEquals(0, run(READ, DATA + 0xFFC, DATA + 0x2000, 7, 1));
    assertArrayEquals(Arrays.copyOf(sectors(7, 1), 4), memory(DATA + 0xFFC, 4));
    assertArrayEquals(Arrays.copyOfRange(sectors(7, 1), 4, 512), memory(DATA + 0x2000, 508));
  }

  @Test
  void morePagesAreInAList() {
    byte[] data = new byte[128 * 4096];
    new Random(6).nextBytes(data);
    for (int i = 0; i < 128; i++) {
      // Backwards, so that no two pages are one piece.
      long page = DATA + 4096L * (127 - i);
      memory.write(page, data, 4096 * i, 4096);
      memory.write(LIST + 8L * (i - 1), 8, page);
    }
    assertEquals(0, run(WRITE, DATA + 4096L * 127, LIST, 1000, 1024));
    assertArrayEquals(data, sectors(1000, 1024));
    memory.write(DATA, new byte[data.length], 0, data.length);
    assertEquals(0, run(READ, DATA + 4096L * 127, LIST, 1000, 1024));
    assertArrayEquals(Arrays.copyOfRange(data, 127 * 4096, 128 * 4096), memory(DATA, 4096));
    assertArrayEquals(Arrays.copyOf(data, 4096), memory(DATA + 4096L * 127, 4096));
  }

  @Test
  void listsGoOnInAnotherPage() {
    long last = LIST + 0xFF0;
    memory.write(last, 8, DATA + 0x1000);
    memory.write(last + 8, 8, LIST + 0x1000);
    memory.write(LIST + 0x1000, 8, DATA + 0x3000);
    memory.write(LIST + 0x1008, 8, DATA + 0x6000);
    assertEquals(0, run(READ, DATA, last, 0, 32));
    assertArrayEquals(sectors(8, 8), memory(DATA + 0x1000, 4096));
    assertArrayEquals(sectors(16, 8), memory(DATA + 0x3000, 4096));
    assertArrayEquals(sectors(24, 8), memory(DATA + 0x6000, 4096));
    memory.write(last + 8, 8, DATA + 0x2000);
    assertEquals(0, run(READ, DATA, last, 0, 24), "the last entry is data if nothing follows");
    assertArrayEquals(sectors(16, 8), memory(DATA + 0x2000, 4096));
  }

  @Test
  void badPrpsAreErrorsAndWriteNothing() {
    byte[] before = rig.disk.content.clone();
    assertEquals(DNR | 0x13, run(WRITE, DATA + 2, 0, 0, 8));
    assertEquals(DNR | 0x13, run(WRITE, DATA, DATA + 8, 0, 16));
    assertEquals(DNR | 0x13, run(WRITE, DATA, LIST + 4, 0, 24));
    memory.write(LIST, 8, DATA + 0x1000);
    memory.write(LIST + 8, 8, DATA + 0x1004);
    assertEquals(DNR | 0x13, run(WRITE, DATA, LIST, 0, 24));
    memory.write(LIST + 0xFF8, 8, LIST + 0x1008);
    assertEquals(DNR | 0x13, run(WRITE, DATA, LIST + 0xFF8, 0, 24));
    memory.write(LIST + 8, 8, 0x1000);
    assertEquals(0x04, run(WRITE, DATA, LIST, 0, 24));
    assertEquals(0x04, run(WRITE, DATA, 0x2000, 0, 24));
    assertEquals(0x04, run(WRITE, -4096, 0, 0, 8));
    assertEquals(0x04, run(READ, FakeMemory.BASE - 4096, 0, 0, 8));
    // A list that leads to itself ends with the data.
    memory.write(LIST + 0xFF8, 8, LIST);
    for (int i = 0; i < 511; i++) {
      memory.write(LIST + 8L * i, 8, DATA);
    }
    assertEquals(0, run(READ, DATA, LIST, 0, 1024));
    assertArrayEquals(before, rig.disk.content);
  }

  @Test
  void largerPagesAreServed() {
    rig.write(NvmeDriver.CC, 4, 0);
    rig.write(NvmeDriver.CC, 4, NvmeDriver.ENABLE | 4 << 7);
    Queue admin = driver.new Queue(0, 16);
    rig.write(NvmeDriver.CC, 4, 0);
    rig.write(NvmeDriver.ASQ, 8, admin.submission);
    rig.write(NvmeDriver.ACQ, 8, admin.completion);
    rig.write(NvmeDriver.CC, 4, NvmeDriver.ENABLE | 4 << 7);
    driver.admin = admin;
    io = driver.createQueues(1, 16, 1);
    assertEquals(0, run(READ, DATA + 0x1000, 0, 0, 64));
    assertArrayEquals(sectors(0, 64), memory(DATA + 0x1000, 64 * SECTOR));
  }

  // ---- Commands

  @Test
  void flushReachesTheDisk() {
    assertEquals(0, io.run(FLUSH, 1, 0, 0).status());
    assertEquals(0, io.run(FLUSH, -1, 0, 0).status());
    assertEquals(2, rig.disk.flushes);
    assertEquals(0, io.run(WRITE, 1, DATA, 0, 0, 0, 1 << 30).status());
    assertEquals(3, rig.disk.flushes, "forced unit access");
    run(WRITE, DATA, 0, 0, 1);
    assertEquals(3, rig.disk.flushes);
    driver.admin.run(SET_FEATURES, 0, 0, 0, 6, 0);
    run(WRITE, DATA, 0, 0, 1);
    assertEquals(4, rig.disk.flushes, "no write cache");
  }

  @Test
  void zeroesAreWrittenWithoutData() {
    assertEquals(0, run(WRITE_ZEROES, 0, 0, 10, 2000));
    assertArrayEquals(new byte[2000 * SECTOR], sectors(10, 2000));
    assertTrue(rig.disk.content[10 * SECTOR - 1] != 0 || rig.disk.content[10 * SECTOR - 2] != 0);
    assertTrue(rig.disk.content[2010 * SECTOR] != 0 || rig.disk.content[2010 * SECTOR + 1] != 0);
    assertEquals(DNR | 0x80, run(WRITE_ZEROES, 0, 0, 4000, 97));
  }

  @Test
  void deallocatedRangesAreDiscarded() {
    memory.write(DATA + 4, 4, 10);
    memory.write(DATA + 8, 8, 100);
    memory.write(DATA + 20, 4, 3);
    memory.write(DATA + 24, 8, 4093);
    assertEquals(0, io.run(DATASET_MANAGEMENT, 1, DATA, 0, 1, 1).status(), "a hint");
    assertEquals(0, rig.disk.discarded);
    assertEquals(0, io.run(DATASET_MANAGEMENT, 1, DATA, 0, 1, 4).status());
    assertEquals(13, rig.disk.discarded);
    memory.write(DATA + 20, 4, 4);
    assertEquals(DNR | 0x80, io.run(DATASET_MANAGEMENT, 1, DATA, 0, 1, 4).status());
    assertEquals(13, rig.disk.discarded);
    assertEquals(0x04, io.run(DATASET_MANAGEMENT, 1, 0x1000, 0, 1, 4).status());
  }

  @Test
  void impossibleRequestsGetTheirStatus() {
    for (long[] range : new long[][] {{4096, 1}, {4095, 2}, {-1, 1}, {Long.MAX_VALUE, 2}, {0, 0x10000}}) {
      assertEquals(DNR | 0x80, run(READ, DATA, 0, range[0], (int) range[1]), Arrays.toString(range));
    }
    assertEquals(DNR | 0x02, run(READ, DATA, LIST, 0, 1025), "more than MDTS");
    assertEquals(DNR | 0x0B, io.run(READ, 0, DATA, 0).status());
    assertEquals(DNR | 0x0B, io.run(READ, 2, DATA, 0).status());
    assertEquals(DNR | 0x0B, io.run(READ, -1, DATA, 0).status());
    assertEquals(DNR | 0x01, io.run(0x05, 1, DATA, 0).status());
    assertEquals(DNR | 0x02, io.run(READ | 1 << 14, 1, DATA, 0).status());
    rig.disk.readOnly = true;
    assertEquals(DNR | 0x20, run(WRITE, DATA, 0, 0, 1));
    assertEquals(DNR | 0x20, run(WRITE_ZEROES, 0, 0, 0, 1));
    memory.write(DATA, new byte[16], 0, 16);
    assertEquals(DNR | 0x20, io.run(DATASET_MANAGEMENT, 1, DATA, 0, 0, 4).status());
  }

  @Test
  void hostErrorsAreMediaErrors() {
    rig.disk.broken = true;
    assertEquals(0x281, run(READ, DATA, 0, 0, 1));
    assertEquals(0x280, run(WRITE, DATA, 0, 0, 1));
    assertEquals(0x006, io.run(FLUSH, 1, 0, 0).status());
    assertEquals(List.of("disk-error", "disk-error", "disk-error"), rig.context.reportedEvents().stream().map(e -> e.kind()).toList());
    rig.write(NvmeDriver.CC, 4, NvmeDriver.ENABLE | 1 << 14);
    assertEquals(1 | 2 << 2, rig.read(NvmeDriver.CSTS, 4));
  }

  @Test
  void missingDiskHasNoActiveNamespace() {
    rig.context.port(BlockPort.class).attach(null, "");
    assertEquals(DNR | 0x02, run(READ, DATA, 0, 0, 1));
    assertEquals(DNR | 0x02, io.run(FLUSH, -1, 0, 0).status());
    rig.context.port(BlockPort.class).attach(rig.disk, "disk-0");
    assertEquals(0, run(READ, DATA, 0, 0, 1));
  }

  // ---- Queues

  @Test
  void queuesWrapAndThePhaseTurns() {
    for (int i = 0; i < 100; i++) {
      assertEquals(0, run(READ, DATA, 0, i, 1));
      assertArrayEquals(sectors(i, 1), memory(DATA, SECTOR));
    }
  }

  @Test
  void completionsComeAfterTheirTimeAndInOrder() {
    int first = io.put(FLUSH, 1, 0, 0);
    io.ring();
    rig.host.clock().advance(5_000);
    int second = io.put(READ, 1, DATA, 0);
    io.ring();
    rig.host.clock().advance(14_999);
    assertNull(io.take());
    rig.host.clock().advance(1);
    assertEquals(new Done(0, 2, 1, first, 0), io.take());
    assertNull(io.take());
    rig.host.clock().advance(5_000);
    assertEquals(new Done(0, 2, 1, second, 0), io.take());
    assertEquals(Long.MAX_VALUE, rig.host.clock().nextDeadline());
  }

  @Test
  void fullCompletionQueueWaitsAndHoldsUpNoOther() {
    Queue small = driver.new Queue(2, 4);
    Queue wide = driver.new Queue(2, 16);
    driver.admin.run(NvmeDriver.CREATE_CQ, 0, small.completion, 0, 3 << 16 | 2, 2 << 16 | 3);
    driver.admin.run(NvmeDriver.CREATE_SQ, 0, wide.submission, 0, 15 << 16 | 2, 2 << 16 | 1);
    for (int i = 0; i < 10; i++) {
      wide.put(FLUSH, 1, 0, 0);
    }
    wide.ring();
    rig.pass();
    assertEquals(0, run(READ, DATA, 0, 0, 1), "another queue");
    int got = 0;
    for (int round = 0; round < 4; round++) {
      while (small.take() != null) {
        got++;
      }
      assertEquals(Math.min(10, 3 * (round + 1)), got);
      small.seen();
    }
    assertEquals(10, rig.disk.flushes);
  }

  @Test
  void roomInTimeIsInTime() {
    Queue small = driver.createQueues(2, 4, 2);
    for (int i = 0; i < 3; i++) {
      small.put(FLUSH, 1, 0, 0);
    }
    small.ring();
    rig.pass();
    rig.host.clock().advance(5_000);
    small.put(FLUSH, 1, 0, 0);
    small.ring();
    rig.host.clock().advance(5_000);
    io.put(FLUSH, 1, 0, 0);
    io.ring();
    for (int i = 0; i < 3; i++) {
      assertNotNull(small.take());
    }
    small.seen();
    rig.host.clock().advance(15_000);
    assertNotNull(small.take(), "before that of the other queue");
    assertNull(io.take());
    rig.host.clock().advance(5_000);
    assertNotNull(io.take());
  }

  @Test
  void moreCommandsThanMayBeOutstandingWait() {
    Queue large = driver.createQueues(4, 256, 4);
    for (int i = 0; i < 200; i++) {
      large.put(FLUSH, 1, 0, 0);
    }
    large.ring();
    assertEquals(NvmeCompletions.MOST, rig.disk.flushes);
    rig.pass();
    assertEquals(2 * NvmeCompletions.MOST, rig.disk.flushes);
    assertEquals(NvmeCompletions.MOST, large.take().head());
    rig.host.clock().advance(10 * NvmeRig.LATENCY);
    for (int i = 1; i < 200; i++) {
      assertNotNull(large.take());
    }
    assertNull(large.take());
  }

  @Test
  void deletedQueueTakesItsCompletionsAlong() {
    io.put(FLUSH, 1, 0, 0);
    io.ring();
    assertEquals(0, driver.admin.run(DELETE_SQ, 0, 0, 0, 1).status());
    rig.host.clock().advance(100_000);
    assertNull(io.take());
  }

  @Test
  void doorbellsInPairsAreWrittenAtOnce() {
    io.put(FLUSH, 1, 0, 0);
    rig.write(NvmeDriver.DOORBELLS + 8, 8, io.tail);
    rig.pass();
    assertNotNull(io.take());
    io.put(FLUSH, 1, 0, 0);
    rig.write(NvmeDriver.DOORBELLS + 8, 8, (long) io.head << 32 | io.tail);
    rig.pass();
    assertNotNull(io.take());
  }

  // ---- Live change

  @Test
  void handOverKeepsCommandsUnderWay() {
    int request = driver.admin.put(NvmeDriver.EVENT_REQUEST, 0, 0, 0);
    driver.admin.ring();
    driver.admin.run(SET_FEATURES, 0, 0, 0, 0xB, 1 << 8);
    rig.host.sentMessages().clear();
    int id = io.put(READ, 1, DATA, 0, 9, 0, 0);
    io.ring();
    rig.host.clock().advance(7_000);
    var before = rig.model.state().save();
    rig.handOver();
    assertEquals(before, rig.model.state().save());
    rig.host.clock().advance(13_000);
    assertEquals(id, io.take().id());
    io.seen();
    assertEquals(1, rig.host.sentMessages().size());
    assertArrayEquals(sectors(9, 1), memory(DATA, SECTOR));
    for (int i = 0; i < 40; i++) {
      rig.handOver();
      assertEquals(0, run(READ, DATA, 0, i, 1));
    }
    rig.context.port(BlockPort.class).attach(rig.disk, "disk-1");
    rig.pass();
    assertEquals(request, driver.admin.take().id());
  }

  @Test
  void handOverKeepsThePin() {
    rig.config(driver.msix() + 2, 2, 0);
    io.put(FLUSH, 1, 0, 0);
    io.ring();
    rig.pass();
    assertTrue(rig.pci.pin().level());
    rig.handOver();
    assertTrue(rig.pci.pin().level());
    io.take();
    io.seen();
    assertFalse(rig.pci.pin().level());
  }
}
