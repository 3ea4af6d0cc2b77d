// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOENT;
import static org.xenolith.xen.abi.XenErrno.XEN_ETIME;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeEventChannels.Raised;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.Virq;

/** Timers that guests set by vcpu_op. */
class VcpuTimersTest {
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000_000_000L;

  private final FakeHypervisor hyp = new FakeHypervisor(1);
  private final DeviceModel model;
  private final FakeDomain guest;
  private final FakeVcpu first;
  private final FakeVcpu second;

  VcpuTimersTest() {
    PvTimeStand.of(hyp, 1, SECOND);
    hyp.eventChannels();
    hyp.install("vcpu", PvTimeStand.vcpuOp());
    model = hyp.install("pvtime", new PvTimeComponent());
    hyp.clock().advance(1000);
    guest = hyp.domU(2, 2);
    first = guest.vcpu(0);
    second = guest.vcpu(1);
  }

  private long call(FakeVcpu vcpu, int operation, int target) {
    return vcpu.call(HypercallNumber.__HYPERVISOR_vcpu_op, operation, target, vcpu.domain().page(0));
  }

  private long once(FakeVcpu vcpu, long time, int flags) {
    guest.memory().write64(guest.page(0), time);
    guest.memory().write32(guest.page(0) + 8, flags);
    return call(vcpu, VcpuOp.VCPUOP_set_singleshot_timer, vcpu.id());
  }

  private long every(FakeVcpu vcpu, long period) {
    guest.memory().write64(guest.page(0), period);
    return call(vcpu, VcpuOp.VCPUOP_set_periodic_timer, vcpu.id());
  }

  private long deadline() {
    return hyp.context("pvtime").deadlines().get("timers");
  }

  /** Which virtual CPUs' timers rang until that time, in order. */
  private List<Raised> until(long time) {
    hyp.eventChannels().raised().clear();
    hyp.clock().advanceTo(time);
    return List.copyOf(hyp.eventChannels().raised());
  }

  private static Raised timer(FakeVcpu vcpu) {
    return new Raised(vcpu, Virq.VIRQ_TIMER);
  }

  @Test
  void aSingleShotRingsOnceAtItsTime() {
    assertEquals(0, once(first, 5000, 0));
    assertEquals(5000, deadline());
    assertEquals(List.of(), until(4999));
    assertEquals(List.of(timer(first)), until(5000));
    assertEquals(List.of(), until(SECOND));
    assertEquals(Long.MAX_VALUE, deadline());
  }

  @Test
  void aTimeThatHasPassedRingsAtOnce() {
    assertEquals(0, once(first, 10, 0));
    assertEquals(List.of(timer(first)), until(1000));
    assertEquals(0, once(first, 0, 0));
    assertEquals(List.of(timer(first)), until(1000));
    assertEquals(0, once(first, -1, 0));
    assertEquals(List.of(timer(first)), until(1000), "times are signed, as Xen's are");
  }

  @Test
  void whoWantsTheFutureIsToldThatItHasPassed() {
    assertEquals(-XEN_ETIME, once(first, 999, VcpuOp.VCPU_SSHOTTMR_future));
    assertEquals(Long.MAX_VALUE, deadline());
    assertEquals(0, once(first, 1000, VcpuOp.VCPU_SSHOTTMR_future));
    assertEquals(List.of(timer(first)), until(1000));
  }

  @Test
  void theTimeOfThoseOfSeveralVcpusIsTheirOwn() {
    FakeDomain other = hyp.domU(3, 1);
    once(first, 9000, 0);
    once(second, 7000, 0);
    other.memory().write64(other.page(0), 8000);
    other.memory().write32(other.page(0) + 8, 0);
    assertEquals(0, call(other.vcpu(0), VcpuOp.VCPUOP_set_singleshot_timer, 0));
    once(first, 6000, 0);
    assertEquals(List.of(timer(first), timer(second), timer(other.vcpu(0))), until(10_000));
  }

  @Test
  void aStoppedOneDoesNotRing() {
    once(first, 5000, 0);
    every(first, MILLISECOND);
    assertEquals(0, call(first, VcpuOp.VCPUOP_stop_singleshot_timer, 0));
    assertEquals(1000 + MILLISECOND, deadline());
    assertEquals(0, call(second, VcpuOp.VCPUOP_stop_periodic_timer, 0), "any of the domain's may");
    assertEquals(Long.MAX_VALUE, deadline());
    assertEquals(List.of(), until(SECOND));
  }

  @Test
  void aPeriodicOneRingsAgainAndAgain() {
    assertEquals(0, every(first, MILLISECOND));
    assertEquals(List.of(timer(first), timer(first), timer(first)), until(1000 + 3 * MILLISECOND));
    assertEquals(1000 + 4 * MILLISECOND, deadline());
    assertEquals(0, every(first, 2 * MILLISECOND));
    assertEquals(List.of(timer(first)), until(1000 + 6 * MILLISECOND));
  }

  @Test
  void bothOfOneVcpuThatAreDueAreOneEvent() {
    every(first, MILLISECOND);
    once(first, 1000 + MILLISECOND, 0);
    assertEquals(List.of(timer(first)), until(1000 + MILLISECOND));
    assertEquals(1000 + 2 * MILLISECOND, deadline());
  }

  @Test
  void wrongCallsHaveXensAnswers() {
    for (int operation : new int[] {VcpuOp.VCPUOP_get_runstate_info, VcpuOp.VCPUOP_set_periodic_timer, VcpuOp.VCPUOP_stop_periodic_timer,
        VcpuOp.VCPUOP_set_singleshot_timer, VcpuOp.VCPUOP_stop_singleshot_timer}) {
      assertEquals(-XEN_ENOENT, call(first, operation, 2), "operation " + operation);
      assertEquals(-XEN_ENOENT, call(first, operation, -1), "operation " + operation);
    }
    assertEquals(-XEN_EINVAL, call(first, VcpuOp.VCPUOP_set_singleshot_timer, 1));
    assertEquals(-XEN_EINVAL, call(first, VcpuOp.VCPUOP_stop_singleshot_timer, 1));
    assertEquals(-XEN_EINVAL, every(first, MILLISECOND - 1));
    assertEquals(-XEN_EINVAL, every(first, 0));
    assertEquals(-XEN_EINVAL, every(first, 1L << 62));
    assertEquals(-XEN_EINVAL, every(first, -1));
    assertEquals(0, every(first, (1L << 62) - 1));
    assertEquals(0, call(first, VcpuOp.VCPUOP_stop_periodic_timer, 0));
    assertEquals(-XEN_EFAULT, first.call(HypercallNumber.__HYPERVISOR_vcpu_op, VcpuOp.VCPUOP_set_singleshot_timer, 0, 0x10));
    assertEquals(-XEN_EFAULT, first.call(HypercallNumber.__HYPERVISOR_vcpu_op, VcpuOp.VCPUOP_get_runstate_info, 0, 0x10));
    assertEquals(Long.MAX_VALUE, deadline());
    assertEquals(0, call(first, VcpuOp.VCPUOP_register_vcpu_info, 0), "whoever serves the hypercall");
    assertEquals(-XEN_EINVAL, call(first, VcpuOp.VCPUOP_send_nmi, 0), "nobody's");
  }

  @Test
  void runstateIsToldWhereItIsAskedFor() {
    long[] times = second.runstate();
    for (int i = 0; i < 5; i++) {
      times[i] = 100 + i;
    }
    second.runstateKind(VcpuOp.RUNSTATE_blocked);
    assertEquals(0, every(first, 1L << 40), "leaves something where the state's upper half is");
    assertEquals(0, call(first, VcpuOp.VCPUOP_get_runstate_info, 1));
    assertEquals(VcpuOp.RUNSTATE_blocked, guest.memory().read64(guest.page(0)));
    assertEquals(104, guest.memory().read64(guest.page(0) + 8));
    assertEquals(100, guest.memory().read64(guest.page(0) + 16));
    assertEquals(103, guest.memory().read64(guest.page(0) + 40));
  }

  @Test
  void aDomainThatGoesTakesItsTimersAlong() {
    FakeDomain other = hyp.domU(3, 1);
    once(first, 5000, 0);
    other.memory().write64(other.page(0), 9000);
    call(other.vcpu(0), VcpuOp.VCPUOP_set_singleshot_timer, 0);
    hyp.destroy(guest);
    assertEquals(9000, deadline());
    assertEquals(List.of(timer(other.vcpu(0))), until(10_000));
    hyp.destroy(other);
    FakeDomain again = hyp.domU(2, 2);
    again.memory().write64(again.page(0), 20_000);
    again.memory().write32(again.page(0) + 8, 0);
    assertEquals(0, call(again.vcpu(1), VcpuOp.VCPUOP_set_singleshot_timer, 1));
    assertEquals(List.of(timer(again.vcpu(1))), until(20_000));
  }

  @Test
  void anotherVersionLosesNoTimerAndSetsNoAlarm() {
    once(first, 5000, 0);
    every(second, MILLISECOND);
    hyp.replace("pvtime", new PvTimeComponent());
    assertEquals(5000, deadline(), "handed over");
    assertEquals(List.of(timer(first), timer(second)), until(1000 + MILLISECOND));
    assertEquals(1000 + 2 * MILLISECOND, deadline());
  }

  @Test
  void aRecordThatIsRestoredLeavesAlarmsToTheMachine() {
    once(first, 5000, 0);
    StateRecord record = model.state().save();
    call(first, VcpuOp.VCPUOP_stop_singleshot_timer, 0);
    hyp.restore("pvtime", record);
    assertEquals(Long.MAX_VALUE, deadline());
    assertEquals(record, model.state().save());
  }

  @Test
  void anotherCoresVcpusAreTold() {
    once(second, 5000, 0);
    hyp.renew();
    assertEquals(List.of(timer(hyp.byId(2).vcpu(1))), until(5000));
  }

  @Test
  void goneItAnswersNothingAndBackItRingsWhatFellDue() {
    once(first, 5000, 0);
    every(second, MILLISECOND);
    FakeDomain doomed = hyp.domU(3, 1);
    doomed.memory().write64(doomed.page(0), 2 * MILLISECOND);
    assertEquals(0, call(doomed.vcpu(0), VcpuOp.VCPUOP_set_periodic_timer, 0));
    StateRecord record = hyp.remove("pvtime");
    assertEquals(-XEN_EINVAL, call(first, VcpuOp.VCPUOP_set_singleshot_timer, 0), "whoever serves vcpu_op answers");
    hyp.destroy(doomed);
    assertEquals(0, hyp.eventChannels().raised().size());
    hyp.context("pvtime").successor();
    hyp.clock().advanceTo(1000 + 5 * MILLISECOND);
    hyp.eventChannels().raised().clear();
    hyp.bringBack("pvtime", new PvTimeComponent(), record);
    assertEquals(List.of(timer(first), timer(second)), until(1000 + 5 * MILLISECOND));
    assertEquals(1000 + 6 * MILLISECOND, deadline(), "lost periods are not made up for");
  }

  @Test
  void timersThatCameBeforeTheCoreFindTheirDomains() {
    once(first, 5000, 0);
    DomainsPort port = hyp.port(DomainsPort.class);
    port.detach(hyp);
    hyp.replace("pvtime", new PvTimeComponent());
    assertEquals(List.of(), until(6000), "nobody can be told");
    port.attach(hyp, hyp.context("vcpu"));
    assertEquals(List.of(timer(first)), until(2 * MILLISECOND));
    assertEquals(Long.MAX_VALUE, deadline());
  }

  @Test
  void timersOfADomainThatWentUnheardAreForgotten() {
    FakeDomain doomed = hyp.domU(3, 1);
    doomed.memory().write64(doomed.page(0), 2 * MILLISECOND);
    call(doomed.vcpu(0), VcpuOp.VCPUOP_set_periodic_timer, 0);
    StateRecord record = hyp.remove("pvtime");
    hyp.destroy(doomed);
    hyp.bringBack("pvtime", new PvTimeComponent(), record);
    assertEquals(Long.MAX_VALUE, deadline());
    hyp.remove("pvtime");
    DomainsPort port = hyp.port(DomainsPort.class);
    port.detach(hyp);
    hyp.bringBack("pvtime", new PvTimeComponent(), record);
    port.attach(hyp, hyp.context("vcpu"));
    assertEquals(List.of(), until(10 * MILLISECOND), "the core came later");
    assertEquals(Long.MAX_VALUE, deadline());
  }

  @Test
  void whatFallsDueWithoutEventChannelsRingsWhenTheyAreBack() {
    once(first, 5000, 0);
    EventChannelsPort port = hyp.port(EventChannelsPort.class);
    port.detach(hyp.eventChannels());
    assertEquals(List.of(), until(10 * MILLISECOND));
    port.attach(hyp.eventChannels(), hyp.context("pvtime"));
    assertEquals(List.of(timer(first)), until(11 * MILLISECOND));
  }

  @Test
  void aRecordOfNothingThatThereIsIsRefused() {
    DeviceState foreign = new DeviceState();
    DeviceState child = new DeviceState();
    foreign.children("domains", () -> {}, () -> Map.of("seven", child), name -> child);
    StateRecord record = foreign.save();
    assertThrows(StateMismatch.class, () -> model.state().restore(record));
  }
}
