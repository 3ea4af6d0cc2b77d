// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.netback.NetbackRig.ROLE;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Grants;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenbusState;

/** The back end, and what it needs, come, go and are replaced while frames are under way. */
class NetbackLiveChangeTest {
  private final NetbackRig rig = new NetbackRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;
  private final NetFront a = rig.a;
  private final NetFront b = rig.b;

  @Test
  void handOverInTheMiddleOfATransferLosesNoFrame() {
    a.connect();
    b.connect();
    rig.exchange(2000, true);
  }

  @Test
  void framesWaitWhileNobodyServesGrants() {
    a.connect();
    b.connect();
    b.giveAll();
    GrantsPort grants = hypervisor.port(GrantsPort.class);
    Grants provider = grants.provider();
    grants.detach(provider);
    byte[] frame = rig.frame(5000);
    a.send(frame);
    assertEquals(List.of(), a.statuses);
    grants.attach(provider, hypervisor.context(ROLE));
    hypervisor.clock().advance(2_000_000);
    assertArrayEquals(frame, b.receive().getFirst().bytes());
  }

  /** Between a front end's request and its event nothing is sent, whether the machine goes on, goes on from a record or with another version. */
  @Test
  void whatIsNotYetAnnouncedIsSentNoSooner() {
    a.connect();
    b.connect();
    b.giveAll();
    DeviceModel model = hypervisor.replace(ROLE, new NetbackComponent());
    byte[] frame = rig.frame(500);
    assertTrue(a.put(frame, 0, 0, 0, null));
    int before = a.tx.reqProd();
    a.tx.reqProd(a.txProduced);
    StateRecord record = model.state().save();
    hypervisor.restore(ROLE, record);
    a.settle();
    assertEquals(List.of(), b.receive());
    hypervisor.replace(ROLE, new NetbackComponent());
    a.settle();
    assertEquals(List.of(), b.receive());
    a.tx.reqProd(before);
    a.go();
    assertArrayEquals(frame, b.receive().getFirst().bytes());
  }

  @Test
  void whatCameWhileItWasAwayIsServedWhenItIsBack() {
    a.connect();
    b.connect();
    b.giveAll();
    StateRecord record = hypervisor.remove(ROLE);
    byte[] frame = rig.frame(500);
    a.send(frame);
    assertEquals(List.of(), b.receive());
    hypervisor.bringBack(ROLE, new NetbackComponent(), record);
    a.settle();
    assertArrayEquals(frame, b.receive().getFirst().bytes());
    a.state(XenbusState.XenbusStateClosing);
    assertEquals(List.of(), a.mapped());
  }

  @Test
  void domainThatWentWhileItWasAwayLeavesNothing() {
    a.connect();
    b.connect();
    StateRecord record = hypervisor.remove(ROLE);
    hypervisor.destroy(b.domain);
    hypervisor.bringBack(ROLE, new NetbackComponent(), record);
    assertEquals(2, hypervisor.grants().mapped(rig.service));
    assertEquals(2, hypervisor.eventChannels().open(rig.service));
    assertEquals(1, hypervisor.port(EthernetPort.class).stations().size());
  }
}
