// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.EventWaitersPort;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.Virq;
import org.xenolith.xen.abi.XenErrno;

/** What calls answer at the edges, and what is left when domains, records and the core come and go. */
class EventEdgesTest {
  /** What a port's page in the guest's memory isn't: RAM. */
  private static final int DEVICE_PAGE = 40;
  private final FakeHypervisor hyp = new FakeHypervisor();
  private final Guest dom0 = new Guest(hyp, hyp.dom0(2));
  private final Guest guest = new Guest(hyp, hyp.domU(2, 4));
  private final EventChannelSubsystem model;
  private final EventChannelsPort channels = hyp.port(EventChannelsPort.class);

  EventEdgesTest() {
    model = (EventChannelSubsystem) hyp.install("evtchn", new EventChannelComponent());
  }

  @Test
  void refusalsAreTheCallsResult() {
    assertEquals(-XenErrno.XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_bind_interdomain, 0, 9));
    assertEquals(-XenErrno.XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_bind_virq, 24, 0));
    assertEquals(-XenErrno.XEN_ENOENT, guest.call(0, EventChannelOp.EVTCHNOP_bind_ipi, 4));
    assertEquals(-XenErrno.XEN_ENOMEM, guest.call(0, EventChannelOp.EVTCHNOP_bind_pirq, 0));
    for (int i = 0; i < 4096; i++) {
      guest.allocUnbound(0);
    }
    assertEquals(-XenErrno.XEN_ENOSPC, guest.call(0, EventChannelOp.EVTCHNOP_alloc_unbound, 0x7FF0));
    assertEquals(-XenErrno.XEN_ENOSPC, guest.call(0, EventChannelOp.EVTCHNOP_bind_ipi, 1));
  }

  @Test
  void portsComeIntoBeingABucketAtATime() {
    for (int i = 1; i <= 64; i++) {
      assertEquals(i, guest.allocUnbound(0));
    }
    assertEquals("0 v0 0 0", guest.status(127));
    assertEquals("-" + XenErrno.XEN_EINVAL, guest.status(128));
  }

  @Test
  void aVirtualInterruptBehindTheLastOneIsNobodys() {
    int port = guest.bindVirq(Virq.VIRQ_TIMER, 1);
    channels.raise(guest.domain.vcpu(0), DomainPorts.VIRQS);
    assertFalse(channels.pending(guest.domain, port), "the first one of the next virtual CPU");
    channels.raise(guest.domain.vcpu(1), Virq.VIRQ_TIMER);
    assertTrue(channels.pending(guest.domain, port));
  }

  @Test
  void whoIsToldOfAnEventIsWoken() {
    int port = guest.allocUnbound(0);
    int local = dom0.bindInterdomain(2, port);
    guest.enterUpcall(0);
    assertFalse(channels.pending(guest.domain.vcpu(0)));
    // Whoever tells virtual CPUs wakes them, too.
    hyp.port(GuestEventsPort.class).detach(hyp.port(GuestEventsPort.class).provider());
    guest.domain.vcpu(0).block();
    dom0.send(local);
    assertTrue(channels.pending(guest.domain.vcpu(0)));
    assertFalse(guest.domain.vcpu(0).blocked());
  }

  @Test
  void aPageThatIsNoRamHoldsNoEvents() {
    hyp.p2m().map(guest.domain, guest.domain.gfn() + DEVICE_PAGE, 0x9000, 1, PageType.DEVICE);
    long gfn = guest.domain.gfn() + DEVICE_PAGE;
    assertEquals(-XenErrno.XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_init_control, (int) gfn, (int) (gfn >>> 32), 0, 0));
  }

  @Test
  void withoutACoreNothingIsRaisedAndNothingFails() {
    hyp.port(DomainsPort.class).detach(hyp);
    assertDoesNotThrow(model::restored);
    assertDoesNotThrow(() -> channels.raise(null, Virq.VIRQ_DOM_EXC));
    assertTrue(channels.present(), "nobody took it out");
  }

  @Test
  void whoWaitedInADomainThatIsGoneWaitsNoMore() {
    EventWaitersPort waiters = hyp.port(EventWaitersPort.class);
    StateRecord nobody = waiters.state().save();
    waiters.add(guest.domain.vcpu(0), EventWaitersPort.ANY);
    hyp.destroy(guest.domain);
    assertEquals(nobody, waiters.state().save());
  }

  @Test
  void aRecordIsAllThereIsOnceItIsRestored() {
    int timer = guest.bindVirq(Virq.VIRQ_TIMER, 0);
    StateRecord before = model.state().save();
    guest.bindVirq(Virq.VIRQ_TIMER, 1);
    assertEquals(0, guest.initControl(0));
    model.state().restore(before);
    model.restored();
    assertEquals(1, channels.open(guest.domain));
    assertEquals(-XenErrno.XEN_EEXIST, guest.bindVirq(Virq.VIRQ_TIMER, 0));
    assertEquals(timer + 1, guest.bindVirq(Virq.VIRQ_TIMER, 1));
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, guest.expandArray(0), "it had two levels then");
  }

  @Test
  void theOtherSideIsFoundAfterARestore() {
    int port = guest.allocUnbound(0);
    int local = dom0.bindInterdomain(2, port);
    StateRecord record = model.state().save();
    model.state().restore(record);
    guest.enterUpcall(0);
    assertEquals(0, dom0.send(local), "nobody has met the guest yet");
    assertTrue(channels.pending(guest.domain, port));
    assertEquals(0, channels.send(dom0.domain, local));
    model.state().restore(record);
    model.restored();
    assertEquals(0, dom0.close(local));
    assertEquals("1 v0 0 0", guest.status(port), "unbound, though neither had spoken");
    model.state().restore(record);
    assertEquals("2 v0 2 " + port, dom0.status(local));
  }

  @Test
  void aResetOfManyPortsIsDoneInSlices() {
    Guest many = dom0;
    assertEquals(0, many.initControl(0));
    for (int i = 0; i < 5000; i++) {
      assertTrue(many.allocUnbound(DomainId.DOMID_SELF) > 0);
    }
    assertFalse(model.resetPorts(many.domain));
    assertEquals(5000 - 4096, channels.open(many.domain));
    assertTrue(model.resetPorts(many.domain));
    assertEquals(0, channels.open(many.domain));
  }
}
