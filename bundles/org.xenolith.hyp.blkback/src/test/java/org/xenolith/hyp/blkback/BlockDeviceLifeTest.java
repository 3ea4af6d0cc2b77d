// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.blkback.BlockRig.NUMBER;
import static org.xenolith.hyp.blkback.BlockRig.ROLE;
import static org.xenolith.hyp.blkback.BlockRig.okay;
import static org.xenolith.xen.abi.BlockInterface.BLKIF_OP_READ;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.Store;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.blkback.BlockFront.Segment;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeStore;
import org.xenolith.xen.abi.XenbusState;

/** How devices come and go: what is advertised, what is refused, and that nothing is kept. */
class BlockDeviceLifeTest {
  private final BlockRig rig = new BlockRig();
  private final FakeHypervisor hypervisor = rig.hypervisor;

  @Test
  void aDeviceIsAdvertisedWithWhatTheBackEndCan() {
    BlockFront front = rig.plugged(0);
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

  @Test
  void aDiskThatIsNotThereIsRefusedWithARemedy() {
    BlockFront front = new BlockFront(hypervisor, rig.domain, NUMBER + 16, 0).plug("other.img", "w");
    assertEquals(XenbusState.XenbusStateClosed, front.backState());
    assertNull(front.backNode("feature-flush-cache"));
    var event = hypervisor.context(ROLE).reportedEvents().getFirst();
    assertEquals("disk-missing", event.kind());
    assertTrue(event.text().contains("xl block-attach"), event.text());
  }

  @Test
  void aClosedDeviceIsOfferedAgainWhenItsDiskIsThere() {
    BlockFront front = new BlockFront(hypervisor, rig.domain, NUMBER, 0).plug("other.img", "w");
    assertEquals(XenbusState.XenbusStateClosed, front.backState());
    hypervisor.store().write(front.back + "/params", "disk.img");
    hypervisor.store().settle();
    assertEquals(XenbusState.XenbusStateInitWait, front.backState());
  }

  /** Most changes are what the driver itself wrote: to look at both ends for each took a third of the time to connect a device. */
  @Test
  void whatDecidesNothingMakesItLookAtNoFrontEnd() {
    BlockFront front = rig.connected(0, false);
    FakeStore store = hypervisor.store();
    List<String> read = new ArrayList<>();
    Store heard = (Store) Proxy.newProxyInstance(Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
      if (method.getName().equals("read")) {
        read.add((String) arguments[0]);
      }
      return method.invoke(store, arguments);
    });
    hypervisor.port(StorePort.class).attach(heard, hypervisor.context(ROLE));
    store.write(front.back + "/feature-barrier", "1");
    store.write(front.back + "/info", "0");
    store.settle();
    assertEquals(List.of(front.back + "/state", front.back + "/state"), read);
    store.write(front.back + "/online", "0");
    store.settle();
    assertTrue(read.contains(front.front + "/state"), read::toString);
  }

  @Test
  void whatTheFrontEndSaysWrongIsRefused() {
    String[][] wrong = {{"ring-page-order", "5"}, {"ring-page-order", "-1"}, {"event-channel", "0"},
        {"event-channel", "99999999999"}, {"event-channel", "900"}, {"protocol", "ia64-abi"}, {"ring-ref0", "4711"},
        {"ring-ref0", "x"}};
    for (String[] node : wrong) {
      BlockFront front = rig.plugged(0);
      front.connect(false);
      front.state(XenbusState.XenbusStateClosed);
      hypervisor.store().write(front.back + "/state", "2");
      hypervisor.store().write(front.front + "/event-channel",
          Integer.toString(hypervisor.eventChannels().allocateUnbound(rig.domain, ServiceEventsPort.DOMID)));
      hypervisor.store().write(front.front + "/" + node[0], node[1]);
      front.state(XenbusState.XenbusStateInitialised);
      assertEquals(XenbusState.XenbusStateClosing, front.backState(), String.join(" ", node));
      assertEquals(0, hypervisor.grants().mapped(rig.service), String.join(" ", node));
      assertEquals(0, hypervisor.eventChannels().open(rig.service), String.join(" ", node));
      hypervisor.store().remove(front.back);
      hypervisor.store().remove(front.front);
      hypervisor.store().settle();
    }
  }

  @Test
  void aClosingFrontEndGetsEverythingBack() {
    BlockFront front = rig.connected(2, true);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0), Segment.page(1));
    front.go();
    assertEquals(6, hypervisor.grants().mapped(rig.service));
    front.state(XenbusState.XenbusStateClosing);
    assertEquals(XenbusState.XenbusStateClosing, front.backState());
    assertEquals(List.of(), front.revoke());
    assertEquals(0, hypervisor.eventChannels().open(rig.service));
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

  @Test
  void aDestroyedDomainLeavesNothingBehind() {
    BlockFront front = rig.connected(1, true);
    front.request(BLKIF_OP_READ, 1, 0, Segment.page(0));
    front.go();
    hypervisor.destroy(rig.domain);
    assertEquals(0, hypervisor.grants().mapped(rig.service));
    assertEquals(0, hypervisor.eventChannels().open(rig.service));
    FakeDomain next = hypervisor.domU(3, 1);
    hypervisor.store().remove("/local/domain/3");
    hypervisor.store().remove(front.back);
    hypervisor.store().settle();
    assertTrue(next.serial() > rig.domain.serial());
    assertEquals(0, hypervisor.grants().mapped(rig.service));
  }
}
