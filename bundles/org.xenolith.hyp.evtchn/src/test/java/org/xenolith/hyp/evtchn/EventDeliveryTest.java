// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.EventWaitersPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic.Injection;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.VcpuInfo;
import org.xenolith.xen.abi.Virq;
import org.xenolith.xen.abi.XenErrno;

/** How domains hear of events, by both ABIs, and what becomes of channels when domains or the subsystem go. */
class EventDeliveryTest {
  private static final int PENDING = 1 << FifoEvent.EVTCHN_FIFO_PENDING;
  private static final int LINKED = 1 << FifoEvent.EVTCHN_FIFO_LINKED;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final Guest dom0 = new Guest(hyp, hyp.dom0(2));
  private final Guest guest = new Guest(hyp, hyp.domU(2, 2));
  private final EventChannelsPort channels = hyp.port(EventChannelsPort.class);

  EventDeliveryTest() {
    hyp.install("evtchn", new EventChannelComponent());
  }

  private long shared(int array, int word) {
    return hyp.memory().read64(guest.domain.sharedInfo() + array + 8L * word);
  }

  /** A connection; the guest's port is unmasked and quiet. */
  private int connect() {
    int port = guest.allocUnbound(0);
    assertTrue(dom0.bindInterdomain(2, port) > 0);
    return port;
  }

  private int other(int port) {
    guest.call(0, EventChannelOp.EVTCHNOP_status, 0x7FF0, port);
    return guest.out(5);
  }

  @Test
  void anEventSetsBitsOfAllLevelsAndInterruptsOnce() {
    int port = 0;
    while (port < 70) {
      port = connect();
    }
    guest.enterUpcall(0);
    dom0.send(other(70));
    assertEquals(1L << 6, shared(SharedInfo.EVTCHN_PENDING, 1));
    assertEquals(1L << 1, hyp.memory().read64(guest.domain.vcpu(0).info() + VcpuInfo.EVTCHN_PENDING_SEL));
    assertTrue(guest.upcallPending(0));
    assertEquals(List.of(new Injection(guest.domain.vcpu(0), 31)), injections(guest.domain));
    assertTrue(channels.pending(guest.domain.vcpu(0)));
    assertTrue(channels.pending(guest.domain, 70));
    assertFalse(channels.pending(guest.domain, 69));
    dom0.send(other(70));
    dom0.send(other(69));
    assertEquals(1, injections(guest.domain).size(), "while the flag is set there is no other interrupt");
    guest.enterUpcall(0);
    dom0.send(other(1));
    assertEquals(1, injections(guest.domain).size());
  }

  private List<Injection> injections(FakeDomain domain) {
    return hyp.gic().injections().stream().filter(i -> i.vcpu().domain() == domain).toList();
  }

  @Test
  void aMaskedEventWaitsUntilItIsUnmasked() {
    int port = connect();
    hyp.memory().write64(guest.domain.sharedInfo() + SharedInfo.EVTCHN_MASK, 1L << port);
    dom0.send(other(port));
    assertEquals(1L << port, shared(SharedInfo.EVTCHN_PENDING, 0));
    assertFalse(guest.upcallPending(0));
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_unmask, port));
    assertTrue(guest.upcallPending(0));
    assertEquals(0, shared(SharedInfo.EVTCHN_MASK, 0));
    assertEquals(-XenErrno.XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_unmask, 4000));
  }

  @Test
  void whoBindsFindsAnEventAsOneMayHaveBeenLost() {
    int port = guest.allocUnbound(0);
    guest.send(port);
    int local = dom0.bindInterdomain(2, port);
    assertTrue(channels.pending(dom0.domain, local));
    assertTrue(dom0.upcallPending(0));
  }

  @Test
  void closingDropsWhatIsPending() {
    int port = connect();
    dom0.send(other(port));
    guest.close(port);
    assertEquals(0, shared(SharedInfo.EVTCHN_PENDING, 0));
  }

  @Test
  void anotherVcpuIsToldOnceThePortIsItsOwn() {
    int port = connect();
    // vcpu_info of a second vCPU is there only when it was registered
    long page = hyp.p2m().translate(guest.domain, guest.domain.page(9), true);
    guest.domain.vcpu(1).info(page);
    guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, port, 1);
    dom0.send(other(port));
    assertTrue(guest.upcallPending(1));
    assertFalse(guest.upcallPending(0));
    assertEquals(List.of(new Injection(guest.domain.vcpu(1), 31)), injections(guest.domain));
    assertTrue(guest.domain.vcpu(1).wakes() > 0);
  }

  @Test
  void aVcpuWithoutVcpuInfoHearsNothingAndNothingElseHappens() {
    int ipi = guest.bindIpi(1);
    assertEquals(0, guest.send(ipi));
    assertTrue(channels.pending(guest.domain, ipi));
    assertEquals(List.of(), injections(guest.domain));
  }

  @Test
  void virtualInterruptsAreRaisedAtWhoBoundThem() {
    int timer = guest.bindVirq(Virq.VIRQ_TIMER, 1);
    int console = guest.bindVirq(Virq.VIRQ_CONSOLE, 0);
    channels.raise(guest.domain.vcpu(0), Virq.VIRQ_TIMER);
    assertFalse(channels.pending(guest.domain, timer), "the other vCPU's");
    channels.raise(guest.domain.vcpu(1), Virq.VIRQ_TIMER);
    assertTrue(channels.pending(guest.domain, timer));
    channels.raise(guest.domain.vcpu(1), Virq.VIRQ_CONSOLE);
    assertTrue(channels.pending(guest.domain, console));
    channels.raise(guest.domain.vcpu(0), 24);
    channels.raise(guest.domain.vcpu(0), -1);
    int dead = dom0.bindVirq(Virq.VIRQ_DOM_EXC, 0);
    channels.raise(null, Virq.VIRQ_DOM_EXC);
    assertTrue(channels.pending(dom0.domain, dead), "whom global ones go to");
    channels.raise(null, Virq.VIRQ_TIMER);
  }

  @Test
  void pollersAreWokenEvenByMaskedEvents() {
    int port = connect();
    int second = connect();
    hyp.memory().write64(guest.domain.sharedInfo() + SharedInfo.EVTCHN_MASK, -1L);
    guest.domain.vcpu(1).block();
    hyp.port(EventWaitersPort.class).add(guest.domain.vcpu(1), port);
    dom0.send(other(second));
    assertTrue(guest.domain.vcpu(1).blocked(), "it waits for the other port");
    dom0.send(other(port));
    assertFalse(guest.domain.vcpu(1).blocked());
  }

  // ---- FIFO

  private void fifo() {
    assertEquals(0, guest.initControl(0));
    assertEquals(0, guest.expandArray(0));
  }

  @Test
  void eventsAreQueuedInTheOrderInWhichTheyCame() {
    fifo();
    int[] ports = {connect(), connect(), connect()};
    for (int port : ports) {
      guest.fifoUnmask(port);
    }
    guest.enterUpcall(0);
    dom0.send(other(ports[1]));
    dom0.send(other(ports[0]));
    dom0.send(other(ports[1]));
    dom0.send(other(ports[2]));
    assertEquals(1 << 7, guest.ready(0), "default priority");
    assertEquals(ports[1], guest.head(0, 7));
    assertEquals(PENDING | LINKED | ports[0], guest.fifoWord(ports[1]));
    assertEquals(PENDING | LINKED | ports[2], guest.fifoWord(ports[0]));
    assertEquals(PENDING | LINKED, guest.fifoWord(ports[2]));
    assertEquals(1, injections(guest.domain).size());
    assertEquals(ports[1], guest.take(0, 7));
    assertEquals(ports[0], guest.take(0, 7));
    assertEquals(ports[2], guest.take(0, 7));
    assertEquals(0, guest.take(0, 7));
    assertEquals(0, guest.ready(0));
  }

  @Test
  void anEventThatIsTakenAndComesAgainStartsTheQueueAnew() {
    fifo();
    int port = connect();
    guest.fifoUnmask(port);
    dom0.send(other(port));
    assertEquals(port, guest.take(0, 7));
    guest.fifoWord(port, guest.fifoWord(port) & ~PENDING);
    dom0.send(other(port));
    assertEquals(port, guest.head(0, 7));
    assertEquals(PENDING | LINKED, guest.fifoWord(port), "not linked to itself");
  }

  @Test
  void prioritiesHaveQueuesOfTheirOwn() {
    fifo();
    int low = connect();
    int high = connect();
    guest.fifoUnmask(low);
    guest.fifoUnmask(high);
    guest.call(0, EventChannelOp.EVTCHNOP_set_priority, low, 15);
    guest.call(0, EventChannelOp.EVTCHNOP_set_priority, high, 0);
    dom0.send(other(low));
    dom0.send(other(high));
    assertEquals(1 << 15 | 1, guest.ready(0));
    assertEquals(low, guest.head(0, 15));
    assertEquals(high, guest.head(0, 0));
  }

  @Test
  void whatWasPendingBeforeFifoIsToldWhenItsWordIsThere() {
    int port = connect();
    int quiet = connect();
    dom0.send(other(port));
    assertEquals(0, guest.initControl(0));
    int late = connect();
    dom0.send(other(late));
    assertEquals(0, guest.expandArray(0));
    assertEquals(PENDING, guest.fifoWord(port) & PENDING);
    assertEquals(PENDING, guest.fifoWord(late) & PENDING);
    assertEquals(0, guest.fifoWord(quiet) & PENDING);
    guest.fifoUnmask(port);
    assertEquals(port, guest.head(0, 7));
  }

  @Test
  void aPortThatIsStillLinkedIsNotGivenAgain() {
    fifo();
    int port = connect();
    guest.fifoUnmask(port);
    dom0.send(other(port));
    guest.close(port);
    assertEquals(LINKED, guest.fifoWord(port));
    int next = guest.allocUnbound(0);
    assertTrue(next != port);
    assertEquals(port, guest.take(0, 7));
    assertEquals(port, guest.allocUnbound(0));
  }

  /** Against a kernel that takes events as the public header says: none is lost, none is told twice. */
  @Test
  void noEventIsLostOrDoubledWhateverTheOrder() {
    long seed = 0xF1F0;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    fifo();
    assertEquals(0, guest.initControl(1));
    guest.domain.vcpu(1).info(hyp.p2m().translate(guest.domain, guest.domain.page(9), true));
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ports.add(connect());
      guest.fifoUnmask(ports.get(i));
    }
    // the bindings' own events
    for (int v = 0; v < 2; v++) {
      for (int q = 0; q < 16; q++) {
        while (guest.take(v, q) != 0) {}
      }
    }
    ports.forEach(p -> guest.fifoWord(p, 0));
    TreeSet<Integer> sent = new TreeSet<>();
    for (int step = 0; step < 40_000; step++) {
      int port = ports.get(random.nextInt(ports.size()));
      switch (random.nextInt(12)) {
        case 0 -> guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, port, random.nextInt(2));
        case 1 -> guest.call(0, EventChannelOp.EVTCHNOP_set_priority, port, random.nextInt(16));
        case 2 -> guest.fifoWord(port, guest.fifoWord(port) | 1 << FifoEvent.EVTCHN_FIFO_MASKED);
        case 3 -> guest.fifoUnmask(port);
        case 4, 5, 6 -> {
          for (int vcpu = 0; vcpu < 2; vcpu++) {
            guest.enterUpcall(vcpu);
            int most = random.nextInt(1, 30);
            for (int q = 0; q < 16; q++) {
              for (int taken = guest.take(vcpu, q); taken != 0; taken = --most > 0 ? guest.take(vcpu, q) : 0) {
                int word = guest.fifoWord(taken);
                if ((word & PENDING) != 0 && (word & 1 << FifoEvent.EVTCHN_FIFO_MASKED) == 0) {
                  guest.fifoWord(taken, word & ~PENDING);
                  assertTrue(sent.remove(taken), "port " + taken + " was told though nothing was sent, step " + step);
                }
              }
            }
          }
        }
        case 7 -> {
          if (random.nextInt(20) == 0) {
            hyp.replace("evtchn", new EventChannelComponent());
          }
        }
        default -> {
          assertEquals(0, dom0.send(other(port)));
          sent.add(port);
        }
      }
      for (int p : sent) {
        assertTrue((guest.fifoWord(p) & PENDING) != 0, "port " + p + " lost its event, step " + step);
      }
    }
    ports.forEach(guest::fifoUnmask);
    for (int round = 0; round < 3; round++) {
      for (int vcpu = 0; vcpu < 2; vcpu++) {
        for (int q = 0; q < 16; q++) {
          for (int taken = guest.take(vcpu, q); taken != 0; taken = guest.take(vcpu, q)) {
            if ((guest.fifoWord(taken) & PENDING) != 0) {
              guest.fifoWord(taken, guest.fifoWord(taken) & ~PENDING);
              sent.remove(taken);
            }
          }
        }
      }
    }
    assertEquals(new TreeSet<Integer>(), sent, "every event is in a queue");
  }

  // ---- the service domain

  @Test
  void eventsOfTheServiceDomainReachJava() {
    FakeDomain service = hyp.service();
    ServiceEventsPort ports = hyp.port(ServiceEventsPort.class);
    int local = channels.allocateUnbound(service, 2);
    int[] heard = new int[1];
    ports.listen(local, () -> heard[0]++, hyp.context("evtchn"));
    int port = guest.bindInterdomain(ServiceEventsPort.DOMID, local);
    ports.deliver();
    assertEquals(0, heard[0]);
    guest.send(port);
    assertEquals(0, heard[0], "never inside the call");
    ports.deliver();
    assertEquals(1, heard[0]);
    hyp.gic().injections().clear();
    guest.enterUpcall(0);
    assertEquals(0, channels.send(service, local));
    assertTrue(guest.upcallPending(0) || channels.pending(guest.domain, port));
  }

  @Test
  void javaBindsWhatAGuestOffers() {
    FakeDomain service = hyp.service();
    int port = guest.allocUnbound(ServiceEventsPort.DOMID);
    int local = channels.bindInterdomain(service, guest.domain, port);
    assertTrue(local > 0);
    assertEquals("2 v0 1 " + local, guest.status(port));
    assertEquals(-XenErrno.XEN_EINVAL, channels.bindInterdomain(service, guest.domain, port));
    hyp.destroy(guest.domain);
    assertEquals(1, channels.open(service), "unbound now");
    assertEquals(0, channels.close(service, local));
    assertEquals(0, channels.open(service));
  }

  // ---- life

  @Test
  void aDomainThatGoesLeavesItsPeersUnboundAndNoFrameHeld() {
    fifo();
    int port = connect();
    int local = other(port);
    long frame = hyp.p2m().translate(guest.domain, guest.domain.page(32), false) >>> 12;
    assertEquals(2, hyp.port(FrameHeapPort.class).held(frame));
    long free = hyp.port(FrameHeapPort.class).free();
    hyp.destroy(guest.domain);
    assertEquals("1 v0 2 0", dom0.status(local));
    assertEquals(0, hyp.port(FrameHeapPort.class).held(frame));
    assertEquals(free + FakeHypervisor.PAGES + 1, hyp.port(FrameHeapPort.class).free());
    assertEquals(0, dom0.send(local), "dropped");
  }

  @Test
  void aDomainOfTheSameNumberGetsNothingOfTheFormerOne() {
    guest.allocUnbound(0);
    guest.bindVirq(Virq.VIRQ_CONSOLE, 0);
    hyp.destroy(guest.domain);
    Guest next = new Guest(hyp, hyp.domU(2, 1));
    assertEquals(0, channels.open(next.domain));
    assertEquals(1, next.bindVirq(Virq.VIRQ_CONSOLE, 0));
  }

  @Test
  void anotherVersionGoesOnWhereTheFormerOneWas() {
    fifo();
    int[] ports = {connect(), connect()};
    guest.fifoUnmask(ports[0]);
    guest.fifoUnmask(ports[1]);
    int virq = guest.bindVirq(Virq.VIRQ_CONSOLE, 0);
    int local = other(ports[1]);
    dom0.send(other(ports[0]));
    hyp.replace("evtchn", new EventChannelComponent());
    dom0.send(local);
    assertEquals(PENDING | LINKED | ports[1], guest.fifoWord(ports[0]), "the queue goes on");
    channels.raise(guest.domain.vcpu(0), Virq.VIRQ_CONSOLE);
    assertTrue(channels.pending(guest.domain, virq));
    assertEquals("2 v0 0 " + local, guest.status(ports[1]));
  }

  @Test
  void anotherCoresDomainsAreTold() {
    int local = other(connect());
    hyp.renew();
    FakeDomain renewed = hyp.byId(2);
    assertEquals(0, channels.send(hyp.byId(0), local));
    assertEquals(List.of(new Injection(renewed.vcpu(0), 31)), injections(renewed));
  }

  @Test
  void withoutItThereAreNoChannelsAndBackItKnowsThemAgain() {
    fifo();
    int port = connect();
    int local = other(port);
    StateRecord record = hyp.remove("evtchn");
    assertEquals(-XenErrno.XEN_ENOSYS, dom0.send(local));
    assertEquals(-XenErrno.XEN_ENOSYS, channels.send(dom0.domain, local));
    hyp.bringBack("evtchn", new EventChannelComponent(), record);
    guest.fifoUnmask(port);
    assertEquals(0, dom0.send(local));
    assertTrue((guest.fifoWord(port) & PENDING) != 0);
  }

  @Test
  void aDomainThatWentMeanwhileIsTidiedUp() {
    fifo();
    int port = connect();
    int local = other(port);
    long frame = hyp.p2m().translate(guest.domain, guest.domain.page(32), false) >>> 12;
    StateRecord record = hyp.remove("evtchn");
    hyp.destroy(guest.domain);
    assertEquals(1, hyp.port(FrameHeapPort.class).held(frame), "nobody heard of it");
    hyp.bringBack("evtchn", new EventChannelComponent(), record);
    assertEquals(0, hyp.port(FrameHeapPort.class).held(frame));
    assertEquals("1", dom0.status(local).substring(0, 1));
  }

  /** The domains of a snapshot don't depend on which of them used a port since the last reset. */
  @Test
  void afterAResetEveryDomainThatIsThereHasItsPorts() {
    DeviceModel model = hyp.install("evtchn", new EventChannelComponent());
    StateRecord fresh = model.state().save();
    connect();
    model.reset();
    assertEquals(fresh, model.state().save());
    assertEquals(0, channels.open(guest.domain));
    hyp.destroy(guest.domain);
    model.reset();
    assertNotEquals(fresh, model.state().save(), "one domain fewer");
  }
}
