// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSPC;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.EventWaitersPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.SchedOp;

class SchedulingTest {
  private static final int CALL = 29;
  private static final long SECOND = 1_000_000_000L;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain dom0 = hyp.dom0(1);
  private final FakeDomain guest = hyp.domU(2, 2);
  private final FakeVcpu vcpu = guest.vcpu(0);
  private final Set<Integer> pendingPorts = new HashSet<>();
  private boolean upcall;

  SchedulingTest() {
    hyp.install("sched", new SchedulingComponent());
    hyp.port(EventChannelsPort.class).attach(new Events(), hyp.context("sched"));
  }

  /** Says what is pending, nothing else. */
  private final class Events implements EventChannels {
    @Override
    public int send(Domain domain, int port) {
      throw new AssertionError("not to be called");
    }

    @Override
    public void raise(Vcpu to, int virq) {}

    @Override
    public int allocateUnbound(Domain domain, int remote) {
      throw new AssertionError("not to be called");
    }

    @Override
    public int bindInterdomain(Domain domain, Domain remote, int remotePort) {
      throw new AssertionError("not to be called");
    }

    @Override
    public int close(Domain domain, int port) {
      throw new AssertionError("not to be called");
    }

    @Override
    public boolean pending(Vcpu of) {
      return upcall;
    }

    @Override
    public boolean pending(Domain domain, int port) {
      return pendingPorts.contains(port);
    }

    @Override
    public int open(Domain domain) {
      return 0;
    }
  }

  private static long call(FakeDomain caller, int op, int... words) {
    long at = caller.page(0);
    for (int i = 0; i < words.length; i++) {
      caller.memory().write32(at + 4L * i, words[i]);
    }
    return caller.vcpu(0).call(CALL, op, at);
  }

  private long poll(long timeout, int... ports) {
    for (int i = 0; i < ports.length; i++) {
      guest.memory().write32(guest.page(1) + 4L * i, ports[i]);
    }
    guest.memory().write64(guest.page(0), guest.page(1));
    guest.memory().write64(guest.page(0) + 8, ports.length);
    guest.memory().write64(guest.page(0) + 16, timeout);
    return vcpu.call(CALL, SchedOp.SCHEDOP_poll, guest.page(0));
  }

  @Test
  void yieldGivesTheTurnAway() {
    assertEquals(0, vcpu.call(CALL, SchedOp.SCHEDOP_yield, 0));
    assertEquals(1, vcpu.yields());
    assertFalse(vcpu.blocked());
  }

  @Test
  void blockWaitsUnlessAnEventWaitsAlready() {
    upcall = true;
    assertEquals(0, vcpu.call(CALL, SchedOp.SCHEDOP_block, 0));
    assertFalse(vcpu.blocked());
    upcall = false;
    assertEquals(0, vcpu.call(CALL, SchedOp.SCHEDOP_block, 0));
    assertTrue(vcpu.blocked());
    assertEquals(Long.MAX_VALUE, vcpu.deadline());
  }

  @Test
  void blockUnmasksInterrupts() {
    vcpu.call(CALL, SchedOp.SCHEDOP_block, 0);
    assertEquals(1, vcpu.unmasked());
  }

  @Test
  void pollWaitsForItsPortOrTheTime() {
    assertEquals(0, poll(7 * SECOND, 5));
    assertTrue(vcpu.blocked());
    assertEquals(7 * SECOND, vcpu.deadline());
    hyp.port(EventWaitersPort.class).signalled(guest, 6);
    assertTrue(vcpu.blocked());
    hyp.port(EventWaitersPort.class).signalled(guest, 5);
    assertFalse(vcpu.blocked());
    assertEquals(0, poll(0, 5, 6));
    assertEquals(Long.MAX_VALUE, vcpu.deadline());
    hyp.port(EventWaitersPort.class).signalled(guest, 9);
    assertFalse(vcpu.blocked(), "of several ports any wakes it: the guest looks itself");
    assertEquals(0, poll(0));
    assertTrue(vcpu.blocked());
  }

  @Test
  void whoWaitsIsStateOfTheMachine() {
    poll(0, 5);
    EventWaitersPort waiters = hyp.port(EventWaitersPort.class);
    StateRecord record = waiters.state().save();
    waiters.state().reset();
    waiters.signalled(guest, 5);
    assertTrue(vcpu.blocked(), "forgotten");
    waiters.state().restore(record);
    waiters.signalled(dom0, 5);
    waiters.signalled(guest, 5);
    assertFalse(vcpu.blocked());
    poll(0, 5);
    waiters.forget(guest);
    waiters.signalled(guest, 5);
    assertTrue(vcpu.blocked());
    poll(0, 5);
    waiters.remove(vcpu);
    waiters.signalled(guest, 5);
    assertTrue(vcpu.blocked());
  }

  @Test
  void pollReturnsAtOnceIfSomethingIsThere() {
    pendingPorts.add(6);
    assertEquals(0, poll(0, 5, 6));
    assertFalse(vcpu.blocked());
    pendingPorts.clear();
    upcall = true;
    assertEquals(0, poll(0, 5, 6));
    assertFalse(vcpu.blocked());
  }

  @Test
  void pollTakesSoManyPortsAndOnlyPorts() {
    assertEquals(-XEN_EINVAL, poll(0, new int[129]));
    assertEquals(-XEN_EINVAL, poll(0, 0));
    assertEquals(-XEN_EINVAL, poll(0, -1));
    assertEquals(-XEN_EINVAL, poll(0, 131072));
    assertEquals(-XEN_EFAULT, call(guest, SchedOp.SCHEDOP_poll, 0x10, 0, 1, 0, 0, 0));
    assertFalse(vcpu.blocked());
    poll(-1, 3);
    assertEquals(0, vcpu.deadline());
  }

  @Test
  void aDomainShutsItselfDown() {
    assertEquals(0, call(guest, SchedOp.SCHEDOP_shutdown, SchedOp.SHUTDOWN_reboot));
    assertEquals(SchedOp.SHUTDOWN_reboot, guest.shutdownReason());
  }

  @Test
  void theReasonThatWasAnnouncedCounts() {
    assertEquals(0, call(guest, SchedOp.SCHEDOP_shutdown_code, SchedOp.SHUTDOWN_crash));
    assertEquals(-1, guest.shutdownReason());
    hyp.replace("sched", new SchedulingComponent());
    assertEquals(0, call(guest, SchedOp.SCHEDOP_shutdown, SchedOp.SHUTDOWN_poweroff));
    assertEquals(SchedOp.SHUTDOWN_crash, guest.shutdownReason());
  }

  @Test
  void onlyControlShutsOthersDown() {
    assertEquals(-XEN_EPERM, call(guest, SchedOp.SCHEDOP_remote_shutdown, 0, 0));
    assertEquals(-XEN_EPERM, call(guest, SchedOp.SCHEDOP_remote_shutdown, DomainId.DOMID_SELF, 0));
    assertEquals(-XEN_ESRCH, call(dom0, SchedOp.SCHEDOP_remote_shutdown, 9, 0));
    assertEquals(0, call(dom0, SchedOp.SCHEDOP_remote_shutdown, 2, SchedOp.SHUTDOWN_suspend));
    assertEquals(SchedOp.SHUTDOWN_suspend, guest.shutdownReason());
  }

  @Test
  void aWatchdogThatIsNotFedEndsTheDomain() {
    assertEquals(1, call(guest, SchedOp.SCHEDOP_watchdog, 0, 10));
    assertEquals(2, call(guest, SchedOp.SCHEDOP_watchdog, 0, 20));
    assertEquals(-XEN_ENOSPC, call(guest, SchedOp.SCHEDOP_watchdog, 0, 20));
    assertEquals(-XEN_EINVAL, call(guest, SchedOp.SCHEDOP_watchdog, 3, 20));
    assertEquals(-XEN_EINVAL, call(guest, SchedOp.SCHEDOP_watchdog, 0, 0));
    hyp.clock().advanceTo(9 * SECOND);
    assertEquals(0, call(guest, SchedOp.SCHEDOP_watchdog, 1, 10));
    hyp.clock().advanceTo(19 * SECOND - 1);
    assertEquals(-1, guest.shutdownReason());
    hyp.clock().advanceTo(19 * SECOND);
    assertEquals(SchedOp.SHUTDOWN_watchdog, guest.shutdownReason());
    assertEquals(-1, dom0.shutdownReason());
    assertEquals(-XEN_EINVAL, call(dom0, SchedOp.SCHEDOP_watchdog, 1, 0));
  }

  @Test
  void aWatchdogThatIsGivenBackDoesNothing() {
    call(guest, SchedOp.SCHEDOP_watchdog, 0, 10);
    assertEquals(0, call(guest, SchedOp.SCHEDOP_watchdog, 1, 0));
    assertEquals(-XEN_EINVAL, call(guest, SchedOp.SCHEDOP_watchdog, 1, 5));
    hyp.clock().advanceTo(100 * SECOND);
    assertEquals(-1, guest.shutdownReason());
  }

  @Test
  void watchdogsOfDomainsThatAreGoneDoNotGoOff() {
    call(guest, SchedOp.SCHEDOP_watchdog, 0, 10);
    hyp.destroy(guest);
    FakeDomain next = hyp.domU(2, 1);
    hyp.clock().advanceTo(100 * SECOND);
    assertEquals(-1, next.shutdownReason());
  }

  @Test
  void nonsenseIsRefused() {
    assertEquals(-XEN_ENOSYS, call(guest, SchedOp.SCHEDOP_pin_override, 0));
    assertEquals(-XEN_ENOSYS, call(guest, 8, 0));
    for (int op : new int[] {2, 3, 4, 5, 6}) {
      assertEquals(-XEN_EFAULT, vcpu.call(CALL, op, 0x10), "operation " + op);
    }
    long seed = 29;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      call(guest, random.nextInt(-1, 9), random.nextInt(), random.nextInt(3), random.nextInt(-2, 140), 0, random.nextInt(),
          random.nextInt());
    }
    assertTrue(hyp.port(HypercallsPort.class).served(CALL));
  }

  @Test
  void anotherVersionGoesOnWithTheWatchdogs() {
    call(guest, SchedOp.SCHEDOP_watchdog, 0, 10);
    hyp.clock().advanceTo(4 * SECOND);
    hyp.replace("sched", new SchedulingComponent());
    hyp.clock().advanceTo(10 * SECOND - 1);
    assertEquals(-1, guest.shutdownReason());
    hyp.clock().advanceTo(10 * SECOND);
    assertEquals(SchedOp.SHUTDOWN_watchdog, guest.shutdownReason());
  }

  @Test
  void withoutItNobodyWatchesUntilItIsBack() {
    call(guest, SchedOp.SCHEDOP_watchdog, 0, 10);
    StateRecord record = hyp.remove("sched");
    assertEquals(-XEN_ENOSYS, call(guest, SchedOp.SCHEDOP_yield, 0));
    hyp.context("sched").successor();
    hyp.clock().advanceTo(20 * SECOND);
    assertEquals(-1, guest.shutdownReason());
    hyp.bringBack("sched", new SchedulingComponent(), record);
    hyp.clock().advance(1);
    assertEquals(SchedOp.SHUTDOWN_watchdog, guest.shutdownReason());
  }
}
