// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.arch.FlatMachine.msr;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu.Signal;

/** Entry, return and routing between EL0 and EL3. */
class ExceptionsTest {
  private FlatMachine machine;
  private Cpu cpu;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
    msr(cpu, SysReg.VBAR_EL1, 0x8000_1000L);
  }

  private void use(CpuConfig config) {
    machine = new FlatMachine();
    cpu = machine.cpu(config);
    cpu.enter(3, 1);
    cpu.sys[SysReg.VBAR_EL1.ordinal()] = 0x8000_1000L;
    cpu.sys[SysReg.VBAR_EL2.ordinal()] = 0x8000_2000L;
    cpu.sys[SysReg.VBAR_EL3.ordinal()] = 0x8000_3000L;
    cpu.enter(1, 1);
  }

  private void set(SysReg reg, long value) {
    cpu.sys[reg.ordinal()] = value;
    cpu.controlsChanged();
  }

  @Test
  void supervisorCallFromUserEntersTheLowerLevelVector() {
    cpu.enter(0, 0);
    cpu.x[Cpu.SP] = 0x1000;
    cpu.nzcv(0x6000_0000);
    cpu.daif = 0;
    cpu.pc = 0x400;
    cpu.exceptions.supervisorCall(0x42);
    assertEquals(0x8000_1400L, cpu.pc);
    assertEquals(0x404, cpu.sys(SysReg.ELR_EL1));
    assertEquals(0x5600_0042L, cpu.sys(SysReg.ESR_EL1));
    assertEquals(0x6000_0000L, cpu.sys(SysReg.SPSR_EL1));
    assertEquals(1, cpu.el);
    assertEquals(0x3C0, cpu.daif);
    assertEquals(0x1000, cpu.sp[0]);
  }

  @Test
  void sameLevelVectorsDependOnTheStackPointer() {
    cpu.pc = 0x400;
    cpu.exceptions.undefined();
    assertEquals(0x8000_1200L, cpu.pc);
    cpu.enter(1, 0);
    cpu.exceptions.undefined();
    assertEquals(0x8000_1000L, cpu.pc);
    assertEquals(0x3C4, cpu.sys(SysReg.SPSR_EL1) & 0xFFF);
  }

  @Test
  void returnRestoresStateAndBanksStackPointers() {
    cpu.x[Cpu.SP] = 0x9000;
    cpu.sp[0] = 0x7000;
    set(SysReg.SPSR_EL1, 0xA000_0000L);
    set(SysReg.ELR_EL1, 0x12344);
    cpu.exceptions.exceptionReturn();
    assertEquals(0, cpu.el);
    assertEquals(0x12344, cpu.pc);
    assertEquals(0x7000, cpu.x[Cpu.SP]);
    assertEquals(0x9000, cpu.sp[1]);
    assertEquals(0xA000_0000, cpu.nzcv());
    assertEquals(0, cpu.daif);
  }

  @Test
  void bothZeroAndNegativeSurviveAReturn() {
    set(SysReg.SPSR_EL1, 0xF000_0000L);
    cpu.exceptions.exceptionReturn();
    assertEquals(0xF000_0000, cpu.nzcv());
  }

  @Test
  void illegalReturnsStayAtTheLevelAndSetIl() {
    for (int mode : new int[] {0x10, 0x02, 0x01, 0x08, 0x0C, 0x0D}) {
      cpu.enter(1, 1);
      cpu.illegal = 0;
      set(SysReg.SPSR_EL1, 0x8000_0000L | mode);
      set(SysReg.ELR_EL1, 0x4000_5000L);
      cpu.exceptions.exceptionReturn();
      assertEquals(1, cpu.illegal, "mode " + mode);
      assertEquals(1, cpu.el);
      assertEquals(0x8000_0000, cpu.nzcv());
      cpu.exceptions.illegalState();
      assertEquals(0x3A00_0000L, cpu.sys(SysReg.ESR_EL1));
      assertEquals(1 << 20, cpu.sys(SysReg.SPSR_EL1) & 1 << 20);
      assertEquals(0, cpu.illegal);
    }
  }

  @Test
  void interruptsAreTakenWhenUnmasked() {
    cpu.daif = 0x80;
    cpu.pc = 0x600;
    cpu.signal(Signal.IRQ, true);
    cpu.interrupts.takePending();
    assertEquals(0x600, cpu.pc, "masked");
    cpu.daif = 0;
    cpu.interrupts.takePending();
    assertEquals(0x8000_1280L, cpu.pc);
    assertEquals(0x600, cpu.sys(SysReg.ELR_EL1));
    assertEquals(0x3C0, cpu.daif);
    cpu.signal(Signal.IRQ, false);
    cpu.daif = 0;
    cpu.signal(Signal.FIQ, true);
    cpu.interrupts.takePending();
    assertEquals(0x8000_1300L, cpu.pc);
  }

  @Test
  void systemErrorsComeFirst() {
    cpu.daif = 0;
    cpu.pc = 0x600;
    cpu.signal(Signal.IRQ, true);
    cpu.systemError();
    cpu.interrupts.takePending();
    assertEquals(0x8000_1380L, cpu.pc);
    assertFalse(cpu.activity.systemErrorPending());
    assertEquals(0xBE00_0000L, cpu.sys(SysReg.ESR_EL1));
  }

  @Test
  void interruptsGoToTheHypervisorWhateverEl1Masks() {
    use(CpuConfig.cortexA57(0).withLevels(true, false));
    set(SysReg.HCR_EL2, Hcr.RW | Hcr.IMO);
    cpu.daif = 0x3C0;
    cpu.pc = 0x600;
    cpu.signal(Signal.IRQ, true);
    cpu.interrupts.takePending();
    assertEquals(2, cpu.el);
    assertEquals(0x8000_2480L, cpu.pc);
    cpu.interrupts.takePending();
    assertEquals(2, cpu.el);
    assertEquals(0x8000_2480L, cpu.pc, "masked at EL2");
  }

  @Test
  void interruptForAHigherLevelInterruptsTheOneForALower() {
    use(CpuConfig.cortexA57(0).withLevels(true, true));
    set(SysReg.SCR_EL3, 2);
    set(SysReg.HCR_EL2, Hcr.RW | Hcr.FMO);
    cpu.pc = 0x600;
    cpu.signal(Signal.FIQ, true);
    cpu.signal(Signal.IRQ, true);
    cpu.interrupts.takePending();
    assertEquals(0x600, cpu.sys(SysReg.ELR_EL2));
    assertEquals(0x8000_2500L, cpu.sys(SysReg.ELR_EL3));
    assertEquals(0x8000_3480L, cpu.pc);
  }

  @Test
  void virtualInterruptsAreSeenAtEl1Only() {
    use(CpuConfig.cortexA57(0).withLevels(true, false));
    set(SysReg.HCR_EL2, Hcr.RW | Hcr.IMO | Hcr.FMO);
    cpu.signal(Signal.VIRQ, true);
    cpu.daif = 0;
    cpu.enter(2, 1);
    cpu.pc = 0x600;
    cpu.interrupts.takePending();
    assertEquals(0x600, cpu.pc);
    cpu.enter(1, 1);
    assertEquals(0x80, cpu.registers.read(SysReg.ISR_EL1.id, 0));
    cpu.interrupts.takePending();
    assertEquals(0x8000_1280L, cpu.pc);
    cpu.signal(Signal.VIRQ, false);
    set(SysReg.HCR_EL2, Hcr.RW | Hcr.IMO | Hcr.VI);
    cpu.daif = 0;
    cpu.enter(0, 0);
    cpu.interrupts.takePending();
    assertEquals(0x8000_1480L, cpu.pc);
  }

  @Test
  void secureMonitorTakesWhatScrRoutes() {
    use(CpuConfig.cortexA57(0).withLevels(true, true));
    set(SysReg.SCR_EL3, 0x433 | 2);
    cpu.daif = 0x3C0;
    cpu.pc = 0x600;
    cpu.signal(Signal.IRQ, true);
    cpu.interrupts.takePending();
    assertEquals(3, cpu.el);
    assertEquals(0x8000_3480L, cpu.pc);
    cpu.enter(1, 1);
    cpu.pc = 0x100;
    cpu.exceptions.secureMonitorCall(7);
    assertEquals(3, cpu.el);
    assertEquals(0x5E00_0007L, cpu.sys(SysReg.ESR_EL3));
    assertEquals(0x104, cpu.sys(SysReg.ELR_EL3));
  }

  @Test
  void callsReachTheFirmwareWhereTheLevelIsNotBuilt() {
    cpu.pc = 0x100;
    cpu.exceptions.hypervisorCall(0);
    assertEquals(1, cpu.x[0]);
    assertEquals(0x104, cpu.pc);
    cpu.exceptions.secureMonitorCall(0);
    assertEquals(2, cpu.x[0]);
    cpu.x[1] = 1;
    cpu.exceptions.secureMonitorCall(0);
    assertEquals(0x8000_1200L, cpu.pc, "nobody answers: UNDEFINED");
    assertEquals(0x108, cpu.sys(SysReg.ELR_EL1));
    cpu.enter(0, 0);
    cpu.exceptions.hypervisorCall(0);
    assertEquals(0x0200_0000L, cpu.sys(SysReg.ESR_EL1));
  }

  @Test
  void hypervisorTrapsCallsWaitsAndRegisters() {
    use(CpuConfig.cortexA57(0).withLevels(true, false));
    set(SysReg.HCR_EL2, Hcr.RW | Hcr.TSC | Hcr.TWI | Hcr.TVM | Hcr.TID3);
    cpu.pc = 0x100;
    cpu.exceptions.secureMonitorCall(0);
    assertEquals(0x5E00_0000L, cpu.sys(SysReg.ESR_EL2));
    assertEquals(0x100, cpu.sys(SysReg.ELR_EL2));
    cpu.enter(1, 1);
    cpu.pc = 0x100;
    cpu.exceptions.waitFor(false);
    assertEquals(0x07E0_0000L, cpu.sys(SysReg.ESR_EL2));
    cpu.enter(1, 1);
    assertThrows(GuestFault.class, () -> msr(cpu, SysReg.TTBR0_EL1, 5));
    cpu.exceptions.takeNoted();
    assertEquals(0x18L << 26 | 1 << 25 | Syndrome.system(SysReg.TTBR0_EL1.id, 0, false), cpu.sys(SysReg.ESR_EL2));
    cpu.enter(1, 1);
    assertThrows(GuestFault.class, () -> cpu.registers.read(SystemRegister.id(3, 0, 0, 4, 0), 3));
    cpu.exceptions.takeNoted();
    assertEquals(2, cpu.el);
    cpu.enter(1, 1);
    cpu.pc = 0x200;
    cpu.exceptions.hypervisorCall(0x123);
    assertEquals(0x5A00_0123L, cpu.sys(SysReg.ESR_EL2));
  }

  @Test
  void waitingUsersTrapUnlessAllowed() {
    cpu.enter(0, 0);
    cpu.pc = 0x100;
    cpu.exceptions.waitFor(true);
    assertEquals(0x07E0_0001L, cpu.sys(SysReg.ESR_EL1));
    assertEquals(0x100, cpu.sys(SysReg.ELR_EL1));
  }

  @Test
  void privilegedAccessNeverIsSetOnEntryIfAsked() {
    machine = new FlatMachine();
    cpu = machine.cpu(CpuConfig.cortexA57(0).withPan(true));
    cpu.exceptions.undefined();
    assertEquals(0, cpu.pan);
    set(SysReg.SCTLR_EL1, cpu.sys(SysReg.SCTLR_EL1) & ~(1L << 23));
    cpu.exceptions.undefined();
    assertEquals(1, cpu.pan);
    assertTrue((cpu.sys(SysReg.SPSR_EL1) & 1 << 22) == 0);
  }
}
