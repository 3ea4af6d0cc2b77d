package org.xenolith.hyp.blkback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_DISCARD;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_FLUSH_DISKCACHE;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_READ;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_WRITE;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_WRITE_BARRIER;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_RSP_EOPNOTSUPP;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_RSP_ERROR;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_RSP_OKAY;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.ServicePorts;
import org.xenolith.hyp.api.VirtualDisks;
import org.xenolith.hyp.blkback.BlockFront.Answer;
import org.xenolith.hyp.blkback.BlockFront.Segment;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.BlkifRequestDiscard;
import org.xenolith.xen.abi.BlockInterface;
import org.xenolith.xen.abi.XenbusState;

class BlockBackendTest {
  private static final int NUMBER = 51712;
  private static final String ROLE = "blkback";
  private static final BlockBackendComponent COMPONENT = new BlockBackendComponent();

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final MemoryDisk disk = new MemoryDisk(4096);
  private FakeDomain service;
  private FakeDomain domain;

  @BeforeEach void begin() throws IOException {
    hypervisor.store();
    hypervisor.grants();
    hypervisor.eventChannels();
    service = hypervisor.service();
    domain = hypervisor.domU(3, 1);
    hypervisor.port(VirtualDisks.class).attach(domain.serial() + "/" + NUMBER + ":disk.img", disk);
    hypervisor.install(ROLE, COMPONENT);
    new Random(7).nextBytes(disk.content);
  }

  private BlockFront plugged(int order) {
    return new BlockFront(hypervisor, domain, NUMBER, order).plug("disk.img", "w");
  }

  private BlockFront connected(int order, boolean persistent) {
    BlockFront front = plugged(order).connect(persistent);
    assertEquals(XenbusState.XenbusStateConnected, front.backState(), () -> hypervisor.context(ROLE).reportedEvents().getLast().toString());
    return front;
  }

  private byte[] onDisk(long sector, int count) {
    return Arrays.copyOfRange(disk.content, (int) sector * 512, (int) (sector + count) * 512);
  }

  private static byte[] random(long seed) {
    byte[] page = new byte[4096];
    new Random(seed).nextBytes(page);
    return page;
  }

  private static Answer okay(long id, int operation) {
    return new Answer(id, operation, BLKIF_RSP_OKAY);
  }

  private List<String> reported() {
    return hypervisor.context(ROLE).reportedEvents().stream().map(event -> event.kind()).distinct().toList();
  }

  // ---- coming and going

  @Test void aDeviceIsAdvertisedWithWhatTheBackEndCan() {
    BlockFront front = plugged(0);
    assertEquals(XenbusState.XenbusStateInitWait, front.backState());
    assertEquals("1", front.backNode("feature-flush-cache"));
    assertEquals("1", front.backNode("feature-barrier"));
    assertEquals("1", front.backNode("feature-persistent"));
    assertEquals("1", front.backNode("feature-discard"));
    assertEquals("256", front.backNode("feature-max-indirect-segments"));
    assertEquals("4", front.backNode("max-ring-page-order"));
    front.connect(true);
    assertEquals("4096", front.backNode("sectors"));
    assertEquals("512", front.backNode("sector-size"));
    assertEquals("0", front.backNode("info"));
  }

  @Test void aDiskThatIsNotThereIsRefusedWithARemedy() {
    BlockFront front = new BlockFront(hypervisor, domain, NUMBER + 16, 0).plug("other.img", "w");
    assertEquals(XenbusState.XenbusStateClosed, front.backState());
    assertNull(front.backNode("feature-flush-cache"));
    var event = hypervisor.context(ROLE).reportedEvents().getFirst();
    assertEquals("disk-missing", event.kind());
    assertTrue(event.text().contains("xl block-attach"), event.text());
  }

  @Test void whatTheFrontEndSaysWrongIsRefused() {
    String[][] wrong = { { "ring-page-order", "5" }, { "ring-page-order", "-1" }, { "event-channel", "0" },
        { "event-channel", "99999999999" }, { "event-channel", "900" }, { "protocol", "x86_32-abi" }, { "ring-ref0", "4711" },
        { "ring-ref0", "x" } };
    for (String[] node : wrong) {
      BlockFront front = plugged(0);
      front.connect(false);
      front.state(XenbusState.XenbusStateClosed);
      hypervisor.store().write(front.back + "/state", "2");
      hypervisor.store().write(front.front + "/event-channel",
          Integer.toString(hypervisor.eventChannels().allocateUnbound(domain, ServicePorts.DOMID)));
      hypervisor.store().write(front.front + "/" + node[0], node[1]);
      front.state(XenbusState.XenbusStateInitialised);
      assertEquals(XenbusState.XenbusStateClosing, front.backState(), String.join(" ", node));
      assertEquals(0, hypervisor.grants().mapped(service), String.join(" ", node));
      assertEquals(0, hypervisor.eventChannels().open(service), String.join(" ", node));
      hypervisor.store().remove(front.back);
      hypervisor.store().remove(front.front);
      hypervisor.store().settle();
    }
  }

  @Test void aClosingFrontEndGetsEverythingBack() {
    BlockFront front = connected(2, true);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0), Segment.page(1));
    front.go();
    assertEquals(6, hypervisor.grants().mapped(service));
    front.state(XenbusState.XenbusStateClosing);
    assertEquals(XenbusState.XenbusStateClosing, front.backState());
    assertEquals(List.of(), front.revoke());
    assertEquals(0, hypervisor.eventChannels().open(service));
    front.state(XenbusState.XenbusStateClosed);
    assertEquals(XenbusState.XenbusStateClosed, front.backState());
    front.state(XenbusState.XenbusStateInitialising);
    assertEquals(XenbusState.XenbusStateInitWait, front.backState());
    front.connect(true);
    assertEquals(XenbusState.XenbusStateConnected, front.backState());
    front.request(BLKIF_OP_READ, 2, 8, Segment.page(0));
    front.go();
    assertEquals(List.of(okay(2, BLKIF_OP_READ)), front.answers());
  }

  @Test void aDestroyedDomainLeavesNothingBehind() {
    BlockFront front = connected(1, true);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.go();
    hypervisor.destroy(domain);
    assertEquals(0, hypervisor.grants().mapped(service));
    assertEquals(0, hypervisor.eventChannels().open(service));
    FakeDomain next = hypervisor.domU(3, 1);
    hypervisor.store().remove("/local/domain/3");
    hypervisor.store().remove(front.back);
    hypervisor.store().settle();
    assertTrue(next.serial() > domain.serial());
    assertEquals(0, hypervisor.grants().mapped(service));
  }

  // ---- requests

  @Test void readsAndWritesMoveSectors() {
    for (boolean persistent : new boolean[] { false, true }) {
      BlockFront front = connected(persistent ? -1 : 0, persistent);
      byte[] written = random(1);
      front.data(0, written);
      front.request(BLKIF_OP_WRITE, 10, 100, new Segment(BlockFront.READ_ONLY_REF, 2, 5), new Segment(BlockFront.READ_ONLY_REF, 7, 7));
      front.request(BLKIF_OP_READ, 11, 99, new Segment(BlockFront.DATA_REF + 1, 1, 6));
      front.go();
      assertEquals(List.of(okay(10, BLKIF_OP_WRITE), okay(11, BLKIF_OP_READ)), front.answers());
      assertEquals(1, front.events());
      assertArrayEquals(Arrays.copyOfRange(written, 1024, 3072), onDisk(100, 4));
      assertArrayEquals(Arrays.copyOfRange(written, 3584, 4096), onDisk(104, 1));
      assertArrayEquals(onDisk(99, 6), Arrays.copyOfRange(front.data(1), 512, 3584));
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke());
      front.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test void indirectRequestsMove256Pages() {
    for (boolean persistent : new boolean[] { false, true }) {
      BlockFront front = connected(0, persistent);
      Segment[] segments = IntStream.range(0, 256).mapToObj(i -> Segment.page(i % BlockFront.DATA_PAGES)).toArray(Segment[]::new);
      front.indirect(BLKIF_OP_READ, 5, 8, segments);
      front.go();
      assertEquals(List.of(okay(5, BLKIF_OP_READ)), front.answers());
      for (int i = 0; i < BlockFront.DATA_PAGES; i++) {
        assertArrayEquals(onDisk(8 + (224 + i) * 8, 8), front.data(i));
      }
      front.data(3, random(9));
      front.indirect(BLKIF_OP_WRITE, 6, 0, segments);
      front.go();
      assertEquals(List.of(okay(6, BLKIF_OP_WRITE)), front.answers());
      assertArrayEquals(random(9), onDisk(35 * 8, 8));
      assertEquals(persistent ? BlockFront.DATA_PAGES + 2 : 1, hypervisor.grants().mapped(service));
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke());
      front.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test void grantsThatStayMappedAreMappedOnce() {
    BlockFront front = connected(0, true);
    for (int i = 0; i < 100; i++) {
      front.request(i % 2 == 0 ? BLKIF_OP_READ : BLKIF_OP_WRITE, i, i, Segment.page(i % 4));
      front.go();
      front.answers();
    }
    assertEquals(1 + 4, hypervisor.grants().maps());
  }

  @Test void flushBarrierAndDiscardReachTheDisk() {
    BlockFront front = connected(0, false);
    front.data(0, random(3));
    front.request(BLKIF_OP_FLUSH_DISKCACHE, 1, 0);
    front.go();
    assertEquals(1, disk.flushes);
    front.request(BLKIF_OP_WRITE_BARRIER, 2, 8, Segment.page(0));
    front.go();
    assertEquals(3, disk.flushes);
    assertArrayEquals(random(3), onDisk(8, 8));
    discard(front, 3, 8, 4, 0);
    discard(front, 4, 8, 4, BlockInterface.BLKIF_DISCARD_SECURE);
    discard(front, 5, 4095, 2, 0);
    discard(front, 6, -1, -1, 0);
    front.go();
    assertArrayEquals(new byte[2048], onDisk(8, 4));
    assertEquals(List.of(okay(1, BLKIF_OP_FLUSH_DISKCACHE), okay(2, BLKIF_OP_WRITE_BARRIER), okay(3, BLKIF_OP_DISCARD),
        new Answer(4, BLKIF_OP_DISCARD, BLKIF_RSP_EOPNOTSUPP), new Answer(5, BLKIF_OP_DISCARD, BLKIF_RSP_ERROR),
        new Answer(6, BLKIF_OP_DISCARD, BLKIF_RSP_ERROR)), front.answers());
  }

  private static void discard(BlockFront front, long id, long sector, long count, int flag) {
    BlkifRequestDiscard discard = new BlkifRequestDiscard();
    discard.at(front.memory, front.slot());
    discard.operation(BLKIF_OP_DISCARD);
    discard.flag(flag);
    discard.id(id);
    discard.sectorNumber(sector);
    discard.nrSectors(count);
  }

  @Test void aReadOnlyDiskRefusesWrites() {
    BlockFront front = new BlockFront(hypervisor, domain, NUMBER, 0).plug("disk.img", "r").connect(true);
    assertEquals(Integer.toString(BlockInterface.VDISK_READONLY), front.backNode("info"));
    assertEquals("0", front.backNode("feature-discard"));
    byte[] before = disk.content.clone();
    front.request(BLKIF_OP_WRITE, 1, 0, Segment.page(0));
    front.request(BLKIF_OP_FLUSH_DISKCACHE, 2, 0);
    discard(front, 3, 0, 8, 0);
    front.go();
    assertEquals(List.of(new Answer(1, BLKIF_OP_WRITE, BLKIF_RSP_ERROR), okay(2, BLKIF_OP_FLUSH_DISKCACHE),
        new Answer(3, BLKIF_OP_DISCARD, BLKIF_RSP_EOPNOTSUPP)), front.answers());
    assertArrayEquals(before, disk.content);
  }

  @Test void wrongRequestsAreAnsweredAndChangeNothing() {
    BlockFront front = connected(0, false);
    byte[] before = disk.content.clone();
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
    assertArrayEquals(before, disk.content);
    assertEquals(1, hypervisor.grants().mapped(service));
    assertEquals(List.of("block-request"), reported());
  }

  @Test void anErrorOfTheHostIsAnErrorOfTheMedium() {
    BlockFront front = connected(0, true);
    disk.broken = true;
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.request(BLKIF_OP_FLUSH_DISKCACHE, 2, 0);
    front.go();
    disk.broken = false;
    front.request(BLKIF_OP_READ, 3, 0, Segment.page(0));
    front.go();
    assertEquals(List.of(new Answer(1, BLKIF_OP_READ, BLKIF_RSP_ERROR), new Answer(2, BLKIF_OP_FLUSH_DISKCACHE, BLKIF_RSP_ERROR),
        okay(3, BLKIF_OP_READ)), front.answers());
    assertEquals(List.of("disk-error"), reported());
  }

  @Test void aDiskThatIsTakenAwayAnswersWithErrors() {
    BlockFront front = connected(0, true);
    hypervisor.port(VirtualDisks.class).detach(domain.serial() + "/" + NUMBER + ":disk.img");
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.go();
    assertEquals(List.of(new Answer(1, BLKIF_OP_READ, BLKIF_RSP_ERROR)), front.answers());
    assertEquals(List.of("disk-missing"), reported());
  }

  // ---- rings

  @Test void eventsAreSentOnlyWhenAskedFor() {
    BlockFront front = connected(0, false);
    front.ring.rspEvent(3);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    assertTrue(front.push());
    front.event();
    hypervisor.port(ServicePorts.class).deliver();
    assertEquals(0, front.events());
    front.request(BLKIF_OP_READ, 2, 0, Segment.page(0));
    front.request(BLKIF_OP_READ, 3, 0, Segment.page(0));
    assertTrue(front.push());
    front.event();
    hypervisor.port(ServicePorts.class).deliver();
    assertEquals(1, front.events());
    assertEquals(4, front.ring.reqEvent());
    assertEquals(3, front.answers().size());
  }

  @Test void ringsOfAllSizesWrapManyTimes() {
    for (int order = -1; order <= 4; order++) {
      BlockFront front = connected(order, order % 2 == 0);
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

  @Test void aLongQueueIsServedInPieces() {
    BlockFront front = connected(0, true);
    Segment[] segments = IntStream.range(0, 256).mapToObj(i -> Segment.page(i % BlockFront.DATA_PAGES)).toArray(Segment[]::new);
    for (int i = 0; i < 20; i++) {
      front.indirect(BLKIF_OP_READ, i, i, segments);
    }
    front.push();
    front.event();
    hypervisor.port(ServicePorts.class).deliver();
    assertEquals(4, front.answers().size());
    hypervisor.clock().advance(1);
    assertEquals(16, front.answers().size());
    assertEquals(0, hypervisor.context(ROLE).deadlines().values().stream().filter(d -> d != Long.MAX_VALUE).count());
  }

  @Test void moreRequestsThanSlotsCloseTheDevice() {
    for (int wrong : new int[] { 33, -1, Integer.MIN_VALUE }) {
      BlockFront front = connected(0, true);
      front.ring.reqProd(wrong);
      front.event();
      hypervisor.port(ServicePorts.class).deliver();
      hypervisor.store().settle();
      assertEquals(XenbusState.XenbusStateClosing, front.backState());
      assertEquals(0, hypervisor.grants().mapped(service));
      assertEquals(0, hypervisor.eventChannels().open(service));
      front.state(XenbusState.XenbusStateClosed);
      assertEquals(List.of(), front.revoke());
      front.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test void randomRingsNeverReachAnythingElse() {
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
      BlockFront front = connected(order, random.nextBoolean());
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
        hypervisor.port(ServicePorts.class).deliver();
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
        int[] references = { BlockFront.DATA_REF + random.nextInt(32), BlockFront.READ_ONLY_REF + random.nextInt(32),
            random.nextInt(80), random.nextInt() };
        front.memory.write32(at + 24 + 8L * i, references[random.nextInt(8) == 0 ? random.nextInt(4) : random.nextInt(2)]);
        front.memory.write8(at + 28 + 8L * i, (byte) random.nextInt(random.nextInt(9) == 0 ? 256 : 4));
        front.memory.write8(at + 29 + 8L * i, (byte) (random.nextInt(9) == 0 ? random.nextInt(256) : 4 + random.nextInt(4)));
      }
    }
  }

  // ---- change while it runs

  @Test void handOverInTheMiddleOfWorkLosesNothing() {
    long seed = 0xB10C_0002L;
    System.out.println("hand-over: seed 0x" + Long.toHexString(seed));
    Random random = new Random(seed);
    BlockFront front = connected(1, true);
    byte[] expected = disk.content.clone();
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
      hypervisor.port(ServicePorts.class).deliver();
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
    assertArrayEquals(expected, disk.content);
    assertTrue(hypervisor.grants().maps() <= 2 + BlockFront.DATA_PAGES, "persistent grants are handed over");
    assertEquals(XenbusState.XenbusStateConnected, front.backState());
    front.state(XenbusState.XenbusStateClosed);
    assertEquals(List.of(), front.revoke());
  }

  @Test void aLongQueueGoesOnInAnotherVersion() {
    BlockFront front = connected(0, false);
    Segment[] segments = IntStream.range(0, 256).mapToObj(i -> Segment.page(i % BlockFront.DATA_PAGES)).toArray(Segment[]::new);
    for (int i = 0; i < 20; i++) {
      front.indirect(BLKIF_OP_READ, i, i, segments);
    }
    front.push();
    front.event();
    hypervisor.port(ServicePorts.class).deliver();
    hypervisor.replace(ROLE, COMPONENT);
    hypervisor.clock().advance(1);
    assertEquals(20, front.answers().size());
  }

  @Test void withoutItRequestsWaitAndBackItServesThem() {
    BlockFront front = connected(0, true);
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
    assertEquals(0, hypervisor.eventChannels().open(service));
  }

  @Test void aDomainThatWentMeanwhileIsTidiedUp() {
    BlockFront front = connected(0, true);
    StateRecord record = hypervisor.remove(ROLE);
    hypervisor.destroy(domain);
    hypervisor.bringBack(ROLE, COMPONENT, record);
    assertEquals(0, hypervisor.grants().mapped(service));
    assertEquals(0, hypervisor.eventChannels().open(service));
    front.event();
    hypervisor.port(ServicePorts.class).deliver();
  }

  @Test void withoutGrantsOrEventsRequestsWait() {
    BlockFront front = connected(0, false);
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
    assertFalse(hypervisor.grants().inUse(domain, BlockFront.DATA_REF));
  }
}
