// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.arm.api.RegisterTrap;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.testkit.hyp.FakeVirtualGic.Injection;
import org.xenolith.testkit.hyp.FakeVirtualGic.Level;

class VtimerTest {
  /** 62.5 MHz. */
  private static final long TICK = 16;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final Cpu cpu = hypervisor.machine().cpus().getFirst();
  private final Map<Integer, Long> registers = new HashMap<>();
  private FakeDomain dom0;
  private FakeVcpu vcpu0;
  private FakeVcpu vcpu1;

  /** Timer registers that remember; the counter runs with virtual time. */
  private final class Timers implements SystemRegisterHandler {
    @Override
    public long read(ArmCpu port, int id) {
      return id == TimerRegister.CNTFRQ_EL0 ? 62_500_000
          : id == TimerRegister.CNTPCT_EL0 ? hypervisor.clock().now() / TICK : registers.getOrDefault(id, 0L);
    }

    @Override
    public void write(ArmCpu port, int id, long value) {
      registers.put(id, value);
    }
  }

  @BeforeEach
  void start() {
    cpu.claim(new Timers(), TimerRegister.CNTFRQ_EL0, TimerRegister.CNTPCT_EL0, TimerRegister.CNTV_CTL_EL0,
        TimerRegister.CNTV_CVAL_EL0, TimerRegister.CNTKCTL_EL1, TimerRegister.CNTVOFF_EL2, TimerRegister.CNTHCTL_EL2);
    hypervisor.clock().advance(1600);
    hypervisor.install("vtimer", new VtimerComponent());
    dom0 = hypervisor.dom0(2);
    vcpu0 = dom0.vcpu(0);
    vcpu1 = dom0.vcpu(1);
  }

  private void load(FakeVcpu vcpu) {
    vcpu.loaded(cpu);
    hypervisor.port(ContextSwitchPort.class).load(vcpu, cpu);
  }

  private void save(FakeVcpu vcpu) {
    hypervisor.port(ContextSwitchPort.class).save(vcpu, cpu);
    vcpu.loaded(null);
  }

  private RegisterTrap trap(int id) {
    return hypervisor.port(SystemRegistersPort.class).register(id).handler();
  }

  private long deadline() {
    return hypervisor.context("vtimer").deadlines().get("timers");
  }

  @Test
  void theVirtualCountOfADomainBeginsAtZero() {
    load(vcpu0);
    assertEquals(100, registers.get(TimerRegister.CNTVOFF_EL2));
    assertEquals(1, registers.get(TimerRegister.CNTHCTL_EL2));
  }

  @Test
  void theHardwaresTimerIsMaskedAndTheGuestTold() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 5L);
    assertTrue(hypervisor.port(VirtualGicPort.class).serveHost(cpu, 27));
    assertEquals(7, registers.get(TimerRegister.CNTV_CTL_EL0));
    assertEquals(List.of(new Injection(vcpu0, 27)), hypervisor.gic().injections());
  }

  @Test
  void anotherCoresVcpusAreTold() {
    load(vcpu0);
    hypervisor.renew();
    registers.put(TimerRegister.CNTV_CTL_EL0, 5L);
    assertTrue(hypervisor.port(VirtualGicPort.class).serveHost(cpu, 27));
    assertEquals(List.of(new Injection(hypervisor.byId(0).vcpu(0), 27)), hypervisor.gic().injections());
  }

  @Test
  void aTimerOfWhoIsNotLoadedWakesItInTime() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 50L);
    registers.put(TimerRegister.CNTKCTL_EL1, 0x2L);
    save(vcpu0);
    load(vcpu1);
    assertEquals(0, registers.get(TimerRegister.CNTV_CTL_EL0));
    assertEquals(0, registers.get(TimerRegister.CNTKCTL_EL1));
    assertEquals(150 * TICK, deadline());
    hypervisor.clock().advance(150 * TICK - 1 - hypervisor.clock().now());
    assertTrue(hypervisor.gic().injections().isEmpty());
    hypervisor.clock().advance(1);
    assertEquals(List.of(new Injection(vcpu0, 27)), hypervisor.gic().injections());
    save(vcpu1);
    load(vcpu0);
    assertEquals(3, registers.get(TimerRegister.CNTV_CTL_EL0));
    assertEquals(50, registers.get(TimerRegister.CNTV_CVAL_EL0));
    assertEquals(2, registers.get(TimerRegister.CNTKCTL_EL1));
  }

  @Test
  void whoCameBackInTimeIsNotToldByTheAlarm() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 50L);
    save(vcpu0);
    load(vcpu0);
    hypervisor.clock().advance(10_000);
    assertTrue(hypervisor.gic().injections().isEmpty());
  }

  @Test
  void theAlarmStandsForSeveralTimers() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 500L);
    save(vcpu0);
    load(vcpu1);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 200L);
    save(vcpu1);
    assertEquals(300 * TICK, deadline());
    hypervisor.clock().advance(300 * TICK - hypervisor.clock().now());
    assertEquals(List.of(new Injection(vcpu1, 27)), hypervisor.gic().injections());
    assertEquals(600 * TICK, deadline());
    hypervisor.clock().advance(300 * TICK);
    assertEquals(List.of(new Injection(vcpu1, 27), new Injection(vcpu0, 27)), hypervisor.gic().injections());
    assertEquals(Long.MAX_VALUE, deadline());
  }

  @Test
  void aCountThatNeverComesArmsNothing() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, -1L);
    save(vcpu0);
    assertEquals(Long.MAX_VALUE, deadline());
  }

  @Test
  void thePhysicalTimerIsALevel() {
    load(vcpu0);
    RegisterTrap trap = trap(TimerRegister.CNTP_CTL_EL0);
    trap.write(vcpu0, TimerRegister.CNTP_TVAL_EL0, 10);
    assertEquals(110, trap.read(vcpu0, TimerRegister.CNTP_CVAL_EL0));
    trap.write(vcpu0, TimerRegister.CNTP_CTL_EL0, 1);
    assertEquals(1, trap.read(vcpu0, TimerRegister.CNTP_CTL_EL0));
    hypervisor.clock().advance(10 * TICK);
    assertEquals(new Level(vcpu0, 30, true), hypervisor.gic().levels().getLast());
    assertEquals(5, trap.read(vcpu0, TimerRegister.CNTP_CTL_EL0));
    trap.write(vcpu0, TimerRegister.CNTP_CTL_EL0, 3);
    assertEquals(new Level(vcpu0, 30, false), hypervisor.gic().levels().getLast());
    assertEquals(7, trap.read(vcpu0, TimerRegister.CNTP_CTL_EL0));
    hypervisor.clock().advance(TICK);
    assertEquals(0xFFFF_FFFFL, trap.read(vcpu0, TimerRegister.CNTP_TVAL_EL0));
  }

  @Test
  void aHandOverKeepsTimersAndAlarm() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 50L);
    save(vcpu0);
    hypervisor.replace("vtimer", new VtimerComponent());
    assertEquals(150 * TICK, deadline());
    hypervisor.clock().advance(50 * TICK);
    assertEquals(List.of(new Injection(vcpu0, 27)), hypervisor.gic().injections());
    hypervisor.destroy(dom0);
    hypervisor.clock().advance(50 * TICK);
  }

  @Test
  void nothingIsArmedForADomainThatIsGone() {
    FakeDomain guest = hypervisor.domU(1, 1);
    FakeVcpu theirs = guest.vcpu(0);
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 500L);
    save(vcpu0);
    load(theirs);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 200L);
    save(theirs);
    assertEquals(300 * TICK, deadline());
    hypervisor.destroy(guest);
    assertEquals(600 * TICK, deadline(), "another domain's");
    hypervisor.destroy(dom0);
    assertEquals(Long.MAX_VALUE, deadline());
  }

  @Test
  void aTimerThatIsDueWhenAnotherDomainGoesStillRings() {
    FakeDomain guest = hypervisor.domU(1, 1);
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 0L);
    save(vcpu0);
    hypervisor.destroy(guest);
    hypervisor.clock().advance(1);
    assertEquals(List.of(new Injection(vcpu0, 27)), hypervisor.gic().injections());
  }

  @Test
  void aRemovedOneTakesItsClaimsBackAndGoesOnFromItsRecord() {
    load(vcpu0);
    trap(TimerRegister.CNTP_CTL_EL0).write(vcpu0, TimerRegister.CNTP_CVAL_EL0, 77);
    var record = hypervisor.remove("vtimer");
    assertNull(hypervisor.port(SystemRegistersPort.class).register(TimerRegister.CNTP_CTL_EL0));
    assertNull(hypervisor.port(VirtualGicPort.class).host(27));
    hypervisor.bringBack("vtimer", new VtimerComponent(), record);
    assertEquals(77, trap(TimerRegister.CNTP_CTL_EL0).read(vcpu0, TimerRegister.CNTP_CVAL_EL0));
  }

  @Test
  void allRingWhenItIsBack() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 500L);
    save(vcpu0);
    vcpu1.powerOn(0, 0);
    load(vcpu1);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 200L);
    var record = hypervisor.remove("vtimer");
    vcpu1.loaded(null);
    vcpu0.loaded(cpu);
    hypervisor.bringBack("vtimer", new VtimerComponent(), record);
    assertEquals(100, registers.get(TimerRegister.CNTVOFF_EL2));
    assertEquals(0, registers.get(TimerRegister.CNTV_CVAL_EL0));
    assertEquals(1, registers.get(TimerRegister.CNTV_CTL_EL0));
    hypervisor.clock().advance(1);
    assertEquals(List.of(new Injection(vcpu1, 27)), hypervisor.gic().injections());
  }

  @Test
  void whatFallsDueWithoutAnInterruptControllerRingsWhenOneIsBack() {
    load(vcpu0);
    registers.put(TimerRegister.CNTV_CTL_EL0, 1L);
    registers.put(TimerRegister.CNTV_CVAL_EL0, 50L);
    save(vcpu0);
    VirtualGicPort port = hypervisor.port(VirtualGicPort.class);
    port.detach(hypervisor.gic());
    hypervisor.clock().advance(10_000_000);
    port.attach(hypervisor.gic(), hypervisor.context("vtimer"));
    hypervisor.clock().advance(1_000_000);
    assertEquals(List.of(new Injection(vcpu0, 27)), hypervisor.gic().injections());
  }

  @Test
  void aResetVcpuHasNoTimer() {
    load(vcpu0);
    trap(TimerRegister.CNTP_CTL_EL0).write(vcpu0, TimerRegister.CNTP_CTL_EL0, 1);
    hypervisor.port(ContextSwitchPort.class).reset(vcpu0);
    assertEquals(0, trap(TimerRegister.CNTP_CTL_EL0).read(vcpu0, TimerRegister.CNTP_CTL_EL0));
    assertEquals(new Level(vcpu0, 30, false), hypervisor.gic().levels().getLast());
  }
}
