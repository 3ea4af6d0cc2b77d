// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.blkback.BlockRig.COMPONENT;
import static org.xenolith.hyp.blkback.BlockRig.ROLE;
import static org.xenolith.hyp.blkback.BlockRig.okay;
import static org.xenolith.hyp.blkback.BlockRig.random;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_READ;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_WRITE;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.blkback.BlockFront.Answer;
import org.xenolith.hyp.blkback.BlockFront.Segment;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenbusState;

/** The back end, and what it needs, come, go and are replaced while requests are under way. */
class BlockLiveChangeTest {
  private final BlockRig rig = new BlockRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;

  @Test
  void handOverInTheMiddleOfWorkLosesNothing() {
    long seed = 0xB10C_0002L;
    System.out.println("hand-over: seed 0x" + Long.toHexString(seed));
    Random random = new Random(seed);
    BlockFront front = rig.connected(1, true);
    byte[] expected = rig.disk.content.clone();
    long id = 0;
    long answered = 0;
    for (int turn = 0; turn < 300; turn++) {
      int room = front.slots - (int) (id - answered);
      for (int i = random.nextInt(Math.min(room, 12) + 1); i > 0; i--) {
        int page = random.nextInt(BlockFront.DATA_PAGES);
        int sector = random.nextInt(4080);
        // One request at a time changes a page, so that what is written doesn't depend on when.
        byte[] content = front.data(page);
        System.arraycopy(content, 0, expected, sector * 512, 4096);
        front.request(BLKIF_OP_WRITE, id++, sector, Segment.page(page));
      }
      boolean wanted = front.push();
      if (random.nextInt(3) == 0) {
        hypervisor.replace(ROLE, COMPONENT);
      }
      if (wanted) {
        front.event();
      }
      if (random.nextInt(3) == 0) {
        hypervisor.replace(ROLE, COMPONENT);
      }
      rig.deliver();
      if (random.nextInt(3) == 0) {
        hypervisor.replace(ROLE, COMPONENT);
      }
      hypervisor.clock().advance(1);
      hypervisor.store().settle();
      for (Answer answer : front.answers()) {
        assertEquals(okay(answered++, BLKIF_OP_WRITE), answer);
      }
      assertEquals(id, answered, "turn " + turn);
      front.data(random.nextInt(BlockFront.DATA_PAGES), random(turn));
    }
    assertArrayEquals(expected, rig.disk.content);
    assertTrue(hypervisor.grants().maps() <= 2 + BlockFront.DATA_PAGES, "persistent grants are handed over");
    assertEquals(XenbusState.XenbusStateConnected, front.backState());
    front.state(XenbusState.XenbusStateClosed);
    assertEquals(List.of(), front.revoke());
  }

  @Test
  void aLongQueueGoesOnInAnotherVersion() {
    BlockFront front = rig.withLongQueue(false);
    hypervisor.replace(ROLE, COMPONENT);
    hypervisor.clock().advance(1);
    assertEquals(20, front.answers().size());
  }

  @Test
  void withoutItRequestsWaitAndBackItServesThem() {
    BlockFront front = rig.connected(0, true);
    StateRecord record = hypervisor.remove(ROLE);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.go();
    assertEquals(List.of(), front.answers());
    hypervisor.bringBack(ROLE, COMPONENT, record);
    hypervisor.clock().advance(1);
    assertEquals(List.of(okay(1, BLKIF_OP_READ)), front.answers());
    assertEquals(1, front.events());
    hypervisor.store().settle();
    front.state(XenbusState.XenbusStateClosed);
    assertEquals(List.of(), front.revoke());
    assertEquals(0, hypervisor.eventChannels().open(rig.service));
  }

  /** The event that announces it will come, or is pending: whoever serves it before does what the run that went on didn't. */
  @Test
  void aRequestThatIsNotYetAnnouncedIsServedNoSoonerAfterASnapshotOrByAnotherVersion() {
    BlockFront front = rig.connected(0, false);
    DeviceModel model = hypervisor.replace(ROLE, COMPONENT);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    assertTrue(front.push());
    StateRecord record = model.state().save();
    for (boolean pending : new boolean[] {false, true}) {
      if (pending) {
        front.event();
      }
      hypervisor.restore(ROLE, record);
      nothingHappens(front, record, model);
      model = hypervisor.replace(ROLE, COMPONENT);
      nothingHappens(front, record, model);
      model = hypervisor.install(ROLE, COMPONENT);
      hypervisor.store().settle();
      hypervisor.restore(ROLE, record);
      nothingHappens(front, record, model);
    }
    rig.deliver();
    assertEquals(List.of(okay(1, BLKIF_OP_READ)), front.answers());
  }

  private void nothingHappens(BlockFront front, StateRecord record, DeviceModel model) {
    assertEquals(record, model.state().save());
    assertTrue(hypervisor.context(ROLE).deadlines().values().stream().allMatch(deadline -> deadline == Long.MAX_VALUE), "no alarm");
    hypervisor.clock().advance(100_000_000);
    assertEquals(0, front.ring.rspProd());
  }

  @Test
  void aDomainThatWentMeanwhileIsTidiedUp() {
    BlockFront front = rig.connected(0, true);
    StateRecord record = hypervisor.remove(ROLE);
    hypervisor.destroy(rig.domain);
    hypervisor.bringBack(ROLE, COMPONENT, record);
    assertEquals(0, hypervisor.grants().mapped(rig.service));
    assertEquals(0, hypervisor.eventChannels().open(rig.service));
    front.event();
    rig.deliver();
  }

  @Test
  void withoutGrantsOrEventsRequestsWait() {
    BlockFront front = rig.connected(0, false);
    GrantsPort grants = hypervisor.port(GrantsPort.class);
    grants.detach(hypervisor.grants());
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.go();
    hypervisor.clock().advance(100_000_000);
    assertEquals(List.of(), front.answers());
    grants.attach(hypervisor.grants(), hypervisor.context(ROLE));
    EventChannelsPort events = hypervisor.port(EventChannelsPort.class);
    events.detach(hypervisor.eventChannels());
    hypervisor.clock().advance(100_000_000);
    assertEquals(0, front.events());
    events.attach(hypervisor.eventChannels(), hypervisor.context(ROLE));
    hypervisor.clock().advance(100_000_000);
    assertEquals(1, front.events());
    assertEquals(List.of(okay(1, BLKIF_OP_READ)), front.answers());
    assertFalse(hypervisor.grants().inUse(rig.domain, BlockFront.DATA_REF));
  }
}
