// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.hyp.blkback.BlockRig.NUMBER;
import static org.xenolith.hyp.blkback.BlockRig.discard;
import static org.xenolith.hyp.blkback.BlockRig.okay;
import static org.xenolith.hyp.blkback.BlockRig.random;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_DISCARD;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_FLUSH_DISKCACHE;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_READ;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_WRITE;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_WRITE_BARRIER;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_RSP_EOPNOTSUPP;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_RSP_ERROR;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.blkback.BlockFront.Answer;
import org.xenolith.hyp.blkback.BlockFront.Segment;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.BlockInterface;
import org.xenolith.xen.abi.XenbusState;

/** What requests do to the disk, and which are refused. */
class BlockRequestsTest {
  private final BlockRig rig = new BlockRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;

  @Test
  void readsAndWritesMoveSectors() {
    for (boolean persistent : new boolean[] {false, true}) {
      BlockFront front = rig.connected(persistent ? -1 : 0, persistent);
      byte[] written = random(1);
      front.data(0, written);
      front.request(BLKIF_OP_WRITE, 10, 100, new Segment(BlockFront.READ_ONLY_REF, 2, 5), new Segment(BlockFront.READ_ONLY_REF, 7, 7));
      front.request(BLKIF_OP_READ, 11, 99, new Segment(BlockFront.DATA_REF + 1, 1, 6));
      front.go();
      assertEquals(List.of(okay(10, BLKIF_OP_WRITE), okay(11, BLKIF_OP_READ)), front.answers());
      assertEquals(1, front.events());
      assertArrayEquals(Arrays.copyOfRange(written, 1024, 3072), rig.onDisk(100, 4));
      assertArrayEquals(Arrays.copyOfRange(written, 3584, 4096), rig.onDisk(104, 1));
      assertArrayEquals(rig.onDisk(99, 6), Arrays.copyOfRange(front.data(1), 512, 3584));
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke());
      front.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test
  void indirectRequestsMove256Pages() {
    for (boolean persistent : new boolean[] {false, true}) {
      BlockFront front = rig.connected(0, persistent);
      Segment[] segments = IntStream.range(0, 256).mapToObj(i -> Segment.page(i % BlockFront.DATA_PAGES)).toArray(Segment[]::new);
      front.indirect(BLKIF_OP_READ, 5, 8, segments);
      front.go();
      assertEquals(List.of(okay(5, BLKIF_OP_READ)), front.answers());
      for (int i = 0; i < BlockFront.DATA_PAGES; i++) {
        assertArrayEquals(rig.onDisk(8 + (224 + i) * 8, 8), front.data(i));
      }
      front.data(3, random(9));
      front.indirect(BLKIF_OP_WRITE, 6, 0, segments);
      front.go();
      assertEquals(List.of(okay(6, BLKIF_OP_WRITE)), front.answers());
      assertArrayEquals(random(9), rig.onDisk(35 * 8, 8));
      assertEquals(persistent ? BlockFront.DATA_PAGES + 2 : 1, hypervisor.grants().mapped(rig.service));
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke());
      front.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test
  void grantsThatStayMappedAreMappedOnce() {
    BlockFront front = rig.connected(0, true);
    for (int i = 0; i < 100; i++) {
      front.request(i % 2 == 0 ? BLKIF_OP_READ : BLKIF_OP_WRITE, i, i, Segment.page(i % 4));
      front.go();
      front.answers();
    }
    assertEquals(1 + 4, hypervisor.grants().maps());
  }

  @Test
  void flushBarrierAndDiscardReachTheDisk() {
    BlockFront front = rig.connected(0, false);
    front.data(0, random(3));
    front.request(BLKIF_OP_FLUSH_DISKCACHE, 1, 0);
    front.go();
    assertEquals(1, rig.disk.flushes);
    front.request(BLKIF_OP_WRITE_BARRIER, 2, 8, Segment.page(0));
    front.go();
    assertEquals(3, rig.disk.flushes);
    assertArrayEquals(random(3), rig.onDisk(8, 8));
    discard(front, 3, 8, 4, 0);
    discard(front, 4, 8, 4, BlockInterface.BLKIF_DISCARD_SECURE);
    discard(front, 5, 4095, 2, 0);
    discard(front, 6, -1, -1, 0);
    front.go();
    assertArrayEquals(new byte[2048], rig.onDisk(8, 4));
    assertEquals(List.of(okay(1, BLKIF_OP_FLUSH_DISKCACHE), okay(2, BLKIF_OP_WRITE_BARRIER), okay(3, BLKIF_OP_DISCARD),
        new Answer(4, BLKIF_OP_DISCARD, BLKIF_RSP_EOPNOTSUPP), new Answer(5, BLKIF_OP_DISCARD, BLKIF_RSP_ERROR),
        new Answer(6, BLKIF_OP_DISCARD, BLKIF_RSP_ERROR)), front.answers());
  }

  @Test
  void aReadOnlyDiskRefusesWrites() {
    BlockFront front = new BlockFront(hypervisor, rig.domain, NUMBER, 0).plug("disk.img", "r").connect(true);
    assertEquals(Integer.toString(BlockInterface.VDISK_READONLY), front.backNode("info"));
    assertEquals("0", front.backNode("feature-discard"));
    byte[] before = rig.disk.content.clone();
    front.request(BLKIF_OP_WRITE, 1, 0, Segment.page(0));
    front.request(BLKIF_OP_FLUSH_DISKCACHE, 2, 0);
    discard(front, 3, 0, 8, 0);
    front.go();
    assertEquals(List.of(new Answer(1, BLKIF_OP_WRITE, BLKIF_RSP_ERROR), okay(2, BLKIF_OP_FLUSH_DISKCACHE),
        new Answer(3, BLKIF_OP_DISCARD, BLKIF_RSP_EOPNOTSUPP)), front.answers());
    assertArrayEquals(before, rig.disk.content);
  }

  @Test
  void wrongRequestsAreAnsweredAndChangeNothing() {
    BlockFront front = rig.connected(0, false);
    byte[] before = rig.disk.content.clone();
    Segment[] twelve = IntStream.range(0, 12).mapToObj(Segment::page).toArray(Segment[]::new);
    front.request(BLKIF_OP_WRITE, 0, 0);
    front.request(BLKIF_OP_WRITE, 1, 4089, Segment.page(0));
    front.request(BLKIF_OP_WRITE, 2, -1, Segment.page(0));
    front.request(BLKIF_OP_WRITE, 3, 0, new Segment(BlockFront.DATA_REF, 5, 4));
    front.request(BLKIF_OP_WRITE, 4, 0, new Segment(BlockFront.DATA_REF, 0, 8));
    front.request(BLKIF_OP_WRITE, 5, 0, new Segment(4711, 0, 7));
    front.request(BLKIF_OP_READ, 6, 0, new Segment(BlockFront.READ_ONLY_REF, 0, 7));
    front.indirect(BLKIF_OP_DISCARD, 7, 0, twelve);
    front.indirect(BLKIF_OP_WRITE, 8, 0);
    front.go();
    assertEquals(IntStream.range(0, 9).mapToObj(i -> new Answer(i,
        i == 6 ? BLKIF_OP_READ : i == 7 ? BLKIF_OP_DISCARD : BLKIF_OP_WRITE, BLKIF_RSP_ERROR)).toList(), front.answers());
    front.request(12, 9, 0, Segment.page(0));
    front.request(BLKIF_OP_WRITE, 10, 0, Arrays.copyOf(twelve, 11));
    front.memory.write8(64 + 112 * 10 + 1, (byte) 12);
    front.go();
    assertEquals(List.of(new Answer(9, 12, BLKIF_RSP_EOPNOTSUPP), new Answer(10, BLKIF_OP_WRITE, BLKIF_RSP_ERROR)),
        front.answers());
    assertArrayEquals(before, rig.disk.content);
    assertEquals(1, hypervisor.grants().mapped(rig.service));
    assertEquals(List.of("block-request"), rig.reported());
  }

  @Test
  void anErrorOfTheHostIsAnErrorOfTheMedium() {
    BlockFront front = rig.connected(0, true);
    rig.disk.broken = true;
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.request(BLKIF_OP_FLUSH_DISKCACHE, 2, 0);
    front.go();
    rig.disk.broken = false;
    front.request(BLKIF_OP_READ, 3, 0, Segment.page(0));
    front.go();
    assertEquals(List.of(new Answer(1, BLKIF_OP_READ, BLKIF_RSP_ERROR), new Answer(2, BLKIF_OP_FLUSH_DISKCACHE, BLKIF_RSP_ERROR),
        okay(3, BLKIF_OP_READ)), front.answers());
    assertEquals(List.of("disk-error"), rig.reported());
  }

  @Test
  void aDiskThatIsTakenAwayAnswersWithErrors() {
    BlockFront front = rig.connected(0, true);
    hypervisor.port(VirtualDisks.class).detach(rig.domain.serial() + "/" + NUMBER + ":disk.img");
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.go();
    assertEquals(List.of(new Answer(1, BLKIF_OP_READ, BLKIF_RSP_ERROR)), front.answers());
    assertEquals(List.of("disk-missing"), rig.reported());
  }
}
