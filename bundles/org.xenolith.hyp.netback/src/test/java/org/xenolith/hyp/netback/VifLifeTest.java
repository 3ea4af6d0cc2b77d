// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.api.Offload;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.NetInterface;
import org.xenolith.xen.abi.XenbusState;

/** How interfaces come and go: what is advertised, what is refused, and that nothing is kept. */
class VifLifeTest {
  private final NetbackRig rig = new NetbackRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;
  private final NetFront a = rig.a;
  private final NetFront b = rig.b;

  @Test
  void deviceConnectsAndLetsGoOfAll() {
    assertEquals("1", a.backNode("feature-rx-copy"));
    assertEquals("0", a.backNode("feature-rx-flip"));
    assertEquals("1", a.backNode("multi-queue-max-queues"));
    assertEquals(XenbusState.XenbusStateInitWait, a.backState());
    for (int i = 0; i < 3; i++) {
      a.connect();
      assertEquals(XenbusState.XenbusStateConnected, a.backState());
      assertEquals(List.of(NetFront.TX_RING_REF, NetFront.RX_RING_REF), a.mapped());
      assertEquals(2, hypervisor.eventChannels().open(rig.service));
      assertEquals(1, hypervisor.port(EthernetPort.class).stations().size());
      a.state(XenbusState.XenbusStateClosing);
      a.state(XenbusState.XenbusStateClosed);
      assertEquals(XenbusState.XenbusStateClosed, a.backState());
      assertEquals(List.of(), a.mapped());
      assertEquals(0, hypervisor.eventChannels().open(rig.service));
      assertEquals(List.of(), hypervisor.port(EthernetPort.class).stations());
      a.state(XenbusState.XenbusStateInitialising);
    }
  }

  @Test
  void frontEndThatCannotBeServedIsRefusedAndNothingIsKept() {
    for (String bad : List.of("request-rx-copy=0", "multi-queue-num-queues=2", "tx-ring-ref=7", "rx-ring-ref=x",
        "event-channel=99", "rx-ring-ref=4294967296")) {
      NetFront front = new NetFront(hypervisor, hypervisor.domU(-1, 1)).plug();
      int before = rig.events();
      front.connect(false, bad);
      assertEquals(XenbusState.XenbusStateClosing, front.backState(), bad);
      assertEquals(before + 1, rig.events(), bad);
      assertEquals(List.of(), front.mapped(), bad);
      assertEquals(0, hypervisor.eventChannels().open(rig.service), bad);
    }
  }

  @Test
  void stationTakesWhatItsFrontEndTakes() {
    a.connect(false, "feature-no-csum-offload=1", "feature-sg=1", "feature-gso-tcpv4=1");
    b.connect();
    List<StationPort> stations = hypervisor.port(EthernetPort.class).stations();
    assertEquals(0, stations.get(0).offloads(), "no segments without checksums");
    assertEquals(Offload.CHECKSUM | Offload.CHECKSUM6 | Offload.TCP4 | Offload.TCP6, stations.get(1).offloads());
  }

  @Test
  void destroyedDomainLeavesNothing() {
    a.connect();
    b.connect();
    hypervisor.destroy(b.domain);
    assertEquals(1, hypervisor.port(EthernetPort.class).stations().size());
    assertEquals(2, hypervisor.eventChannels().open(rig.service));
    a.send(rig.frame(60));
    assertEquals(List.of(NetInterface.NETIF_RSP_OKAY), a.statuses);
  }

  @Test
  void detachedDeviceLeavesNothing() {
    a.connect();
    hypervisor.store().remove(a.back);
    hypervisor.store().settle();
    assertEquals(List.of(), a.mapped());
    assertEquals(0, hypervisor.eventChannels().open(rig.service));
  }
}
