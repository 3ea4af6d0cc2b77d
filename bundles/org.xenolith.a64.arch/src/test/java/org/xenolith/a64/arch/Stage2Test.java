// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.a64.arch.FlatMachine.RAM;
import static org.xenolith.a64.arch.FlatMachine.msr;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.kit.Ram;

/** Stage 2: translation of a guest's addresses, and the faults that EL2 sees. */
class Stage2Test {
  private static final long STAGE2 = RAM + 0x40_0000;
  private static final long PA = RAM + 0x20_0000;
  private FlatMachine machine;
  private Cpu cpu;
  private long third;

  /** 40-bit IPA, two concatenated level-1 tables; IPA 0x4000_0000 to 0x401F_FFFF by pages, identity. */
  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu(CpuConfig.cortexA57(0).withLevels(true, false));
    long second = STAGE2 + 0x2000;
    third = STAGE2 + 0x3000;
    machine.put(STAGE2 + 8, second | 3);
    machine.put(second, third | 3);
    for (int i = 0; i < 512; i++) {
      machine.put(third + i * 8, RAM + i * 4096L | 0x7FF);
    }
    machine.put(second + 8, PA & -1L << 21 | 0x7FD);
    msr(cpu, SysReg.VTTBR_EL2, STAGE2 | 5L << 48);
    msr(cpu, SysReg.VTCR_EL2, 24 | 1 << 6 | 4 << 16);
    msr(cpu, SysReg.VBAR_EL2, 0x8000_2000L);
    msr(cpu, SysReg.HCR_EL2, Hcr.RW | Hcr.VM);
    cpu.enter(1, 1);
    machine.put(PA, 0xAAAA);
  }

  private void fault(Runnable access, long esr, long far, long hpfar) {
    assertThrows(GuestFault.class, access::run);
    cpu.exceptions.takeNoted();
    assertEquals(2, cpu.el);
    assertEquals(esr, cpu.sys(SysReg.ESR_EL2), () -> Long.toHexString(cpu.sys(SysReg.ESR_EL2)));
    assertEquals(far, cpu.sys(SysReg.FAR_EL2));
    assertEquals(hpfar, cpu.sys(SysReg.HPFAR_EL2));
    cpu.enter(1, 1);
  }

  @Test
  void flatGuestGoesThroughStageTwoOnly() {
    machine.put(STAGE2 + 0x2000 + 8, PA & -1L << 21 | 0x7FD);
    assertEquals(0xAAAA, cpu.memory.read(RAM + 0x20_0000, 8));
  }

  @Test
  void missingPageIsReportedWithItsAddress() {
    machine.put(third + 8 * 8, 0);
    cpu.pc = RAM;
    machine.ram.write(0, 4, 0xB940_0422L);
    fault(() -> cpu.memory.read(RAM + 0x8010, 4), 0x9382_0007L, RAM + 0x8010, (RAM + 0x8000) >>> 8);
  }

  @Test
  void writesToReadOnlyPagesFault() {
    machine.put(third + 8 * 8, RAM + 0x8000 | 0x77F & ~0x80);
    machine.put(third + 8 * 8, RAM + 0x8000 | 0x77F);
    cpu.pc = RAM + 0x10_0000;
    cpu.memory.read(RAM + 0x8000, 4);
    fault(() -> cpu.memory.write(RAM + 0x8000, 4, 1), 0x9200_004FL, RAM + 0x8000, (RAM + 0x8000) >>> 8);
  }

  @Test
  void aWindowThatIsReadDirectlyIsSoForAGuestAndItsStoresReachTheDevice() {
    machine.direct = new Ram(FlatMachine.DEVICE, 4096);
    machine.put(third + 8 * 8, FlatMachine.DEVICE | 0x7FF);
    machine.enableMmu(cpu);
    machine.map(0x5000_1000L, RAM + 0x8000, 0);
    long va = 0x5000_1010L;
    TlbEntry entry = cpu.mmu.data(va, false, false);
    assertEquals(0x5000_1000L | cpu.readContext, entry.read, "loads need no call");
    assertSame(machine.direct.heap, entry.heap);
    assertEquals(machine.direct.place + 0x10, va + entry.delta);
    cpu.memory.write(va, 4, 5);
    assertEquals(0, cpu.mmu.data(va, true, false).write);
    assertEquals(List.of("w4 9000010 5"), machine.accesses);
    machine.direct = null;
    cpu.windowChanged();
    assertEquals(0, entry.read, "the device answers");
    assertEquals(0x1122_3344L, cpu.memory.read(va, 4));
  }

  @Test
  void tableWalksOfTheGuestGoThroughStageTwo() {
    machine.enableMmu(cpu);
    machine.map(0x5000_1000L, RAM + 0x8000, 0);
    machine.put(RAM + 0x8000, 0xCCCC);
    assertEquals(0xCCCC, cpu.memory.read(0x5000_1000L, 8));
    machine.put(third + ((FlatMachine.TABLE - RAM) >>> 12) * 8, 0);
    cpu.mmu.invalidateAll(1);
    fault(() -> cpu.memory.read(0x5000_1000L, 8), 0x9200_0087L, 0x5000_1000L, FlatMachine.TABLE >>> 8);
  }

  @Test
  void machinesAreKeptApart() {
    assertEquals(0xAAAA, cpu.memory.read(RAM + 0x20_0000, 8));
    machine.put(STAGE2 + 0x2000 + 8, RAM + 0x60_0000 | 0x7FD);
    machine.put(RAM + 0x60_0000, 0xDDDD);
    assertEquals(0xAAAA, cpu.memory.read(RAM + 0x20_0000, 8), "not invalidated");
    cpu.enter(2, 1);
    msr(cpu, SysReg.VTTBR_EL2, STAGE2 | 6L << 48);
    cpu.enter(1, 1);
    assertEquals(0xDDDD, cpu.memory.read(RAM + 0x20_0000, 8));
  }

  @Test
  void addressTranslationForAGuest() {
    cpu.enter(2, 1);
    cpu.operations.execute(SystemRegister.id(1, 4, 7, 8, 4), 0, RAM + 0x8000);
    assertEquals(RAM + 0x8000, cpu.sys(SysReg.PAR_EL1) & 0xFFFF_FFFF_F001L);
    machine.put(third + 8 * 8, 0);
    cpu.operations.execute(SystemRegister.id(1, 4, 7, 8, 4), 0, RAM + 0x8000);
    assertEquals(1 | 7 << 1 | 1 << 9 | 1 << 11, cpu.sys(SysReg.PAR_EL1));
  }
}
