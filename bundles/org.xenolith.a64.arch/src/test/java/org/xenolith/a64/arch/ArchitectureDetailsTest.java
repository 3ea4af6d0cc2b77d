// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.a64.arch.FlatMachine.RAM;
import static org.xenolith.a64.arch.FlatMachine.msr;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu.Signal;

/** Corners of the architecture that a review found wrong: which of two faults wins, and what syndromes and PAR_EL1 say. */
class ArchitectureDetailsTest {
  private static final long VA = 0x5000_0000L;
  private static final long PA = RAM + 0x20_0000;
  private static final long STAGE2 = RAM + 0x40_0000;
  private static final int AT_S1E1R = SystemRegister.id(1, 0, 7, 8, 0);
  private FlatMachine machine;
  private Cpu cpu;

  @BeforeEach
  void power() {
    use(CpuConfig.cortexA57(0));
  }

  private void use(CpuConfig config) {
    machine = new FlatMachine();
    cpu = machine.cpu(config);
  }

  /** EL2 with stage 2 on: the first 2 MiB of RAM by a block, the rest missing. */
  private void useStage2() {
    use(CpuConfig.cortexA57(0).withLevels(true, false));
    machine.put(STAGE2 + 8, STAGE2 + 0x2000 | 3);
    machine.put(STAGE2 + 0x2000, RAM | 0x7FD);
    msr(cpu, SysReg.VTTBR_EL2, STAGE2);
    msr(cpu, SysReg.VTCR_EL2, 24 | 1 << 6 | 4 << 16);
    msr(cpu, SysReg.HCR_EL2, Hcr.RW | Hcr.VM);
    cpu.enter(1, 1);
  }

  private long fault(Runnable access) {
    assertThrows(GuestFault.class, access::run);
    cpu.exceptions.takeNoted();
    return cpu.sys(cpu.el == 2 ? SysReg.ESR_EL2 : SysReg.ESR_EL1);
  }

  @Test
  void fetchFaultsComeBeforeTheIllegalState() {
    cpu.illegal = 1;
    cpu.pc = RAM + 2;
    cpu.exceptions.illegalState();
    assertEquals(0x8A00_0000L, cpu.sys(SysReg.ESR_EL1));
    assertEquals(RAM + 2, cpu.sys(SysReg.FAR_EL1));
    assertEquals(1 << 20, cpu.sys(SysReg.SPSR_EL1) & 1 << 20);
    machine.enableMmu(cpu);
    cpu.illegal = 1;
    cpu.pc = VA;
    cpu.exceptions.illegalState();
    assertEquals(0x8600_0005L, cpu.sys(SysReg.ESR_EL1));
    machine.map(VA, 0x1234_5000L, 0);
    cpu.illegal = 1;
    cpu.pc = VA;
    cpu.exceptions.illegalState();
    assertEquals(0x8600_0010L, cpu.sys(SysReg.ESR_EL1));
    machine.map(VA + 0x1000, PA, 0);
    cpu.illegal = 1;
    cpu.pc = VA + 0x1000;
    cpu.exceptions.illegalState();
    assertEquals(0x3A00_0000L, cpu.sys(SysReg.ESR_EL1));
  }

  @Test
  void clearingABlockReportsTheAddressThatWasGiven() {
    machine.enableMmu(cpu);
    assertEquals(0x9600_0045L, fault(() -> cpu.memory.zero(VA + 0x58)));
    assertEquals(VA + 0x58, cpu.sys(SysReg.FAR_EL1));
    machine.map(VA, 0x1234_5000L, 0);
    assertEquals(0x9600_0050L, fault(() -> cpu.memory.zero(VA + 0x58)), "Normal memory that isn't there");
  }

  @Test
  void trappedMaskChangeNamesItsImmediate() {
    cpu.enter(0, 0);
    assertEquals(0x6200_0000L | Syndrome.system(SystemRegister.id(0, 3, 4, 9, 7), 31, false),
        fault(() -> cpu.registers.changeDaif(9, false, SystemRegister.id(0, 3, 4, 0, 7))));
  }

  @Test
  void ignoredTopByteIsIgnoredWithoutTablesToo() {
    msr(cpu, SysReg.TCR_EL1, 1L << 37 | 1L << 38);
    machine.put(PA, 0xAAAA);
    assertEquals(0xAAAA, cpu.memory.read(PA | 0x5A00_0000_0000_0000L, 8));
    assertEquals(0x9600_0000L, fault(() -> cpu.memory.read(PA | 0x0010_0000_0000_0000L, 8)));
    msr(cpu, SysReg.TCR_EL1, 0);
    assertEquals(0x9600_0000L, fault(() -> cpu.memory.read(PA | 0x5A00_0000_0000_0000L, 8)));
  }

  @Test
  void programCounterHasNoTag() {
    msr(cpu, SysReg.TCR_EL1, 1L << 37);
    assertEquals(0x1234, cpu.mmu.branchTarget(0x5A00_0000_0000_1234L));
    assertEquals(0x5AFF_0000_0000_1234L, cpu.mmu.branchTarget(0x5AFF_0000_0000_1234L), "TBI1 is clear");
    msr(cpu, SysReg.TCR_EL1, 1L << 38);
    assertEquals(0xFFFF_0000_0000_1234L, cpu.mmu.branchTarget(0x5AFF_0000_0000_1234L));
    msr(cpu, SysReg.ELR_EL1, 0x5AFF_0000_0000_1234L);
    msr(cpu, SysReg.SPSR_EL1, 0x3C5);
    cpu.exceptions.exceptionReturn();
    assertEquals(0xFFFF_0000_0000_1234L, cpu.pc);
    use(CpuConfig.cortexA57(0).withLevels(true, false));
    msr(cpu, SysReg.TCR_EL2, 1 << 20);
    assertEquals(0xFF_0000_0000_1234L, cpu.mmu.branchTarget(0x5AFF_0000_0000_1234L));
  }

  @Test
  void waitsThatWouldNotWaitAreNotTrapped() {
    cpu.enter(0, 0);
    cpu.pc = 0x100;
    cpu.event();
    cpu.exceptions.waitFor(true);
    assertEquals(0x104, cpu.pc);
    cpu.exceptions.waitFor(true);
    assertEquals(0x104, cpu.sys(SysReg.ELR_EL1), "the event was used up");
    cpu.enter(0, 0);
    cpu.pc = 0x200;
    cpu.signal(Signal.IRQ, true);
    cpu.exceptions.waitFor(false);
    assertEquals(0x204, cpu.pc);
  }

  @Test
  void trappedWaitsOfUsersGoToTheHypervisorThatTrapsAll() {
    use(CpuConfig.cortexA57(0).withLevels(true, false));
    msr(cpu, SysReg.HCR_EL2, Hcr.TGE);
    cpu.enter(0, 0);
    cpu.exceptions.waitFor(false);
    assertEquals(2, cpu.el);
    assertEquals(0x07E0_0000L, cpu.sys(SysReg.ESR_EL2));
  }

  @Test
  void uncachedMemoryIsReportedAsOuterShareable() {
    machine.enableMmu(cpu);
    msr(cpu, SysReg.MAIR_EL1, 0x44FF);
    machine.map(VA, PA, 3 << 8 | 1 << 2);
    cpu.operations.execute(AT_S1E1R, 0, VA);
    assertEquals(PA | 0x44L << 56 | 1 << 11 | 2 << 7, cpu.sys(SysReg.PAR_EL1));
    machine.map(VA + 0x1000, PA, 3 << 8);
    cpu.operations.execute(AT_S1E1R, 0, VA + 0x1000);
    assertEquals(PA | 0xFFL << 56 | 1 << 11 | 3 << 7, cpu.sys(SysReg.PAR_EL1));
  }

  @Test
  void externalAbortsOfAnAddressTranslationAreTaken() {
    machine.enableMmu(cpu);
    machine.put(FlatMachine.TABLE + 8, 0x1234_5000L | 3);
    msr(cpu, SysReg.PAR_EL1, 0x77);
    assertEquals(0x9600_0156L, fault(() -> cpu.operations.execute(AT_S1E1R, 0, VA)));
    assertEquals(VA, cpu.sys(SysReg.FAR_EL1));
    assertEquals(0x77, cpu.sys(SysReg.PAR_EL1));
  }

  @Test
  void guestsTablesThatAreMissingFaultItsAddressTranslation() {
    useStage2();
    machine.enableMmu(cpu);
    machine.put(FlatMachine.TABLE + 8, STAGE2 | 3);
    assertEquals(0x9200_01C6L, fault(() -> cpu.operations.execute(AT_S1E1R, 0, VA)));
    assertEquals(VA, cpu.sys(SysReg.FAR_EL2));
    // The index of the level-2 descriptor is 128: it is still in the table's first page.
    assertEquals(STAGE2 >>> 8, cpu.sys(SysReg.HPFAR_EL2));
    cpu.operations.execute(AT_S1E1R, 0, VA);
    assertEquals(1 | 6 << 1 | 3 << 8 | 1 << 11, cpu.sys(SysReg.PAR_EL1), "EL2 gets it in PAR_EL1");
  }

  @Test
  void externalAbortsOfStageTwoWalksGoToTheHypervisor() {
    useStage2();
    machine.put(STAGE2 + 0x2000, 0x1234_5000L | 3);
    cpu.pc = RAM + 0x60_0000;
    assertEquals(0x9200_0017L, fault(() -> cpu.memory.read(RAM + 0x8, 8)) & ~0x1FF_0000L);
    assertEquals(2, cpu.el);
    assertEquals(RAM >>> 8, cpu.sys(SysReg.HPFAR_EL2));
  }

  @Test
  void whatStageOneForbidsNeverReachesStageTwo() {
    useStage2();
    machine.enableMmu(cpu);
    machine.map(VA, STAGE2, FlatMachine.READ_ONLY);
    cpu.pc = RAM;
    assertEquals(0x9600_004FL, fault(() -> cpu.memory.write(VA, 8, 1)));
    assertEquals(1, cpu.el);
    cpu.operations.execute(SystemRegister.id(1, 0, 7, 8, 2), 0, VA);
    assertEquals(0x81F, cpu.sys(SysReg.PAR_EL1));
    assertEquals(0x9200_0006L, fault(() -> cpu.memory.read(VA, 8)) & ~0x1FF_0000L);
    assertEquals(2, cpu.el);
  }

  @Test
  void addressesBeyondStageTwoFaultAtLevelZero() {
    useStage2();
    cpu.pc = RAM + 0x60_0000;
    assertEquals(0x9200_0004L, fault(() -> cpu.memory.read(1L << 41, 8)));
  }

  @Test
  void illegalReturnRestoresPan() {
    use(CpuConfig.cortexA57(0).withPan(true));
    msr(cpu, SysReg.SPSR_EL1, 1 << 22 | 0x3C9);
    cpu.exceptions.exceptionReturn();
    assertEquals(1, cpu.illegal);
    assertEquals(1, cpu.pan);
  }

  @Test
  void atomicsFaultAsReadsWhereReadsWould() {
    machine.enableMmu(cpu);
    assertEquals(0x9600_0005L, fault(() -> cpu.memory.atomic(VA, 8, AtomicOperation.ADD, 1)));
    assertEquals(0x9600_0021L, fault(() -> cpu.memory.compareAndSwap(VA + 1, 8, 0, 1)));
    machine.map(VA, PA, FlatMachine.READ_ONLY);
    assertEquals(0x9600_004FL, fault(() -> cpu.memory.atomic(VA, 8, AtomicOperation.ADD, 1)));
  }

  @Test
  void invalidatingACacheLineNeedsWritePermission() {
    machine.enableMmu(cpu);
    machine.map(VA, PA, FlatMachine.READ_ONLY);
    cpu.operations.execute(SystemRegister.id(1, 3, 7, 10, 1), 0, VA);
    assertEquals(0x9600_014FL, fault(() -> cpu.operations.execute(SystemRegister.id(1, 0, 7, 6, 1), 0, VA)));
  }

  @Test
  void cacheMaintenanceIsNotGuardedByPan() {
    use(CpuConfig.cortexA57(0).withPan(true));
    machine.enableMmu(cpu);
    machine.map(VA, PA, FlatMachine.USER);
    cpu.registers.setPan(1);
    cpu.operations.execute(SystemRegister.id(1, 3, 7, 10, 1), 0, VA);
    assertEquals(0x9600_000FL, fault(() -> cpu.memory.read(VA, 8)));
  }

  @Test
  void machineOfAllLevelsStartsWhereFirmwareWouldLeaveIt() {
    use(CpuConfig.cortexA57(0).withLevels(true, true));
    assertEquals(2, cpu.el);
    cpu.enter(1, 1);
    cpu.exceptions.hypervisorCall(1);
    assertEquals(2, cpu.el);
    assertEquals(0x5A00_0001L, cpu.sys(SysReg.ESR_EL2));
    use(CpuConfig.cortexA57(0).withLevels(false, true));
    assertEquals(1, cpu.el);
  }

  @Test
  void virtualIdentificationStartsAsTheRealOne() {
    use(CpuConfig.cortexA57(3).withLevels(true, false));
    cpu.enter(1, 1);
    assertEquals(0x411FD070, cpu.registers.read(SysReg.MIDR_EL1.id, 0));
    assertEquals(0x8000_0003L, cpu.registers.read(SysReg.MPIDR_EL1.id, 0));
  }

  @Test
  void lockStatusIsReadOnly() {
    assertEquals(0x0200_0000L, fault(() -> msr(cpu, SysReg.OSLSR_EL1, 0)));
  }

  @Test
  void emptyEntriesMatchPageZeroAtNoLevel() {
    machine = new FlatMachine();
    cpu = new Cpu(0, CpuConfig.cortexA57(0).withLevels(true, true), machine);
    for (int el = 0; el <= 3; el++) {
      cpu.enter(el, el == 0 ? 0 : 1);
      TlbEntry entry = cpu.data[Cpu.tlbIndex(0)];
      assertNotEquals(cpu.readContext, entry.read);
      assertNotEquals(cpu.writeContext, entry.write);
      assertNotEquals(cpu.userReadContext, entry.read);
      assertNotEquals(cpu.userWriteContext, entry.write);
      assertNotEquals(cpu.fetchContext, cpu.code[Cpu.tlbIndex(0)].tag);
    }
  }

  @Test
  void generationsThatWrapLeaveNoInlineTag() {
    use(CpuConfig.cortexA57(0).withLevels(true, false));
    machine.enableMmu(cpu);
    machine.map(VA, PA, FlatMachine.USER);
    for (int i = 1; i < 1 << 16; i++) {
      cpu.mmu.invalidateAll(2);
    }
    cpu.enter(1, 1);
    cpu.memory.read(VA, 8);
    int context = cpu.readContext;
    cpu.mmu.invalidateAll(2);
    // The wrap clears all regimes' entries, so what was derived from them must go, too.
    assertNotEquals(VA | cpu.readContext, cpu.data[Cpu.tlbIndex(VA)].read, "context was " + context);
  }
}
