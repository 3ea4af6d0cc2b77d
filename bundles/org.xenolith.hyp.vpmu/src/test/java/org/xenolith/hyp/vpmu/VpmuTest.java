// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.arm.api.RegisterTrap;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;

class VpmuTest {
  private static final int PMCR = SystemRegister.id(3, 3, 9, 12, 0);
  private static final int PMUSERENR = SystemRegister.id(3, 3, 9, 14, 0);
  private static final int PMINTENSET = SystemRegister.id(3, 0, 9, 14, 1);
  private static final int PMEVCNTR0 = SystemRegister.id(3, 3, 14, 8, 0);
  private static final int PMCCFILTR = SystemRegister.id(3, 3, 14, 15, 7);
  private static final long EL0 = 0;
  private static final long EL1 = 5;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final Cpu cpu = hypervisor.machine().cpus().getFirst();
  private FakeVcpu vcpu;

  @BeforeEach
  void start() {
    hypervisor.install("vpmu", new VpmuComponent());
    vcpu = hypervisor.dom0(1).vcpu(0);
    cpu.el2.write(SysReg.MDCR_EL2, 6);
    load();
  }

  private void load() {
    vcpu.loaded(cpu);
    hypervisor.port(ContextSwitchPort.class).load(vcpu, cpu);
  }

  private RegisterTrap trap(int id) {
    return hypervisor.port(SystemRegistersPort.class).register(id).handler();
  }

  private void from(long level) {
    cpu.el2.write(SysReg.SPSR_EL2, level);
  }

  @Test
  void accessesOfGuestsTrapAndTheCountersStayTheirs() {
    assertEquals(6 | 1 << 5 | 1 << 6, cpu.el2.read(SysReg.MDCR_EL2));
  }

  @Test
  void kernelReadsZeroAndWritesInVain() {
    from(EL1);
    for (int id : new int[] {PMCR, PMUSERENR, PMINTENSET}) {
      assertEquals(0, trap(id).read(vcpu, id));
      trap(id).write(vcpu, id, -1);
      assertEquals(0, trap(id).read(vcpu, id));
    }
  }

  @Test
  void userFindsOnlyPmuserenr() {
    from(EL0);
    assertEquals(0, trap(PMUSERENR).read(vcpu, PMUSERENR));
    assertSame(SystemRegisterTrap.UNDEFINED,
        assertThrows(SystemRegisterTrap.class, () -> trap(PMUSERENR).write(vcpu, PMUSERENR, 1)));
    assertThrows(SystemRegisterTrap.class, () -> trap(PMCR).read(vcpu, PMCR));
  }

  @Test
  void countersByNumberAreUndefinedAsInXen() {
    assertNull(hypervisor.port(SystemRegistersPort.class).register(PMEVCNTR0));
    assertNull(hypervisor.port(SystemRegistersPort.class).register(PMCCFILTR));
  }

  @Test
  void whoIsLoadedMeanwhileTrapsWhenItIsBack() {
    hypervisor.remove("vpmu");
    assertNull(hypervisor.port(SystemRegistersPort.class).register(PMCR));
    cpu.el2.write(SysReg.MDCR_EL2, 6);
    load();
    assertEquals(6, cpu.el2.read(SysReg.MDCR_EL2));
    hypervisor.install("vpmu", new VpmuComponent());
    assertEquals(6 | 1 << 5 | 1 << 6, cpu.el2.read(SysReg.MDCR_EL2));
    from(EL1);
    assertEquals(0, trap(PMCR).read(vcpu, PMCR));
  }
}
