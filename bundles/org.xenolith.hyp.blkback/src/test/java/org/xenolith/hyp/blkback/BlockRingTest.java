// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.blkback.BlockRig.ROLE;
import static org.xenolith.hyp.blkback.BlockRig.okay;
import static org.xenolith.hyp.blkback.BlockRig.random;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_READ;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.blkback.BlockFront.Answer;
import org.xenolith.hyp.blkback.BlockFront.Segment;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenbusState;

/** How rings are served, and that broken ones do no harm. */
class BlockRingTest {
  private final BlockRig rig = new BlockRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;

  @Test
  void eventsAreSentOnlyWhenAskedFor() {
    BlockFront front = rig.connected(0, false);
    front.ring.rspEvent(3);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    assertTrue(front.push());
    front.event();
    rig.deliver();
    assertEquals(0, front.events());
    front.request(BLKIF_OP_READ, 2, 0, Segment.page(0));
    front.request(BLKIF_OP_READ, 3, 0, Segment.page(0));
    assertTrue(front.push());
    front.event();
    rig.deliver();
    assertEquals(1, front.events());
    assertEquals(4, front.ring.reqEvent());
    assertEquals(3, front.answers().size());
  }

  /** As gcc -m32 lays the slots out: 108 bytes, id at 4, sector_number at 12, segments at 20; of an answer id at 0, operation at 8, status at 10. */
  @Test
  void ringsOfThirtyTwoBitFrontEndsHaveSlotsOf108Bytes() {
    BlockFront front = rig.plugged(1);
    front.protocol = "x86_32-abi";
    front.connect(true);
    for (int i = 0; i < 200; i++) {
      long at = 64 + 108L * (i % front.slots);
      front.memory.write32(at, BLKIF_OP_READ | 1 << 8);
      front.memory.write32(at + 4, 0x8000_0000 | i);
      front.memory.write32(at + 8, i);
      front.memory.write32(at + 12, 8 * (i % 500));
      front.memory.write32(at + 16, 0);
      front.memory.write32(at + 20, BlockFront.DATA_REF + i % 8);
      front.memory.write32(at + 24, 7 << 8);
      front.ring.reqProd(i + 1);
      front.event();
      rig.deliver();
      assertEquals(i + 1, front.ring.rspProd());
      assertEquals(0x8000_0000 | i, front.memory.read32(at));
      assertEquals(i, front.memory.read32(at + 4));
      assertEquals(BLKIF_OP_READ, front.memory.read8(at + 8));
      assertEquals(0, front.memory.read16(at + 10), "request " + i);
    }
  }

  @Test
  void ringsOfAllSizesWrapManyTimes() {
    for (int order = -1; order <= 4; order++) {
      BlockFront front = rig.connected(order, order % 2 == 0);
      assertEquals(32 << Math.max(order, 0), front.slots);
      long id = 0;
      for (int round = 0; round < 5; round++) {
        int count = round == 2 ? front.slots : front.slots / 2 + 3;
        for (int i = 0; i < count; i++) {
          front.request(BLKIF_OP_READ, id + i, (id + i) % 4000, Segment.page((int) (i % 8)));
        }
        front.go();
        List<Answer> answers = front.answers();
        assertEquals(count, answers.size());
        for (int i = 0; i < count; i++) {
          assertEquals(okay(id + i, BLKIF_OP_READ), answers.get(i));
        }
        id += count;
      }
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke());
      front.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test
  void aLongQueueIsServedInPieces() {
    BlockFront front = rig.withLongQueue(true);
    assertEquals(4, front.answers().size());
    hypervisor.clock().advance(1);
    assertEquals(16, front.answers().size());
    assertEquals(0, hypervisor.context(ROLE).deadlines().values().stream().filter(d -> d != Long.MAX_VALUE).count());
  }

  /** Each maps 255 pages before the last one fails: nothing is moved, and yet 33 of them are enough for once. */
  @Test
  void aLongQueueOfRequestsThatFailIsServedInPieces() {
    BlockFront front = rig.connected(1, false);
    Segment[] segments = IntStream.range(0, 256).mapToObj(i -> i < 255 ? Segment.page(i % BlockFront.DATA_PAGES) : new Segment(0xBAD, 0, 7))
        .toArray(Segment[]::new);
    for (int i = 0; i < front.slots; i++) {
      front.indirect(BLKIF_OP_READ, i, 0, segments);
    }
    front.push();
    front.event();
    rig.deliver();
    assertEquals(33, front.answers().size());
    hypervisor.clock().advance(1);
    assertEquals(front.slots - 33, front.answers().size());
    assertEquals(0, hypervisor.context(ROLE).deadlines().values().stream().filter(d -> d != Long.MAX_VALUE).count());
  }

  @Test
  void moreRequestsThanSlotsCloseTheDevice() {
    for (int wrong : new int[] {33, -1, Integer.MIN_VALUE}) {
      BlockFront front = rig.connected(0, true);
      front.ring.reqProd(wrong);
      front.event();
      rig.deliver();
      hypervisor.store().settle();
      assertEquals(XenbusState.XenbusStateClosing, front.backState());
      assertEquals(0, hypervisor.grants().mapped(rig.service));
      assertEquals(0, hypervisor.eventChannels().open(rig.service));
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke());
      front.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test
  void randomRingsNeverReachAnythingElse() {
    long seed = 0xB10C_0001L;
    System.out.println("random rings: seed 0x" + Long.toHexString(seed));
    Random random = new Random(seed);
    FakeDomain other = hypervisor.domU(4, 1);
    byte[] secret = random(42);
    for (int i = 0; i < FakeHypervisor.PAGES; i++) {
      other.memory().write(other.page(i), secret, 0, 4096);
    }
    for (int life = 0; life < 60; life++) {
      int order = random.nextInt(6) - 1;
      BlockFront front = rig.connected(order, random.nextBoolean());
      for (int turn = 0; turn < 60 && front.backState() == XenbusState.XenbusStateConnected; turn++) {
        int count = random.nextInt(front.slots + 1);
        for (int i = 0; i < count; i++) {
          scribble(front, random);
        }
        if (random.nextInt(40) == 0) {
          front.ring.reqProd(random.nextInt());
        } else {
          front.push();
        }
        if (random.nextInt(8) == 0) {
          front.ring.rspEvent(random.nextInt());
        }
        front.event();
        rig.deliver();
        hypervisor.clock().advance(1);
        hypervisor.store().settle();
        front.consumed = front.ring.rspProd();
      }
      if (hypervisor.store().read(front.front) == null) {
        throw new AssertionError("seed " + seed);
      }
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke(), () -> "seed 0x" + Long.toHexString(seed));
      front.state(XenbusState.XenbusStateInitialising);
    }
    for (int i = 0; i < FakeHypervisor.PAGES; i++) {
      byte[] now = new byte[4096];
      other.memory().read(other.page(i), now, 0, 4096);
      assertArrayEquals(secret, now);
    }
    assertEquals(0, hypervisor.grants().granted(other));
  }

  /** A slot with something between nearly right and nonsense. Ring pages themselves are among what is granted. */
  private static void scribble(BlockFront front, Random random) {
    long at = front.slot();
    int kind = random.nextInt(10);
    for (int i = 0; i < 112; i += 8) {
      front.memory.write64(at + i, kind == 0 ? random.nextLong() : 0);
    }
    if (kind > 0) {
      int segments = random.nextInt(13);
      front.memory.write8(at, (byte) random.nextInt(8));
      front.memory.write8(at + 1, (byte) (random.nextInt(4) == 0 ? random.nextInt(8) : segments));
      front.memory.write64(at + 8, random.nextLong());
      front.memory.write64(at + 16, random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(4100));
      for (int i = 0; i < 11; i++) {
        int[] references = {BlockFront.DATA_REF + random.nextInt(32), BlockFront.READ_ONLY_REF + random.nextInt(32),
            random.nextInt(80), random.nextInt()};
        front.memory.write32(at + 24 + 8L * i, references[random.nextInt(8) == 0 ? random.nextInt(4) : random.nextInt(2)]);
        front.memory.write8(at + 28 + 8L * i, (byte) random.nextInt(random.nextInt(9) == 0 ? 256 : 4));
        front.memory.write8(at + 29 + 8L * i, (byte) (random.nextInt(9) == 0 ? random.nextInt(256) : 4 + random.nextInt(4)));
      }
    }
  }
}
