// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.vlapic.GuestBench.CURRENT;
import static org.xenolith.hyp.vlapic.GuestBench.DEADLINE;
import static org.xenolith.hyp.vlapic.GuestBench.LVT_TIMER;
import static org.xenolith.hyp.vlapic.GuestBench.PERIODIC;
import static org.xenolith.hyp.vlapic.GuestBench.TSC_DEADLINE;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeVcpu;

/** Timers: one alarm of the machine stands for all. A tick is 10 ns, a time stamp half a nanosecond. */
class VlapicTimerTest {
  private static final int VECTOR = 0xEF;

  private final GuestBench bench = new GuestBench();
  private final FakeDomain guest = bench.hypervisor.domU(2, 2);
  private final FakeDomain other = bench.hypervisor.domU(3, 1);
  private final FakeVcpu vcpu0 = guest.vcpu(0);
  private final FakeVcpu vcpu1 = guest.vcpu(1);
  private final FakeVcpu theirs = other.vcpu(0);

  @BeforeEach
  void start() {
    bench.enable(vcpu0, vcpu1, theirs);
  }

  private void deadline(FakeVcpu vcpu, long timeStamp) {
    bench.write(vcpu, LVT_TIMER, TSC_DEADLINE | VECTOR);
    bench.wrmsr(vcpu, DEADLINE, timeStamp);
  }

  @Test
  void aTickIsTenNanoseconds() {
    bench.start(vcpu0, VECTOR, 100);
    bench.advance(995);
    assertEquals(1, bench.read(vcpu0, CURRENT));
    assertFalse(bench.pending(vcpu0));
    bench.advance(5);
    assertEquals(VECTOR, bench.serve(vcpu0));
    bench.advance(10_000);
    assertEquals(-1, bench.serve(vcpu0));
    assertEquals(Long.MAX_VALUE, bench.alarm());
  }

  @Test
  void aVcpuThatSleepsIsWoken() {
    deadline(vcpu1, 4001);
    vcpu1.block();
    bench.advance(2000);
    assertTrue(vcpu1.blocked());
    bench.advance(1);
    assertFalse(vcpu1.blocked());
    assertEquals(VECTOR, bench.serve(vcpu1));
    assertEquals(0, bench.rdmsr(vcpu1, DEADLINE));
    deadline(vcpu1, 1);
    assertTrue(bench.pending(vcpu1), "in the past");
  }

  @Test
  void theAlarmStandsForAll() {
    deadline(vcpu0, 20_000);
    deadline(theirs, 6_000);
    bench.start(vcpu1, PERIODIC | VECTOR, 400);
    assertEquals(3000, bench.alarm());
    bench.advance(3000);
    assertEquals(VECTOR, bench.serve(theirs));
    assertFalse(bench.pending(vcpu0) || bench.pending(vcpu1));
    assertEquals(4000, bench.alarm());
    bench.advance(1000);
    assertEquals(10_000, bench.alarm(), "a period more would change nothing until the interrupt is taken");
    assertEquals(VECTOR, bench.serve(vcpu1));
    assertEquals(8000, bench.alarm());
    bench.advance(6000);
    assertEquals(VECTOR, bench.serve(vcpu0));
    assertEquals(VECTOR, bench.serve(vcpu1));
  }

  @Test
  void timersThatAreDueTogetherRingTogether() {
    deadline(vcpu0, 2000);
    deadline(vcpu1, 2000);
    deadline(theirs, 2000);
    bench.advance(1000);
    assertTrue(bench.pending(vcpu0) && bench.pending(vcpu1) && bench.pending(theirs));
  }

  @Test
  void aTimerThatIsStoppedDoesNotRing() {
    deadline(vcpu0, 2000);
    bench.wrmsr(vcpu0, DEADLINE, 0);
    deadline(vcpu1, 4000);
    bench.wrmsr(vcpu1, DEADLINE, 6000);
    bench.advance(2000);
    assertFalse(bench.pending(vcpu0) || bench.pending(vcpu1));
    bench.advance(1000);
    assertFalse(bench.pending(vcpu0));
    assertTrue(bench.pending(vcpu1));
  }

  @Test
  void nothingIsArmedForADomainThatIsGone() {
    deadline(vcpu0, 2000);
    deadline(theirs, 8000);
    bench.hypervisor.destroy(guest);
    assertEquals(4000, bench.alarm());
    bench.hypervisor.destroy(other);
    assertEquals(Long.MAX_VALUE, bench.alarm());
  }

  /** The shortest period that there is; alarms without end would fail the clock. */
  @Test
  void aGuestThatTakesNoInterruptsHasNoMoreAlarms() {
    bench.start(vcpu0, PERIODIC | VECTOR, 1);
    bench.start(vcpu1, PERIODIC | 3, 1);
    bench.advance(1_000_000_000L);
    assertEquals(VECTOR, bench.serve(vcpu0));
    assertFalse(bench.pending(vcpu1), "an illegal vector");
  }
}
