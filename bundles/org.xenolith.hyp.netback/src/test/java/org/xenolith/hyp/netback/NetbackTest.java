package org.xenolith.hyp.netback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Grants;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.EthernetStation;
import org.xenolith.net.api.Offload;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.NetInterface;
import org.xenolith.xen.abi.XenbusState;

class NetbackTest {
  private static final String ROLE = "netback";
  private static final long SEED = 20261120;
  private static final long ALL = 0xFFFF_FFFF_FFFFL;

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final Random random = new Random(SEED);
  private FakeDomain service;
  private NetFront a;
  private NetFront b;

  @BeforeEach void begin() {
    service = hypervisor.service();
    hypervisor.store();
    hypervisor.grants();
    hypervisor.eventChannels();
    hypervisor.install("switch", TestSwitch.factory());
    hypervisor.install(ROLE, new NetbackComponent());
    a = new NetFront(hypervisor, hypervisor.domU(2, 1)).plug();
    b = new NetFront(hypervisor, hypervisor.domU(3, 1)).plug();
  }

  private byte[] frame(int length) {
    return NetFront.frame(ALL, 0x00163E000001L, length, random);
  }

  private int events() {
    return hypervisor.context(ROLE).reportedEvents().size();
  }

  @Test void deviceConnectsAndLetsGoOfAll() {
    assertEquals("1", a.backNode("feature-rx-copy"));
    assertEquals("0", a.backNode("feature-rx-flip"));
    assertEquals("1", a.backNode("multi-queue-max-queues"));
    assertEquals(XenbusState.XenbusStateInitWait, a.backState());
    for (int i = 0; i < 3; i++) {
      a.connect();
      assertEquals(XenbusState.XenbusStateConnected, a.backState());
      assertEquals(List.of(NetFront.TX_RING_REF, NetFront.RX_RING_REF), a.mapped());
      assertEquals(2, hypervisor.eventChannels().open(service));
      assertEquals(1, hypervisor.port(EthernetPort.class).stations().size());
      a.state(XenbusState.XenbusStateClosing);
      a.state(XenbusState.XenbusStateClosed);
      assertEquals(XenbusState.XenbusStateClosed, a.backState());
      assertEquals(List.of(), a.mapped());
      assertEquals(0, hypervisor.eventChannels().open(service));
      assertEquals(List.of(), hypervisor.port(EthernetPort.class).stations());
      a.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test void frontEndThatCannotBeServedIsRefusedAndNothingIsKept() {
    for (String bad : List.of("request-rx-copy=0", "multi-queue-num-queues=2", "tx-ring-ref=7", "rx-ring-ref=x",
        "event-channel=99", "rx-ring-ref=4294967296")) {
      NetFront front = new NetFront(hypervisor, hypervisor.domU(-1, 1)).plug();
      int before = events();
      front.connect(false, bad);
      assertEquals(XenbusState.XenbusStateClosing, front.backState(), bad);
      assertEquals(before + 1, events(), bad);
      assertEquals(List.of(), front.mapped(), bad);
      assertEquals(0, hypervisor.eventChannels().open(service), bad);
    }
  }

  /** Sends checked frames of all sizes from a to b, whose room comes and goes. */
  private void exchange(int frames, boolean handOver) {
    ArrayDeque<byte[]> expected = new ArrayDeque<>();
    int sent = 0;
    int received = 0;
    b.giveAll();
    for (int step = 0; received < frames; step++) {
      assertTrue(step < 100 * frames, "stuck after " + received + " of " + frames + " frames");
      if (random.nextInt(3) > 0) {
        for (int n = random.nextInt(6); n > 0 && sent < frames; n--) {
          byte[] frame = frame(random.nextInt(8) == 0 ? 14 + random.nextInt(60_000) : 14 + random.nextInt(1500));
          if (a.put(frame, 0, 0, 0, random)) {
            expected.add(frame);
            sent++;
          }
        }
        a.go();
      }
      if (handOver && random.nextInt(4) == 0) {
        hypervisor.replace(ROLE, new NetbackComponent());
        hypervisor.clock().advance(0);
      }
      if (random.nextInt(4) == 0) {
        for (NetFront.Received got : b.receive()) {
          assertArrayEquals(expected.poll(), got.bytes(), "frame " + received++);
        }
        b.giveAll();
      }
    }
    assertTrue(a.statuses.stream().allMatch(s -> s == NetInterface.NETIF_RSP_OKAY));
    assertEquals(4, hypervisor.grants().mapped(service), "only rings are mapped");
  }

  @Test void framesCrossInOrderWhateverTheirParts() {
    System.out.println("seed " + SEED);
    a.connect();
    b.connect();
    exchange(3000, false);
  }

  @Test void framesCrossOverOneChannelForBothRings() {
    a.connect(false);
    b.connect(false, "feature-sg=1");
    exchange(1000, false);
  }

  @Test void handOverInTheMiddleOfATransferLosesNoFrame() {
    a.connect();
    b.connect();
    exchange(2000, true);
  }

  @Test void eventsComeOnlyIfTheFrontEndAskedForThem() {
    a.connect();
    b.connect();
    b.giveAll();
    hypervisor.eventChannels().received(b.domain, b.rxPort);
    b.rx.rspEvent(3);
    for (int i = 1; i <= 4; i++) {
      a.send(frame(60));
      assertEquals(i == 3 ? 1 : 0, hypervisor.eventChannels().received(b.domain, b.rxPort), "frame " + i);
    }
  }

  @Test void largePacketKeepsItsSegmentSizeAndBlankChecksum() {
    a.connect();
    b.connect();
    b.giveAll();
    for (int type : new int[] { NetInterface.XEN_NETIF_GSO_TYPE_TCPV4, NetInterface.XEN_NETIF_GSO_TYPE_TCPV6 }) {
      byte[] frame = frame(65_535);
      assertTrue(a.put(frame, NetInterface.NETTXF_csum_blank | NetInterface.NETTXF_data_validated, type, 1448, null));
      a.go();
      assertEquals(1, a.nulls);
      a.nulls = 0;
      NetFront.Received got = b.receive().getFirst();
      assertArrayEquals(frame, got.bytes());
      assertEquals(type, got.segmentType());
      assertEquals(1448, got.segmentSize());
      assertEquals(NetInterface.NETRXF_csum_blank | NetInterface.NETRXF_data_validated | NetInterface.NETRXF_extra_info
          | NetInterface.NETRXF_more_data, got.flags());
      b.giveAll();
    }
    assertTrue(a.put(frame(100), NetInterface.NETTXF_data_validated, 0, 0, null));
    a.go();
    assertEquals(NetInterface.NETRXF_data_validated, b.receive().getFirst().flags());
  }

  @Test void stationTakesWhatItsFrontEndTakes() {
    a.connect(false, "feature-no-csum-offload=1", "feature-sg=1", "feature-gso-tcpv4=1");
    b.connect();
    List<EthernetStation> stations = hypervisor.port(EthernetPort.class).stations();
    assertEquals(0, stations.get(0).offloads(), "no segments without checksums");
    assertEquals(Offload.CHECKSUM | Offload.CHECKSUM6 | Offload.TCP4 | Offload.TCP6, stations.get(1).offloads());
  }

  @Test void whoTakesNothingHoldsUpNobody() {
    a.connect();
    b.connect();
    NetFront c = new NetFront(hypervisor, hypervisor.domU(4, 1)).plug().connect();
    b.giveAll();
    for (int i = 0; i < 120; i++) {
      byte[] frame = frame(60_000);
      assertTrue(a.put(frame, 0, 0, 0, null));
      a.go();
      assertArrayEquals(frame, b.receive().getFirst().bytes());
      b.giveAll();
    }
    c.giveAll();
    int arrived = 0;
    for (List<NetFront.Received> got; !(got = c.receive()).isEmpty(); c.giveAll()) {
      arrived += got.size();
    }
    assertEquals(Vif.CAPACITY / 60_016, arrived, "what fitted its queue waited for it");
  }

  @Test void mistakesAreAnsweredWithErrorsAndTheRingGoesOn() {
    a.connect();
    b.connect();
    b.giveAll();
    a.txSlot(7777, 0, 0, 1, 100);
    a.txSlot(NetFront.RX_RING_REF + 1, 0, 0, 2, 100);
    a.txSlot(NetFront.TX_REF, 0, 0, 3, 13);
    a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_more_data, 4, 100);
    a.txSlot(NetFront.TX_REF + 1, 0, 0, 5, 101);
    for (int i = 0; i < TransmitRing.MOST_PARTS + 1; i++) {
      a.txSlot(NetFront.TX_REF + i, 0, i < TransmitRing.MOST_PARTS ? NetInterface.NETTXF_more_data : 0, 6 + i, i == 0 ? 1900 : 100);
    }
    a.txSlot(7777, 0, NetInterface.NETTXF_extra_info, 30, 100);
    a.gsoSlot(NetInterface.XEN_NETIF_GSO_TYPE_TCPV4, 1448, 0);
    a.go();
    assertEquals(3 + 2 + TransmitRing.MOST_PARTS + 1 + 1, a.statuses.size(), "each slot but the extra one has an answer");
    assertTrue(a.statuses.stream().allMatch(s -> s == NetInterface.NETIF_RSP_ERROR), a.statuses.toString());
    assertEquals(1, a.nulls);
    assertEquals(List.of(), b.receive());
    a.txSlot(NetFront.TX_REF + 20, 0, 0, 20, 100);
    a.go();
    assertEquals(1, b.receive().size());
    assertEquals(XenbusState.XenbusStateConnected, a.backState());
  }

  @Test void frameForABufferThatIsNotGrantedIsAnError() {
    a.connect();
    b.connect();
    hypervisor.grants().revoke(b.domain, NetFront.RX_REF);
    b.give(1);
    a.send(frame(60));
    assertEquals(1, b.rx.rspProd());
    assertEquals(NetInterface.NETIF_RSP_ERROR, b.domain.memory().read16(b.domain.page(1) + 64 + 6));
  }

  @Test void brokenRingClosesItsDeviceAndNoOther() {
    b.connect();
    List<Runnable> faults = List.of(
        () -> a.txProduced += 257,
        () -> a.txProduced -= 1,
        () -> a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_more_data, 0, 100),
        () -> a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_extra_info, 0, 100),
        () -> a.txSlot(NetFront.TX_REF, 4000, 0, 0, 97),
        () -> {
          a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_more_data, 0, 4200);
          a.txSlot(NetFront.TX_REF, 4000, 0, 0, 200);
        },
        () -> {
          for (int i = 0; i < 30; i++) {
            a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_more_data, 0, i == 0 ? 3000 : 1);
          }
        },
        () -> {
          a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_extra_info, 0, 100);
          a.gsoSlot(NetInterface.XEN_NETIF_GSO_TYPE_TCPV4, 0, 0);
        },
        () -> {
          a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_extra_info, 0, 100);
          a.gsoSlot(9, 100, 0);
        },
        () -> {
          a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_extra_info, 0, 100);
          for (int i = 0; i < 10; i++) {
            a.gsoSlot(NetInterface.XEN_NETIF_GSO_TYPE_TCPV4, 100, 1);
          }
        },
        () -> {
          a.txSlot(NetFront.TX_REF, 0, NetInterface.NETTXF_extra_info, 0, 100);
          a.groupSlot(7, ALL);
        });
    for (int i = 0; i < faults.size(); i++) {
      a.connect();
      int before = events();
      faults.get(i).run();
      a.tx.reqProd(a.txProduced);
      hypervisor.eventChannels().send(a.domain, a.txPort);
      a.settle();
      assertEquals(XenbusState.XenbusStateClosing, a.backState(), "fault " + i);
      assertEquals(before + 1, events(), "fault " + i);
      assertEquals(List.of(), a.mapped(), "fault " + i);
      assertEquals(XenbusState.XenbusStateConnected, b.backState());
      again(a);
    }
    a.connect();
    a.rx.reqProd(300);
    b.send(frame(60));
    assertEquals(XenbusState.XenbusStateClosing, a.backState());
  }

  private static void again(NetFront front) {
    front.state(XenbusState.XenbusStateClosing);
    front.state(XenbusState.XenbusStateClosed);
    front.state(XenbusState.XenbusStateInitialising);
    assertEquals(XenbusState.XenbusStateInitWait, front.backState());
  }

  @Test void randomRingsNeverThrowAndReachNothingElse() {
    System.out.println("seed " + SEED);
    b.connect();
    byte[] neighbour = new byte[4096];
    random.nextBytes(neighbour);
    b.domain.memory().write(b.domain.page(63), neighbour, 0, 4096);
    int closed = 0;
    for (int round = 0; round < 4000; round++) {
      if (a.backState() == XenbusState.XenbusStateInitWait) {
        a.connect();
      }
      for (int i = random.nextInt(20); i > 0; i--) {
        a.txSlot(random.nextInt(8) == 0 ? random.nextInt() : NetFront.TX_REF + random.nextInt(NetFront.TX_BUFFERS),
            random.nextInt(8) == 0 ? random.nextInt(0x10000) : random.nextInt(2000),
            random.nextInt(3) == 0 ? random.nextInt(0x10000) : random.nextInt(4) == 0 ? 4 : 0, random.nextInt(0x10000),
            random.nextInt(8) == 0 ? random.nextInt(0x10000) : random.nextInt(2000));
        if (random.nextInt(6) == 0) {
          a.gsoSlot(random.nextInt(4), random.nextInt(3000), random.nextInt(4) == 0 ? 1 : 0);
        }
        if (random.nextInt(6) == 0) {
          a.groupSlot(random.nextInt(6), random.nextLong());
        }
      }
      a.rx.reqProd(random.nextInt(50) == 0 ? random.nextInt() : a.rxProduced++ & 0xFF);
      a.rx.rspEvent(random.nextInt());
      a.tx.reqProd(random.nextInt(50) == 0 ? random.nextInt() : a.txProduced);
      if (random.nextInt(10) == 0) {
        a.tx.rspProd(random.nextInt());
      }
      hypervisor.eventChannels().send(a.domain, a.txPort);
      a.settle();
      if (random.nextInt(3) == 0) {
        b.giveAll();
        b.receive();
      }
      b.put(frame(100), 0, 0, 0, null);
      b.go();
      if (a.backState() == XenbusState.XenbusStateClosing) {
        closed++;
        assertEquals(List.of(), a.mapped());
        again(a);
      }
      assertEquals(XenbusState.XenbusStateConnected, b.backState());
    }
    assertTrue(closed > 100, closed + " times the ring was found broken");
    byte[] now = new byte[4096];
    b.domain.memory().read(b.domain.page(63), now, 0, 4096);
    assertArrayEquals(neighbour, now);
  }

  @Test void groupAddressesAreFilteredForWhoAsks() {
    a.connect();
    b.connect(true, "request-multicast-control=1", "feature-sg=1");
    b.giveAll();
    long group = 0x0100_5E00_0001L;
    a.send(NetFront.frame(group, 2, 60, random));
    assertEquals(0, b.receive().size());
    b.txSlot(0, 0, NetInterface.NETTXF_extra_info, 0, 0);
    b.groupSlot(NetInterface.XEN_NETIF_EXTRA_TYPE_MCAST_ADD, group);
    b.go();
    assertEquals(List.of(NetInterface.NETIF_RSP_OKAY), b.statuses);
    a.send(NetFront.frame(group, 2, 60, random));
    a.send(NetFront.frame(group + 1, 2, 60, random));
    a.send(NetFront.frame(ALL, 2, 60, random));
    a.send(NetFront.frame(4, 2, 60, random));
    assertEquals(3, b.receive().size(), "the group, all, and one station");
    b.txSlot(0, 0, NetInterface.NETTXF_extra_info, 0, 0);
    b.groupSlot(NetInterface.XEN_NETIF_EXTRA_TYPE_MCAST_DEL, group);
    b.go();
    a.send(NetFront.frame(group, 2, 60, random));
    assertEquals(0, b.receive().size());
    for (int i = 0; i < 65; i++) {
      b.txSlot(0, 0, NetInterface.NETTXF_extra_info, 0, 0);
      b.groupSlot(NetInterface.XEN_NETIF_EXTRA_TYPE_MCAST_ADD, group + i);
    }
    b.go();
    assertEquals(NetInterface.NETIF_RSP_ERROR, b.statuses.getLast(), "there is room for 64");
  }

  @Test void framesWaitWhileNobodyServesGrants() {
    a.connect();
    b.connect();
    b.giveAll();
    GrantsPort grants = hypervisor.port(GrantsPort.class);
    Grants provider = grants.provider();
    grants.detach(provider);
    byte[] frame = frame(5000);
    a.send(frame);
    assertEquals(List.of(), a.statuses);
    grants.attach(provider, hypervisor.context(ROLE));
    hypervisor.clock().advance(2_000_000);
    assertArrayEquals(frame, b.receive().getFirst().bytes());
  }

  @Test void whatCameWhileItWasAwayIsServedWhenItIsBack() {
    a.connect();
    b.connect();
    b.giveAll();
    StateRecord record = hypervisor.remove(ROLE);
    byte[] frame = frame(500);
    a.send(frame);
    assertEquals(List.of(), b.receive());
    hypervisor.bringBack(ROLE, new NetbackComponent(), record);
    a.settle();
    assertArrayEquals(frame, b.receive().getFirst().bytes());
    a.state(XenbusState.XenbusStateClosing);
    assertEquals(List.of(), a.mapped());
  }

  @Test void destroyedDomainLeavesNothing() {
    a.connect();
    b.connect();
    hypervisor.destroy(b.domain);
    assertEquals(1, hypervisor.port(EthernetPort.class).stations().size());
    assertEquals(2, hypervisor.eventChannels().open(service));
    a.send(frame(60));
    assertEquals(List.of(NetInterface.NETIF_RSP_OKAY), a.statuses);
  }

  @Test void domainThatWentWhileItWasAwayLeavesNothing() {
    a.connect();
    b.connect();
    StateRecord record = hypervisor.remove(ROLE);
    hypervisor.destroy(b.domain);
    hypervisor.bringBack(ROLE, new NetbackComponent(), record);
    assertEquals(2, hypervisor.grants().mapped(service));
    assertEquals(2, hypervisor.eventChannels().open(service));
    assertEquals(1, hypervisor.port(EthernetPort.class).stations().size());
  }

  @Test void detachedDeviceLeavesNothing() {
    a.connect();
    hypervisor.store().remove(a.back);
    hypervisor.store().settle();
    assertEquals(List.of(), a.mapped());
    assertEquals(0, hypervisor.eventChannels().open(service));
  }

  @Test void frontEndWithoutScatteringGetsNoLargeFrames() {
    a.connect();
    b.connect(true);
    b.giveAll();
    a.send(frame(5000));
    a.send(frame(4096));
    assertEquals(4096, b.receive().getFirst().bytes().length);
    EthernetStation outside = hypervisor.port(EthernetPort.class).join("xenbr0", "outside", (f, o, l, x, s) -> { },
        new FakeContext(FakeNode.at("/outside").build()));
    outside.send(frame(60), 0, 60);
    a.settle();
    assertEquals(1, b.receive().size());
  }
}
