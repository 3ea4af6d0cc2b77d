// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.testkit.FakeClock;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Turns on one physical CPU that is entered at EL2. */
class El2CpuTest {
  private static final long MILLISECOND = 1_000_000;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private ArmHypervisor core;
  private Cpu cpu;
  private int serial;

  @BeforeEach
  void install() {
    core = (ArmHypervisor) hypervisor.install("core", new ArmHypervisorComponent());
    cpu = core.processors().getFirst().as(Cpu.class);
  }

  private Domain busy(int vcpus) {
    serial++;
    Domain domain = core.create(-1, new DomainSpec("d" + serial, new UUID(0, serial), vcpus, 100, DomainSpec.Kind.DOMU, 31, 256, 0));
    domain.unpause();
    domain.vcpus().forEach(vcpu -> vcpu.powerOn(0, 0));
    return domain;
  }

  private void boot() {
    cpu.powerOn(0, 0);
    takeInterrupt();
  }

  private void takeInterrupt() {
    cpu.begin(0);
    cpu.more();
    cpu.end();
  }

  private void waitForEvents() {
    cpu.begin(1);
    cpu.more();
    cpu.exceptions.waitFor(true); // the return from EL2 was an event
    cpu.exceptions.waitFor(true);
    cpu.end();
  }

  /** Lets time pass. The CPU is told what is due and executes nothing: a busy loop. */
  private void run(long nanoseconds) {
    FakeClock clock = hypervisor.clock();
    long end = clock.now() + nanoseconds;
    takeInterrupt();
    while (clock.now() < end) {
      clock.advanceTo(Math.min(end, Math.max(clock.now(), clock.nextDeadline())));
      takeInterrupt();
    }
  }

  @Test
  void whoWaitsForAnEventGivesWayToWhoeverWaitsForTheProcessor() {
    busy(2);
    boot();
    for (int i = 1; i <= 100; i++) {
      run(1000);
      waitForEvents();
      assertEquals(i % 2, core.processor(0).current().id(), "turn " + i);
    }
  }

  @Test
  void whoHasAProcessorForItselfWaitsForEventsOnIt() {
    busy(1);
    Domain two = busy(1);
    two.vcpu(0).block();
    boot();
    waitForEvents();
    assertEquals(8, cpu.pc, "behind it");
    assertEquals(1, cpu.el, "not taken to EL2");
    two.vcpu(0).wake();
    run(6 * MILLISECOND);
    assertTrue(two.cpuTime() > 0, "its slice ends");
  }

  @Test
  void whoIsUnmaskedTakesInterruptsWhenItGoesOn() {
    busy(1);
    boot();
    cpu.sys[SysReg.SPSR_EL2.ordinal()] = 0x3C5;
    core.processor(0).current().unmask();
    assertEquals(0x345, cpu.sys[SysReg.SPSR_EL2.ordinal()]);
  }
}
