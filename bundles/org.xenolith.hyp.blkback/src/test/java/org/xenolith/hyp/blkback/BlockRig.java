// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_DISCARD;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_READ;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_RSP_OKAY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.blkback.BlockFront.Answer;
import org.xenolith.hyp.blkback.BlockFront.Segment;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.BlkifRequestDiscard;
import org.xenolith.xen.abi.XenbusState;

/** A hypervisor with a back end, a disk of random content, and a domain whose front ends use it. */
final class BlockRig {
  static final int NUMBER = 51712;
  static final String ROLE = "blkback";
  static final BlockBackendComponent COMPONENT = new BlockBackendComponent();

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final MemoryDisk disk = new MemoryDisk(4096);
  final FakeDomain service;
  final FakeDomain domain;

  BlockRig() {
    hypervisor.store();
    hypervisor.grants();
    hypervisor.eventChannels();
    service = hypervisor.service();
    domain = hypervisor.domU(3, 1);
    try {
      hypervisor.port(VirtualDisks.class).attach(domain.serial() + "/" + NUMBER + ":disk.img", disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hypervisor.install(ROLE, COMPONENT);
    new Random(7).nextBytes(disk.content);
  }

  /** A front end whose disk was plugged in; {@code order} as {@link BlockFront} has it. */
  BlockFront plugged(int order) {
    return new BlockFront(hypervisor, domain, NUMBER, order).plug("disk.img", "w");
  }

  /** The same, after both ends have connected. */
  BlockFront connected(int order, boolean persistent) {
    BlockFront front = plugged(order).connect(persistent);
    assertEquals(XenbusState.XenbusStateConnected, front.backState(), () -> hypervisor.context(ROLE).reportedEvents().getLast().toString());
    return front;
  }

  /** A connected front end that has just asked for more than the back end does in one go: 20 reads of 256 pages each. */
  BlockFront withLongQueue(boolean persistent) {
    BlockFront front = connected(0, persistent);
    Segment[] segments = IntStream.range(0, 256).mapToObj(i -> Segment.page(i % BlockFront.DATA_PAGES)).toArray(Segment[]::new);
    for (int i = 0; i < 20; i++) {
      front.indirect(BLKIF_OP_READ, i, i, segments);
    }
    front.push();
    front.event();
    deliver();
    return front;
  }

  /** The services hear of the events that front ends have sent. */
  void deliver() {
    hypervisor.port(ServiceEventsPort.class).deliver();
  }

  byte[] onDisk(long sector, int count) {
    return Arrays.copyOfRange(disk.content, (int) sector * 512, (int) (sector + count) * 512);
  }

  /** Kinds of the events that the back end has reported. */
  List<String> reported() {
    return hypervisor.context(ROLE).reportedEvents().stream().map(event -> event.kind()).distinct().toList();
  }

  /** A page of random content. */
  static byte[] random(long seed) {
    byte[] page = new byte[4096];
    new Random(seed).nextBytes(page);
    return page;
  }

  static Answer okay(long id, int operation) {
    return new Answer(id, operation, BLKIF_RSP_OKAY);
  }

  /** Puts a request to discard sectors into the ring. */
  static void discard(BlockFront front, long id, long sector, long count, int flag) {
    BlkifRequestDiscard discard = new BlkifRequestDiscard();
    discard.at(front.memory, front.slot());
    discard.operation(BLKIF_OP_DISCARD);
    discard.flag(flag);
    discard.id(id);
    discard.sectorNumber(sector);
    discard.nrSectors(count);
  }
}
