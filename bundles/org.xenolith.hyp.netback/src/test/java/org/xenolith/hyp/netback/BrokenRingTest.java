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
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.NetInterface;
import org.xenolith.xen.abi.XenbusState;

/** What front ends do wrong harms nobody else. */
class BrokenRingTest {
  private final NetbackRig rig = new NetbackRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;
  private final Random random = rig.random;
  private final NetFront a = rig.a;
  private final NetFront b = rig.b;

  @Test
  void mistakesAreAnsweredWithErrorsAndTheRingGoesOn() {
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

  @Test
  void frameForABufferThatIsNotGrantedIsAnError() {
    a.connect();
    b.connect();
    hypervisor.grants().revoke(b.domain, NetFront.RX_REF);
    b.give(1);
    a.send(rig.frame(60));
    assertEquals(1, b.rx.rspProd());
    assertEquals(NetInterface.NETIF_RSP_ERROR, b.domain.memory().read16(b.domain.page(1) + 64 + 6));
  }

  @Test
  void brokenRingClosesItsDeviceAndNoOther() {
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
      int before = rig.events();
      faults.get(i).run();
      a.tx.reqProd(a.txProduced);
      hypervisor.eventChannels().send(a.domain, a.txPort);
      a.settle();
      assertEquals(XenbusState.XenbusStateClosing, a.backState(), "fault " + i);
      assertEquals(before + 1, rig.events(), "fault " + i);
      assertEquals(List.of(), a.mapped(), "fault " + i);
      assertEquals(XenbusState.XenbusStateConnected, b.backState());
      again(a);
    }
    a.connect();
    a.rx.reqProd(300);
    b.send(rig.frame(60));
    assertEquals(XenbusState.XenbusStateClosing, a.backState());
  }

  private static void again(NetFront front) {
    front.state(XenbusState.XenbusStateClosing);
    front.state(XenbusState.XenbusStateClosed);
    front.state(XenbusState.XenbusStateInitialising);
    assertEquals(XenbusState.XenbusStateInitWait, front.backState());
  }

  @Test
  void randomRingsNeverThrowAndReachNothingElse() {
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
      b.put(rig.frame(100), 0, 0, 0, null);
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
}
