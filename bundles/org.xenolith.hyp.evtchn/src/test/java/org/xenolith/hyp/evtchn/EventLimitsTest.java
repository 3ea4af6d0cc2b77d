// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSPC;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.EventWaitersPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.Virq;

/** How many ports a domain has, and the edges of what it can do with them. */
class EventLimitsTest {
  private static final int PENDING = 1 << FifoEvent.EVTCHN_FIFO_PENDING;
  private static final int MASKED = 1 << FifoEvent.EVTCHN_FIFO_MASKED;
  private static final int LINKED = 1 << FifoEvent.EVTCHN_FIFO_LINKED;
  private FakeHypervisor hyp;
  private Guest dom0;
  private Guest guest;
  private EventChannelsPort channels;

  private void begin(Map<String, String> options) {
    hyp = new FakeHypervisor(1, options);
    dom0 = new Guest(hyp, hyp.dom0(2));
    guest = new Guest(hyp, hyp.domU(2, 3));
    hyp.install("evtchn", new EventChannelComponent());
    channels = hyp.port(EventChannelsPort.class);
  }

  EventLimitsTest() {
    begin(Map.of());
  }

  private int connect() {
    int port = guest.allocUnbound(0);
    assertTrue(dom0.bindInterdomain(2, port) > 0);
    return port;
  }

  private int other(int port) {
    guest.call(0, EventChannelOp.EVTCHNOP_status, 0x7FF0, port);
    return guest.out(5);
  }

  // ---- How many

  @Test
  void theOptionLimitsGuestsAndNobodyElse() {
    begin(Map.of(EventChannelComponent.GUEST_PORTS, "70"));
    for (int port = 1; port <= 70; port++) {
      assertEquals(port, guest.allocUnbound(0));
    }
    assertEquals(-XEN_ENOSPC, guest.allocUnbound(0));
    assertEquals(-XEN_ENOSPC, guest.bindVirq(Virq.VIRQ_TIMER, 0));
    assertEquals(-XEN_ENOSPC, guest.bindIpi(0));
    int port = dom0.allocUnbound(2);
    assertEquals(-XEN_ENOSPC, guest.bindInterdomain(0, port));
    assertEquals("1 v0 2 0", dom0.status(port), "nobody bound it");
    for (int next = 2; next < 200; next++) {
      assertEquals(next, dom0.allocUnbound(2));
    }
  }

  @Test
  void aLimitThatCannotBeIsTheNearestThatCan() {
    begin(Map.of(EventChannelComponent.GUEST_PORTS, "-5"));
    assertEquals(1, guest.allocUnbound(0));
    assertEquals(-XEN_ENOSPC, guest.allocUnbound(0));
    begin(Map.of(EventChannelComponent.GUEST_PORTS, "99999999999"));
    assertEquals(0, guest.initControl(0));
    for (int port = 1; port < 1 << 17; port++) {
      assertEquals(port, channels.allocateUnbound(guest.domain, 0));
    }
    assertEquals(-XEN_ENOSPC, channels.allocateUnbound(guest.domain, 0));
  }

  @Test
  void portsThatWereClosedAreGivenOutLowestFirst() {
    for (int port = 1; port <= 130; port++) {
      assertEquals(port, guest.allocUnbound(0));
    }
    guest.close(100);
    guest.close(7);
    guest.close(64);
    assertEquals(127, channels.open(guest.domain));
    assertEquals(7, guest.allocUnbound(0));
    assertEquals(64, guest.bindIpi(0));
    assertEquals(100, guest.allocUnbound(0));
    assertEquals(131, guest.allocUnbound(0));
  }

  @Test
  void aDomainThatIsDyingBindsNothing() {
    int port = dom0.allocUnbound(2);
    guest.domain.state(DomainState.DYING);
    assertEquals(-XEN_EINVAL, guest.allocUnbound(0));
    assertEquals(-XEN_EINVAL, guest.bindInterdomain(0, port));
    assertEquals(-XEN_EINVAL, guest.bindVirq(Virq.VIRQ_TIMER, 0));
    assertEquals(-XEN_EINVAL, guest.bindIpi(0));
    assertEquals(0, channels.open(guest.domain));
  }

  @Test
  void portsThatExistAreValidThoughTheyAreClosed() {
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_unmask, 63));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_unmask, 64));
    assertEquals("0 v0 0 0", guest.status(0));
    assertEquals("0 v0 0 0", guest.status(63));
    assertEquals("-" + XEN_EINVAL, guest.status(64));
  }

  // ---- Two levels

  @Test
  void aVcpuThatIsntToldBelongsToNobody() {
    int port = connect();
    guest.enterUpcall(0);
    hyp.memory().write64(guest.domain.sharedInfo(), 0);
    dom0.send(other(port));
    assertTrue(channels.pending(guest.domain.vcpu(0)));
    assertFalse(channels.pending(guest.domain.vcpu(1)), "it has no vcpu_info");
  }

  @Test
  void unmaskingWhatIsNotPendingTellsNobody() {
    int port = connect();
    guest.close(port);
    guest.enterUpcall(0);
    hyp.memory().write64(guest.domain.sharedInfo() + org.xenolith.xen.abi.SharedInfo.EVTCHN_MASK, 1L << port);
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_unmask, port));
    assertFalse(guest.upcallPending(0));
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_unmask, port), "nor if it isn't masked");
    assertFalse(guest.upcallPending(0));
  }

  @Test
  void anEventThatWaitsWakesWhoPollsOnlyOnce() {
    int port = connect();
    dom0.send(other(port));
    guest.domain.vcpu(1).block();
    hyp.port(EventWaitersPort.class).add(guest.domain.vcpu(1), port);
    dom0.send(other(port));
    assertTrue(guest.domain.vcpu(1).blocked(), "it was pending already");
  }

  // ---- FIFO

  private void fifo() {
    assertEquals(0, guest.initControl(0));
    assertEquals(0, guest.expandArray(0));
  }

  @Test
  void fifoEventsWakeWhoPollsOnlyOnce() {
    fifo();
    int port = connect();
    guest.fifoWord(port, MASKED);
    guest.domain.vcpu(1).block();
    hyp.port(EventWaitersPort.class).add(guest.domain.vcpu(1), port);
    dom0.send(other(port));
    assertFalse(guest.domain.vcpu(1).blocked(), "masked or not");
    guest.domain.vcpu(1).block();
    hyp.port(EventWaitersPort.class).add(guest.domain.vcpu(1), port);
    dom0.send(other(port));
    assertTrue(guest.domain.vcpu(1).blocked(), "it was pending already");
  }

  @Test
  void anEventOfAVcpuWithoutAControlBlockOnlyWaits() {
    fifo();
    int port = connect();
    guest.fifoWord(port, 0);
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, port, 1));
    dom0.send(other(port));
    assertEquals(PENDING, guest.fifoWord(port));
    assertTrue(channels.pending(guest.domain, port));
    assertEquals(0, guest.initControl(1));
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_unmask, port));
    assertEquals(PENDING | LINKED, guest.fifoWord(port));
    assertEquals(port, guest.head(1, 7));
  }

  @Test
  void aPortWithoutAWordIsNeverPendingAndCanBeUnmasked() {
    assertEquals(0, guest.initControl(0));
    int port = connect();
    dom0.send(other(port));
    assertFalse(channels.pending(guest.domain, port));
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_unmask, port));
    guest.close(port);
    assertEquals(0, guest.expandArray(0));
    assertEquals(0, guest.fifoWord(port) & PENDING, "what it had is gone with it");
    assertEquals(port, guest.allocUnbound(0));
  }

  @Test
  void aPageOfWordsHasSoManyPorts() {
    begin(Map.of(EventChannelComponent.GUEST_PORTS, "5000"));
    fifo();
    int last = 0;
    while (last < 1024) {
      last = channels.allocateUnbound(guest.domain, 0);
    }
    int inside = channels.bindInterdomain(dom0.domain, guest.domain, 1023);
    int beyond = channels.bindInterdomain(dom0.domain, guest.domain, 1024);
    dom0.send(inside);
    dom0.send(beyond);
    assertEquals(PENDING | MASKED, guest.fifoWord(1023));
    assertTrue(channels.pending(guest.domain, 1023));
    assertFalse(channels.pending(guest.domain, 1024));
    assertEquals(0, guest.expandArray(1));
    assertEquals(PENDING | MASKED, guest.fifoWord(1024));
  }

  @Test
  void aPriorityIsForgottenWithThePort() {
    fifo();
    int port = connect();
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_set_priority, port, 0));
    guest.close(port);
    int again = connect();
    assertEquals(port, again);
    guest.fifoWord(port, 0);
    dom0.send(other(port));
    assertEquals(port, guest.head(0, 7));
    assertEquals(0, guest.head(0, 0));
  }

  @Test
  void aQueueThatTheDomainEmptiedBeginsAnewWithAnotherPort() {
    fifo();
    int first = connect();
    int second = connect();
    guest.fifoWord(first, 0);
    guest.fifoWord(second, 0);
    dom0.send(other(first));
    assertEquals(first, guest.take(0, 7));
    guest.fifoWord(first, 0);
    dom0.send(other(second));
    assertEquals(second, guest.head(0, 7));
    assertEquals(0, guest.fifoWord(first), "nothing is linked to what was taken out");
  }

  // ---- The service domain

  @Test
  void portsOfTheServiceDomainAreJavasAlone() {
    FakeDomain service = hyp.service();
    ServiceEventsPort ports = hyp.port(ServiceEventsPort.class);
    int local = channels.allocateUnbound(service, 2);
    int port = guest.bindInterdomain(ServiceEventsPort.DOMID, local);
    int[] heard = new int[1];
    ports.listen(local, () -> heard[0]++, hyp.context("evtchn"));
    guest.send(port);
    assertFalse(channels.pending(service, local), "nothing is in memory");
    assertEquals(0, channels.close(service, local));
    ports.deliver();
    assertEquals(0, heard[0], "what waited went with the port");
    for (int next = local; next < 3000; next++) {
      assertEquals(next, channels.allocateUnbound(service, 2), "no fewer than with FIFO queues");
    }
    ServiceEvents events = new ServiceEvents(ports);
    assertEquals(-XEN_ENOSYS, events.priority(local, 3), "they have no queues");
    assertFalse(events.busy(local));
    assertFalse(events.pending(local));
  }

  @Test
  void whatAGuestAllocatesForTheServiceDomainIsOffered() {
    hyp.service();
    ServiceEventsPort ports = hyp.port(ServiceEventsPort.class);
    guest.allocUnbound(0);
    assertEquals(0, ports.offered(guest.domain));
    int port = guest.allocUnbound(ServiceEventsPort.DOMID);
    assertEquals(port, ports.offered(guest.domain));
    assertEquals(0, dom0.call(0, EventChannelOp.EVTCHNOP_alloc_unbound, 2 | ServiceEventsPort.DOMID << 16));
    assertEquals(0, ports.offered(dom0.domain), "it made one of another's");
  }

  // ---- Traces and the rest

  @Test
  void eventsAreToldToWhoTraces() {
    List<String> told = new ArrayList<>();
    int port = connect();
    int ipi = guest.bindIpi(1);
    hyp.port(HypervisorTracePort.class).listen((kind, vcpu, a, b, c) -> {
      if (kind == HypervisorTracePort.Kind.EVENT) {
        told.add(vcpu.domain().id() + " " + vcpu.id() + " " + a + " " + b + " " + c);
      }
    });
    dom0.send(other(port));
    guest.send(ipi);
    assertEquals(List.of("2 0 " + port + " 2 2", "2 1 " + ipi + " 2 5"), told);
  }

  @Test
  void statusOfAnUnboundPortNamesWhoMayBindIt() {
    int port = guest.allocUnbound(7);
    assertEquals("1 v0 7 0", guest.status(port));
    assertEquals("1 v0 2 0", guest.status(guest.allocUnbound(DomainId.DOMID_SELF)));
  }

  @Test
  void perVcpuInterruptsAreTheirVcpusAfterAChangeToo() {
    int timer = guest.bindVirq(Virq.VIRQ_TIMER, 1);
    int debug = guest.bindVirq(Virq.VIRQ_DEBUG, 2);
    int oprofile = guest.bindVirq(Virq.VIRQ_XENOPROF, 0);
    int console = guest.bindVirq(Virq.VIRQ_CONSOLE, 0);
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, console, 2));
    hyp.replace("evtchn", new EventChannelComponent());
    channels.raise(guest.domain.vcpu(1), Virq.VIRQ_DEBUG);
    channels.raise(guest.domain.vcpu(2), Virq.VIRQ_TIMER);
    channels.raise(guest.domain.vcpu(1), Virq.VIRQ_XENOPROF);
    for (int port : new int[] {timer, debug, oprofile, console}) {
      assertFalse(channels.pending(guest.domain, port));
    }
    channels.raise(guest.domain.vcpu(1), Virq.VIRQ_TIMER);
    channels.raise(guest.domain.vcpu(2), Virq.VIRQ_DEBUG);
    channels.raise(guest.domain.vcpu(0), Virq.VIRQ_XENOPROF);
    channels.raise(guest.domain.vcpu(1), Virq.VIRQ_CONSOLE);
    for (int port : new int[] {timer, debug, oprofile, console}) {
      assertTrue(channels.pending(guest.domain, port));
    }
  }

  @Test
  void virtualInterruptsThatThereAreNotReachNobody() {
    int last = guest.bindVirq(23, 0);
    channels.raise(guest.domain.vcpu(0), 22);
    assertFalse(channels.pending(guest.domain, last));
    channels.raise(guest.domain.vcpu(0), 23);
    assertTrue(channels.pending(guest.domain, last));
    int first = dom0.bindVirq(Virq.VIRQ_TIMER, 0);
    channels.raise(null, Virq.VIRQ_TIMER);
    assertFalse(channels.pending(dom0.domain, first), "one of a vCPU's needs one");
  }

  @Test
  void withoutAProviderAPeerThatIsGoneIsKnownWhenItIsSentTo() {
    int port = connect();
    int local = other(port);
    hyp.replace("evtchn", new EventChannelComponent());
    assertEquals("2 v0 2 " + port, dom0.status(local), "who it is before anybody used a port of it");
    assertEquals(0, dom0.send(local));
    assertTrue(channels.pending(guest.domain, port));
  }
}
