// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EEXIST;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOENT;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSPC;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EOPNOTSUPP;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.Virq;

/** What each sub-operation answers, also to nonsense. */
class EventChannelCallsTest {
  private final FakeHypervisor hyp = new FakeHypervisor();
  private final Guest dom0 = new Guest(hyp, hyp.dom0(2));
  private final Guest guest = new Guest(hyp, hyp.domU(2, 4));

  EventChannelCallsTest() {
    hyp.install("evtchn", new EventChannelComponent());
  }

  @Test
  void firstPortIsOne() {
    assertEquals(1, guest.allocUnbound(0));
    assertEquals(2, guest.allocUnbound(DomainId.DOMID_SELF));
    assertEquals("1 v0 0 0", guest.status(1));
    assertEquals("1 v0 2 0", guest.status(2));
  }

  @Test
  void bothEndsOfAConnectionNameEachOther() {
    int port = guest.allocUnbound(0);
    guest.allocUnbound(0);
    int local = dom0.bindInterdomain(2, port);
    assertEquals("2 v0 2 " + port, dom0.status(local));
    assertEquals("2 v0 0 " + local, guest.status(port));
  }

  @Test
  void onlyTheNamedDomainBindsAnUnboundPort() {
    int port = dom0.allocUnbound(7);
    assertEquals(-XEN_EINVAL, guest.bindInterdomain(0, port));
    assertEquals(-XEN_EINVAL, guest.bindInterdomain(0, 0));
    assertEquals(-XEN_EINVAL, guest.bindInterdomain(0, -1));
    assertEquals(-XEN_EINVAL, guest.bindInterdomain(0, 5000));
    assertEquals(-XEN_ESRCH, guest.bindInterdomain(9, 1));
  }

  @Test
  void closingOneEndLeavesTheOtherUnboundForTheSameDomain() {
    int port = guest.allocUnbound(0);
    int local = dom0.bindInterdomain(2, port);
    assertEquals(0, dom0.close(local));
    assertEquals("1 v0 0 0", guest.status(port));
    assertEquals("0 v0 0 0", dom0.status(local));
    assertEquals(local, dom0.bindInterdomain(2, port));
    assertEquals(-XEN_EINVAL, dom0.close(0));
    assertEquals(0, dom0.close(local));
    assertEquals(-XEN_EINVAL, dom0.close(local));
  }

  @Test
  void aDomainConnectsToItself() {
    int port = guest.allocUnbound(DomainId.DOMID_SELF);
    int other = guest.bindInterdomain(DomainId.DOMID_SELF, port);
    assertEquals("2 v0 2 " + port, guest.status(other));
    assertEquals(0, guest.close(port));
    assertEquals("1 v0 2 0", guest.status(other));
  }

  @Test
  void virtualInterruptsFollowTheirRules() {
    assertEquals(1, guest.bindVirq(Virq.VIRQ_TIMER, 3));
    assertEquals(-XEN_EEXIST, guest.bindVirq(Virq.VIRQ_TIMER, 3));
    assertEquals(2, guest.bindVirq(Virq.VIRQ_TIMER, 0));
    assertEquals(-XEN_EINVAL, guest.bindVirq(Virq.VIRQ_CONSOLE, 1));
    assertEquals(3, guest.bindVirq(Virq.VIRQ_CONSOLE, 0));
    assertEquals(-XEN_EINVAL, guest.bindVirq(24, 0));
    assertEquals(-XEN_EINVAL, guest.bindVirq(-1, 0));
    assertEquals(-XEN_ENOENT, guest.bindVirq(Virq.VIRQ_DEBUG, 4));
    assertEquals("4 v3 0 0", guest.status(1));
    assertEquals("4 v0 2 0", guest.status(3));
    assertEquals(0, guest.close(1));
    assertEquals(1, guest.bindVirq(Virq.VIRQ_TIMER, 3));
  }

  @Test
  void onlySomePortsMoveToAnotherVcpu() {
    int timer = guest.bindVirq(Virq.VIRQ_TIMER, 0);
    int console = guest.bindVirq(Virq.VIRQ_CONSOLE, 0);
    int ipi = guest.bindIpi(1);
    int unbound = guest.allocUnbound(0);
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, timer, 1));
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, console, 1));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, ipi, 2));
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, unbound, 3));
    assertEquals(-XEN_ENOENT, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, unbound, 4));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, 999, 0));
    assertEquals("4 v1 2 0", guest.status(console));
    assertEquals("5 v1 0 0", guest.status(ipi));
    assertEquals("1 v3 0 0", guest.status(unbound));
  }

  @Test
  void aMovedGlobalInterruptCanBeClosedAndBoundAgain() {
    int console = guest.bindVirq(Virq.VIRQ_CONSOLE, 0);
    guest.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, console, 2);
    assertEquals(-XEN_EEXIST, guest.bindVirq(Virq.VIRQ_CONSOLE, 0));
    assertEquals(0, guest.close(console));
    assertEquals(console, guest.bindVirq(Virq.VIRQ_CONSOLE, 0));
  }

  @Test
  void physicalInterruptsCannotBeBoundOnArm() {
    assertEquals(-XEN_ENOMEM, guest.call(0, EventChannelOp.EVTCHNOP_bind_pirq, 33));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_bind_pirq, 1024));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_bind_pirq, -1));
  }

  @Test
  void onlySomePortsCanBeSentTo() {
    assertEquals(-XEN_EINVAL, guest.send(0));
    assertEquals(-XEN_EINVAL, guest.send(5));
    assertEquals(-XEN_EINVAL, guest.send(-1));
    assertEquals(-XEN_EINVAL, guest.send(1 << 20));
    assertEquals(0, guest.send(guest.allocUnbound(0)));
    assertEquals(-XEN_EINVAL, guest.send(guest.bindVirq(Virq.VIRQ_TIMER, 0)));
    assertEquals(0, guest.send(guest.bindIpi(0)));
  }

  @Test
  void aGuestMayNotLookAtOrMakePortsOfOthers() {
    assertEquals(-XEN_EPERM, guest.call(0, EventChannelOp.EVTCHNOP_alloc_unbound, 0));
    assertEquals(-XEN_EPERM, guest.call(0, EventChannelOp.EVTCHNOP_status, 0, 1));
    assertEquals(-XEN_EPERM, guest.call(0, EventChannelOp.EVTCHNOP_reset, 0));
    assertEquals(-XEN_ESRCH, guest.call(0, EventChannelOp.EVTCHNOP_status, 55, 1));
    assertEquals(0, dom0.call(0, EventChannelOp.EVTCHNOP_alloc_unbound, 2));
    assertEquals(1, dom0.out(1));
    assertEquals("1 v0 0 0", guest.status(1));
  }

  @Test
  void portsEndWhereTheLimitIs() {
    for (int i = 1; i <= 1023; i++) {
      assertEquals(i, guest.allocUnbound(0));
    }
    assertEquals(-XEN_ENOSPC, guest.allocUnbound(0));
    assertEquals(-XEN_ENOSPC, guest.bindIpi(0));
    guest.close(77);
    assertEquals(77, guest.bindIpi(0));
    for (int i = 1; i < 4096; i++) {
      assertEquals(i, dom0.allocUnbound(2));
    }
    assertEquals(-XEN_ENOSPC, dom0.allocUnbound(2));
    assertEquals(0, dom0.initControl(0));
    assertEquals(4096, dom0.allocUnbound(2));
  }

  @Test
  void resetClosesEverythingAndOnesOwnAbiIsTwoLevelAgain() {
    guest.initControl(0);
    guest.expandArray(0);
    int port = guest.allocUnbound(0);
    int local = dom0.bindInterdomain(2, port);
    guest.bindVirq(Virq.VIRQ_CONSOLE, 0);
    assertEquals(-XEN_EINVAL, dom0.call(0, EventChannelOp.EVTCHNOP_reset, 2), "it runs");
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_reset, DomainId.DOMID_SELF));
    assertEquals("1 v0 2 0", dom0.status(local));
    assertEquals(0, hyp.port(EventChannelsPort.class).open(guest.domain));
    assertEquals(-XEN_EOPNOTSUPP, guest.expandArray(0));
    assertEquals(1, heldOnceMappedPages(), "pages of words and control blocks are let go");
  }

  @Test
  void aPausedDomainCanBeResetByAnother() {
    guest.allocUnbound(0);
    guest.domain.pause();
    assertEquals(0, dom0.call(0, EventChannelOp.EVTCHNOP_reset, 2));
    assertEquals(0, hyp.port(EventChannelsPort.class).open(guest.domain));
  }

  @Test
  void resettingManyPortsIsDoneInSlices() {
    dom0.initControl(0);
    for (int i = 0; i < 10_000; i++) {
      dom0.allocUnbound(2);
    }
    assertEquals(0, dom0.call(0, EventChannelOp.EVTCHNOP_reset, DomainId.DOMID_SELF));
    assertEquals(0, hyp.port(EventChannelsPort.class).open(dom0.domain));
  }

  @Test
  void controlBlocksMustFitAndBeRam() {
    int gfn = (int) guest.domain.gfn() + 16;
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_init_control, gfn, 0, 4096 - 64, 0));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_init_control, gfn, 0, 4, 0));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_init_control, gfn, 0, -8, 0));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_init_control, 0x12345, 0, 0, 0));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_init_control, gfn, 0x7FFF_FFFF, 0, 0));
    assertEquals(-XEN_ENOENT, guest.call(0, EventChannelOp.EVTCHNOP_init_control, gfn, 0, 0, 4));
    assertEquals(-XEN_EOPNOTSUPP, guest.expandArray(0), "the failed calls changed nothing");
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_init_control, gfn, 0, 4096 - 72, 0));
    assertEquals(17, guest.out(4) & 0xFF, "link bits");
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_init_control, gfn, 0, 0, 0), "a second one");
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_expand_array, 0x12345, 0));
    assertEquals(0, guest.expandArray(0));
  }

  @Test
  void wordsHaveRoomForSoManyPortsAndNoMore() {
    guest.initControl(0);
    for (int i = 0; i < 128; i++) {
      assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_expand_array, (int) guest.domain.gfn() + 40, 0));
    }
    assertEquals(-XEN_ENOSPC, guest.call(0, EventChannelOp.EVTCHNOP_expand_array, (int) guest.domain.gfn() + 40, 0));
  }

  @Test
  void prioritiesBelongToFifo() {
    int port = guest.allocUnbound(0);
    assertEquals(-XEN_ENOSYS, guest.call(0, EventChannelOp.EVTCHNOP_set_priority, port, 3));
    guest.initControl(0);
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_set_priority, port, 15));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_set_priority, port, 16));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_set_priority, port, -1));
    assertEquals(-XEN_EINVAL, guest.call(0, EventChannelOp.EVTCHNOP_set_priority, 999, 1));
  }

  @Test
  void unknownOperationsAndBadPointersAreRefused() {
    assertEquals(-XEN_ENOSYS, guest.call(0, 14));
    assertEquals(-XEN_ENOSYS, guest.call(0, -1));
    for (int op = 0; op <= 13; op++) {
      assertEquals(-XEN_EFAULT, guest.domain.vcpu(0).call(Guest.CALL, op, 0x10), "operation " + op);
    }
  }

  @Test
  void noArgumentsBringItDown() {
    long seed = 0xE7C4;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int[] nice = {0, 1, 2, 3, 16, 63, 64, 1023, 4096, 0x7FF0, 0x40010, -1, Integer.MIN_VALUE, 131072};
    for (int i = 0; i < 60_000; i++) {
      int[] words = random.ints(6).map(w -> random.nextInt(4) == 0 ? w : nice[random.nextInt(nice.length)]).toArray();
      (random.nextBoolean() ? guest : dom0).call(random.nextInt(2), random.nextInt(-1, 15), words);
      if (random.nextInt(500) == 0) {
        hyp.replace("evtchn", new EventChannelComponent());
      }
    }
    assertTrue(hyp.port(HypercallsPort.class).served(Guest.CALL), "it is still there");
  }

  private int heldOnceMappedPages() {
    FrameHeap heap = hyp.port(FrameHeapPort.class);
    int most = 0;
    for (int page = 0; page < FakeHypervisor.PAGES; page++) {
      most = Math.max(most, heap.held(hyp.p2m().translate(guest.domain, guest.domain.page(page), false) >>> 12));
    }
    return most;
  }
}
