// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;

/** Boards wire their timers to PPIs of their choice: X-Gene's are 13, 14 and 15. */
class TimerInterruptsTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final Cpu cpu = hypervisor.machine().cpus().getFirst();

  private int injected(FakeDomain domain) {
    FakeVcpu vcpu = domain.vcpu(0);
    vcpu.loaded(cpu);
    hypervisor.port(ContextSwitchPort.class).load(vcpu, cpu);
    hypervisor.gic().injections().clear();
    hypervisor.port(VirtualGicPort.class).serveHost(cpu, 30);
    hypervisor.port(ContextSwitchPort.class).save(vcpu, cpu);
    vcpu.loaded(null);
    return hypervisor.gic().injections().getFirst().intid();
  }

  @Test
  void theBoardSaysWhichInterruptItsTimerHas() {
    cpu.claim(new SystemRegisterHandler() {
      @Override
      public long read(ArmCpu port, int id) {
        return id == TimerRegister.CNTFRQ_EL0 ? 50_000_000 : 0;
      }

      @Override
      public void write(ArmCpu port, int id, long value) {}
    }, TimerRegister.CNTFRQ_EL0, TimerRegister.CNTPCT_EL0, TimerRegister.CNTV_CTL_EL0, TimerRegister.CNTV_CVAL_EL0,
        TimerRegister.CNTKCTL_EL1, TimerRegister.CNTVOFF_EL2, TimerRegister.CNTHCTL_EL2);
    hypervisor.beside(FakeNode.at("/timer").compatible("arm,armv8-timer").interrupt("/gic", 1, 0, 0xFF08).interrupt("/gic", 1, 13, 0xFF08)
        .interrupt("/gic", 1, 14, 0xFF08).interrupt("/gic", 1, 15, 0xFF08).build());
    hypervisor.install("vtimer", new VtimerComponent());
    assertEquals(30, injected(hypervisor.dom0(1)), "the hardware domain's tree says so, too");
    assertEquals(27, injected(hypervisor.domU(3, 1)), "a guest's says what Xen's map says");
  }

  @Test
  void withoutATimersNodeTheUsualOnesCount() {
    assertEquals(new TimerInterrupts(27, 30), TimerInterrupts.of(hypervisor.platform()));
  }
}
