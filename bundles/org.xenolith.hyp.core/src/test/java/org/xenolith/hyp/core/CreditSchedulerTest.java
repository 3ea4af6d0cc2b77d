// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.testkit.FakeClock;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Who executes how long, on one physical CPU unless a test says more; what executes never gives up by itself. */
class CreditSchedulerTest {
  private static final String ROLE = "core";
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1000 * MILLISECOND;

  private FakeHypervisor hypervisor;
  private ToyHypervisor core;
  private int serial;

  @BeforeEach
  void oneProcessor() {
    processors(1);
  }

  private void processors(int count) {
    hypervisor = new FakeHypervisor(count);
    core = (ToyHypervisor) hypervisor.install(ROLE, new ToyHypervisor.Factory());
    hypervisor.context(ROLE).cpus().forEach(FakeCpu::powerOff);
  }

  private Domain busy(int vcpus, int weight, int cap) {
    serial++;
    Domain domain = core.create(-1, new DomainSpec("d" + serial, new UUID(0, serial), vcpus, 100, DomainSpec.Kind.DOMU, 31, weight, cap));
    domain.unpause();
    domain.vcpus().forEach(vcpu -> vcpu.powerOn(0, 0));
    return domain;
  }

  /** Powers the first CPU on; the hypervisor brings the others up. */
  private void boot() {
    core.processor(0).powerOn();
    core.takeInterrupts();
    core.takeInterrupts();
  }

  /** Lets time pass. CPUs are told what is due and execute nothing: a busy loop. */
  private void run(long nanoseconds) {
    FakeClock clock = hypervisor.clock();
    long end = clock.now() + nanoseconds;
    core.takeInterrupts();
    for (int left = 1_000_000; clock.now() < end; left--) {
      assertTrue(left > 0, "turns get shorter for ever at " + clock.now() + " ns");
      clock.advanceTo(Math.min(end, Math.max(clock.now(), clock.nextDeadline())));
      core.takeInterrupts();
    }
  }

  private static void assertNear(long expected, long got, long off, String what) {
    assertTrue(Math.abs(got - expected) <= off, what + ": expected " + expected + " ns, give or take " + off + ", got " + got);
  }

  @Test
  void timeIsSharedInTheRatioOfWeights() {
    for (int[] weights : new int[][] {{256, 256}, {512, 256}, {256, 1024}, {300, 700}}) {
      processors(1);
      Domain one = busy(1, weights[0], 0);
      Domain two = busy(1, weights[1], 0);
      boot();
      run(10 * SECOND);
      String what = weights[0] + " : " + weights[1];
      assertEquals(10 * SECOND, one.cpuTime() + two.cpuTime(), what + ": the CPU never idles");
      assertNear(10 * SECOND * weights[0] / (weights[0] + weights[1]), one.cpuTime(), 20 * MILLISECOND, what);
    }
  }

  @Test
  void otherWeightCountsFromNowOn() {
    Domain one = busy(1, 256, 0);
    Domain two = busy(1, 256, 0);
    boot();
    run(SECOND);
    one.schedule(768, 0);
    long before = one.cpuTime();
    run(4 * SECOND);
    assertNear(3 * SECOND, one.cpuTime() - before, 20 * MILLISECOND, "768 : 256");
    assertNear(3 * SECOND / 2, two.cpuTime(), 40 * MILLISECOND, "the other one");
  }

  @Test
  void whoWokeHasItsTurnWhenASliceEnds() {
    busy(1, 256, 0);
    Domain two = busy(1, 256, 0);
    two.vcpu(0).block();
    boot();
    run(SECOND);
    assertEquals(0, two.cpuTime());
    two.vcpu(0).wake();
    run(10 * MILLISECOND);
    assertTrue(two.cpuTime() > 0);
  }

  @Test
  void whoSharesAProcessorIsSaidToAndWhoHasOneForItselfToo() {
    busy(1, 256, 0);
    Domain two = busy(1, 256, 0);
    two.vcpu(0).block();
    boot();
    assertFalse(core.cpu(0).isContended());
    two.vcpu(0).wake();
    run(6 * MILLISECOND);
    assertTrue(core.cpu(0).isContended());
    assertTrue(two.cpuTime() > 0, "its slice ends");
  }

  @Test
  void whoGivesUpItsTurnRunsBehindTheOthers() {
    busy(2, 256, 0);
    boot();
    for (int i = 1; i <= 100; i++) {
      core.processor(0).current().yield();
      core.takeInterrupts();
      assertEquals(i % 2, core.processor(0).current().id(), "turn " + i);
    }
  }

  @Test
  void withoutAnInterruptControllerAProcessorIsOffUntilOneIsBack() {
    Domain domain = busy(1, 256, 0);
    boot();
    run(MILLISECOND);
    core.cpu(0).interruptible(false);
    core.processor(0).reschedule();
    core.takeInterrupts();
    assertFalse(core.cpu(0).cpu.powered());
    assertNull(domain.vcpu(0).loaded());
    run(MILLISECOND);
    assertEquals(MILLISECOND, domain.cpuTime());
    core.cpu(0).interruptible(true);
    run(MILLISECOND);
    assertEquals(2 * MILLISECOND, domain.cpuTime());
  }

  @Test
  void registersAreSavedAndLoadedOnlyWhenAnotherOneComes() {
    ToyVcpu one = (ToyVcpu) busy(1, 256, 0).vcpu(0);
    boot();
    one.runstateArea(0x1234);
    assertEquals(0x1234, core.cpu(0).stored());
    one.store(0x5678, new byte[1]);
    assertEquals(0x5678, core.cpu(0).stored());
    one.block();
    core.takeInterrupts();
    assertTrue(core.cpu(0).cpu.waiting());
    one.wake();
    core.takeInterrupts();
    assertEquals(List.of(1, 0), List.of(one.loaded, one.saved), "it stays on the CPU while it waits");
    one.block();
    core.takeInterrupts();
    busy(1, 256, 0);
    core.takeInterrupts();
    assertEquals(List.of(1, 1), List.of(one.loaded, one.saved));
    long last = core.cpu(0).stored();
    one.store(0x9ABC, new byte[1]);
    assertEquals(last, core.cpu(0).stored(), "its registers are on no CPU");
  }

  @Test
  void capHoldsThoughTheProcessorIdles() {
    Domain domain = busy(1, 256, 30);
    boot();
    run(10 * SECOND);
    assertNear(3 * SECOND, domain.cpuTime(), 1000, "30 % of 10 s");
  }

  @Test
  void capHoldsForADomainThatBeginsWithinAPeriod() {
    for (int cap : new int[] {10, 50, 100}) {
      processors(1);
      hypervisor.clock().advance(60 * MILLISECOND);
      Domain domain = busy(1, 256, cap);
      boot();
      run(40 * MILLISECOND);
      long first = domain.cpuTime();
      assertTrue(first <= cap * MILLISECOND, cap + " %");
      run(10 * SECOND);
      assertNear(10 * SECOND * cap / 100, domain.cpuTime() - first, 1000, cap + " % of 10 s");
    }
  }

  @Test
  void capIsOfTheDomainHoweverManyVirtualCpusItHas() {
    for (int cap : new int[] {50, 150}) {
      processors(4);
      Domain domain = busy(4, 256, cap);
      boot();
      run(5 * SECOND);
      assertNear(5 * SECOND * cap / 100, domain.cpuTime(), 1000, cap + " % of one CPU");
    }
  }

  @Test
  void whatACapLeavesIsTheOthers() {
    Domain capped = busy(1, 256, 20);
    Domain free = busy(1, 256, 0);
    boot();
    run(10 * SECOND);
    assertNear(2 * SECOND, capped.cpuTime(), 1000, "capped");
    assertEquals(10 * SECOND, capped.cpuTime() + free.cpuTime());
  }

  @Test
  void capCanBeGivenAndTakenWhileItExecutes() {
    Domain domain = busy(1, 256, 0);
    boot();
    run(SECOND);
    assertEquals(SECOND, domain.cpuTime());
    domain.schedule(256, 25);
    run(2 * SECOND);
    assertNear(3 * SECOND / 2, domain.cpuTime(), 1000, "25 % of 2 s more");
    domain.schedule(256, 0);
    long before = domain.cpuTime();
    run(SECOND);
    assertEquals(SECOND, domain.cpuTime() - before);
  }

  @Test
  void replacedSchedulerGoesOn() {
    Domain one = busy(1, 512, 0);
    busy(1, 256, 40);
    boot();
    for (int i = 0; i < 50; i++) {
      run(37 * MILLISECOND);
      core = (ToyHypervisor) hypervisor.replace(ROLE, new ToyHypervisor.Factory());
    }
    assertNear(50 * 37 * MILLISECOND * 2 / 3, core.byId(one.id()).cpuTime(), 20 * MILLISECOND, "2 : 1");
  }

  @Test
  void resetForgetsWhoWasThere() {
    busy(1, 256, 0);
    boot();
    run(SECOND);
    core.reset();
    assertEquals(null, core.processor(0).current());
    Domain next = busy(1, 256, 0);
    boot();
    long before = next.cpuTime();
    run(SECOND);
    assertEquals(SECOND, next.cpuTime() - before);
  }
}
