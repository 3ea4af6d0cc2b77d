// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.netback.NetbackRig.ALL;
import static org.xenolith.hyp.netback.NetbackRig.SEED;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.NetInterface;

/** How frames get from one front end to others. */
class FrameTransferTest {
  private final NetbackRig rig = new NetbackRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;
  private final Random random = rig.random;
  private final NetFront a = rig.a;
  private final NetFront b = rig.b;

  @Test
  void framesCrossInOrderWhateverTheirParts() {
    System.out.println("seed " + SEED);
    a.connect();
    b.connect();
    rig.exchange(3000, false);
  }

  @Test
  void framesCrossOverOneChannelForBothRings() {
    a.connect(false);
    b.connect(false, "feature-sg=1");
    rig.exchange(1000, false);
  }

  @Test
  void eventsComeOnlyIfTheFrontEndAskedForThem() {
    a.connect();
    b.connect();
    b.giveAll();
    hypervisor.eventChannels().received(b.domain, b.rxPort);
    b.rx.rspEvent(3);
    for (int i = 1; i <= 4; i++) {
      a.send(rig.frame(60));
      assertEquals(i == 3 ? 1 : 0, hypervisor.eventChannels().received(b.domain, b.rxPort), "frame " + i);
    }
  }

  @Test
  void largePacketKeepsItsSegmentSizeAndBlankChecksum() {
    a.connect();
    b.connect();
    b.giveAll();
    for (int type : new int[] {NetInterface.XEN_NETIF_GSO_TYPE_TCPV4, NetInterface.XEN_NETIF_GSO_TYPE_TCPV6}) {
      byte[] frame = rig.frame(65_535);
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
    assertTrue(a.put(rig.frame(100), NetInterface.NETTXF_data_validated, 0, 0, null));
    a.go();
    assertEquals(NetInterface.NETRXF_data_validated, b.receive().getFirst().flags());
  }

  @Test
  void whoTakesNothingHoldsUpNobody() {
    a.connect();
    b.connect();
    NetFront c = new NetFront(hypervisor, hypervisor.domU(4, 1)).plug().connect();
    b.giveAll();
    for (int i = 0; i < 120; i++) {
      byte[] frame = rig.frame(60_000);
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

  @Test
  void groupAddressesAreFilteredForWhoAsks() {
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

  @Test
  void frontEndWithoutScatteringGetsNoLargeFrames() {
    a.connect();
    b.connect(true);
    b.giveAll();
    a.send(rig.frame(5000));
    a.send(rig.frame(4096));
    assertEquals(4096, b.receive().getFirst().bytes().length);
    StationPort outside = hypervisor.port(EthernetPort.class).join("xenbr0", "outside", (f, o, l, x, s) -> {},
        new FakeContext(FakeNode.at("/outside").build()));
    outside.send(rig.frame(60), 0, 60);
    a.settle();
    assertEquals(1, b.receive().size());
  }
}
