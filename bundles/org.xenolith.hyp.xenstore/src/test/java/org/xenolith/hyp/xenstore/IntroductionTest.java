// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.StoreMessage;
import org.xenolith.xen.abi.StoreRing;

/** A tool in Dom0 introduces a domain that it built: the request comes over one ring and makes another. */
class IntroductionTest {
  private static final long GFN = FakeHypervisor.GUEST_RAM >>> 12;

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final EventChannels channels = hypervisor.eventChannels();

  @Test
  void aRequestThatMakesARingIsAnsweredOnce() {
    hypervisor.service();
    DeviceModel model = hypervisor.install("xenstore", new XenStoreComponent());
    model.reset();
    Domain dom0 = hypervisor.dom0(1);
    Domain guest = hypervisor.domU(5, 1);
    int port = channels.allocateUnbound(dom0, ServiceEventsPort.DOMID);
    int guestPort = channels.allocateUnbound(guest, ServiceEventsPort.DOMID);
    assertEquals(0, hypervisor.port(StorePort.class).introduce(dom0, GFN, port));

    StoreRing ring = new StoreRing();
    ring.at(dom0.memory(), GFN << 12);
    byte[] payload = ("5\0" + GFN + "\0" + guestPort + "\0").getBytes(StandardCharsets.ISO_8859_1);
    int[] header = {StoreMessage.XS_INTRODUCE, 77, 0, payload.length};
    for (int i = 0; i < 4; i++) {
      dom0.memory().write32((GFN << 12) + 4 * i, header[i]);
    }
    dom0.memory().write((GFN << 12) + 16, payload, 0, payload.length);
    ring.reqProd(16 + payload.length);
    channels.send(dom0, port);
    hypervisor.port(ServiceEventsPort.class).deliver();
    hypervisor.clock().advance(1);

    assertEquals(ring.reqProd(), ring.reqCons());
    byte[] answer = new byte[20];
    dom0.memory().read((GFN << 12) + StoreRing.RSP, answer, 0, answer.length);
    assertEquals(StoreMessage.XS_INTRODUCE, answer[0]);
    assertEquals(77, answer[4]);
    assertEquals("OK", new String(answer, 16, 2, StandardCharsets.ISO_8859_1));
    assertEquals(16 + 3, ring.rspProd());
  }

  /** Between a domain's request and its event nothing is served, and an offer isn't taken before its time, whether the machine goes on, goes on from a record or with another version. */
  @Test
  void whatIsNotYetAnnouncedIsServedNoSooner() {
    hypervisor.service();
    hypervisor.grants();
    DeviceModel model = hypervisor.install("xenstore", new XenStoreComponent());
    Domain guest = hypervisor.domU(5, 1);
    int port = channels.allocateUnbound(guest, ServiceEventsPort.DOMID);
    assertEquals(0, hypervisor.port(StorePort.class).introduce(guest, GFN, port));
    StoreRing ring = new StoreRing();
    ring.at(guest.memory(), GFN << 12);
    guest.memory().write32(GFN << 12, StoreMessage.XS_DIRECTORY);
    guest.memory().write32((GFN << 12) + 12, 2);
    guest.memory().write16((GFN << 12) + 16, (short) '/');
    ring.reqProd(18);
    Domain dom0 = hypervisor.dom0(1);
    hypervisor.port(ServiceEventsPort.class).offer(dom0, 9);
    StateRecord record = model.state().save();
    hypervisor.restore("xenstore", record);
    assertEquals(0, ring.reqCons());
    hypervisor.replace("xenstore", new XenStoreComponent());
    assertEquals(0, ring.reqCons());
    assertEquals(List.of(), hypervisor.context("xenstore").reportedEvents(), "its offer wasn't looked at");
    channels.send(guest, port);
    hypervisor.port(ServiceEventsPort.class).deliver();
    assertEquals(18, ring.reqCons());
  }

  @Test
  void whatCameWhileItWasAwayIsServedWhenItIsBack() {
    hypervisor.service();
    hypervisor.install("xenstore", new XenStoreComponent());
    Domain guest = hypervisor.domU(5, 1);
    int port = channels.allocateUnbound(guest, ServiceEventsPort.DOMID);
    assertEquals(0, hypervisor.port(StorePort.class).introduce(guest, GFN, port));
    StateRecord record = hypervisor.remove("xenstore");
    StoreRing ring = new StoreRing();
    ring.at(guest.memory(), GFN << 12);
    guest.memory().write32(GFN << 12, StoreMessage.XS_DIRECTORY);
    guest.memory().write32((GFN << 12) + 12, 2);
    guest.memory().write16((GFN << 12) + 16, (short) '/');
    ring.reqProd(18);
    channels.send(guest, port);
    hypervisor.port(ServiceEventsPort.class).deliver();
    assertEquals(0, ring.reqCons());
    hypervisor.bringBack("xenstore", new XenStoreComponent(), record);
    assertEquals(18, ring.reqCons());
  }
}
