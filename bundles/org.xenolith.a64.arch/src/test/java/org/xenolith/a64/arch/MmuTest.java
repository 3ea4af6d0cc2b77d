// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.arch.FlatMachine.NOT_GLOBAL;
import static org.xenolith.a64.arch.FlatMachine.RAM;
import static org.xenolith.a64.arch.FlatMachine.READ_ONLY;
import static org.xenolith.a64.arch.FlatMachine.USER;
import static org.xenolith.a64.arch.FlatMachine.msr;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** Stage 1 of VMSAv8-64, its faults, and the TLB's visible behaviour. */
class MmuTest {
  private static final long VA = 0x12_3456_7000L;
  private static final long PA = RAM + 0x20_0000;
  private static final long OTHER = RAM + 0x30_0000;
  private FlatMachine machine;
  private Cpu cpu;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
    machine.enableMmu(cpu);
    machine.put(PA, 0xAAAA);
    machine.put(OTHER, 0xBBBB);
  }

  private long esr() {
    return cpu.sys(SysReg.ESR_EL1);
  }

  /** Expects a data abort of a load at {@code va}; returns ESR_EL1. */
  private long loadFault(long va) {
    return fault(() -> cpu.memory.read(va, 8));
  }

  private long fault(Runnable access) {
    assertThrows(GuestFault.class, access::run);
    int el = cpu.el;
    cpu.pc = 0x1234;
    cpu.exceptions.takeNoted();
    assertEquals(0x1234, cpu.sys(SysReg.ELR_EL1));
    cpu.enter(el, el == 0 ? 0 : 1);
    return esr();
  }

  @Test
  void pageIsFoundThroughThreeLevels() {
    machine.map(VA, PA, 0);
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
    cpu.memory.write(VA + 8, 4, 0x1_2345_6789L);
    assertEquals(0x2345_6789L, machine.get(PA + 8));
  }

  @Test
  void upperHalfUsesTheSecondBase() {
    machine.map(VA, PA, 0);
    assertEquals(0xAAAA, cpu.memory.read(VA | -1L << 39, 8));
    assertEquals(0x9600_0004L, loadFault(VA | 1L << 45));
  }

  @Test
  void blockCoversTwoMebibytes() {
    machine.mapBlock(VA, PA, 0);
    machine.put(PA + 0x16_7018, 77);
    assertEquals(77, cpu.memory.read(VA & -1L << 21 | 0x16_7018, 8));
  }

  @Test
  void missingEntriesNameTheirLevel() {
    assertEquals(0x9600_0005L, loadFault(VA));
    assertEquals(VA, cpu.sys(SysReg.FAR_EL1));
    machine.map(VA + 0x1000, PA, 0);
    assertEquals(0x9600_0007L, loadFault(VA));
    assertEquals(0x9600_0006L, loadFault(VA + (1 << 21)));
    assertEquals(0x9600_0047L, fault(() -> cpu.memory.write(VA + 4, 4, 0)));
    assertEquals(VA + 4, cpu.sys(SysReg.FAR_EL1));
  }

  @Test
  void accessFlagAndAddressSizeFault() {
    machine.map(VA, PA, 0);
    long second = machine.get(FlatMachine.TABLE + (VA >>> 30 & 511) * 8) & -4096;
    long third = (machine.get(second + (VA >>> 21 & 511) * 8) & -4096) + (VA >>> 12 & 511) * 8;
    machine.put(third, PA | 3);
    assertEquals(0x9600_000BL, loadFault(VA));
    machine.put(third, PA | 1L << 45 | 0x403);
    assertEquals(0x9600_0003L, loadFault(VA));
    machine.put(third, machine.get(third) & ~(1L << 45));
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
  }

  /** What a translation says of an address, as AT S1E1R leaves it in PAR_EL1. */
  private long translated(long va) {
    cpu.operations.execute(SystemRegister.id(1, 0, 7, 8, 0), 0, va);
    return cpu.sys(SysReg.PAR_EL1);
  }

  @Test
  void physicalAddressesHaveAsManyBitsAsTheCpu() {
    long uart = 0x87E0_2400_0000L;
    for (int bits : CpuConfig.PHYSICAL_SIZES) {
      int encoding = CpuConfig.PHYSICAL_SIZES.indexOf(bits);
      machine = new FlatMachine();
      cpu = machine.cpu(CpuConfig.cortexA57(0).withPhysicalBits(bits));
      assertEquals(encoding, cpu.registers.read(SystemRegister.id(3, 0, 0, 7, 0), 0) & 15, "PARange");
      boolean reaches = uart >>> bits == 0;
      assertEquals(reaches ? uart : 1, translated(uart) & (reaches ? 0xFFFF_FFFF_F000L : 0x7F), "without tables, " + bits + " bits");
      machine.enableMmu(cpu);
      msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) | 7L << 32);
      machine.map(VA, uart, 0);
      // A fault's status is in bits 6:1, an address size fault of level 3 is 3.
      assertEquals(reaches ? uart : 3 << 1 | 1, translated(VA) & (reaches ? 0xFFFF_FFFF_F000L : 0x7F), "by tables, " + bits + " bits");
      msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) & ~(7L << 32) | 3L << 32);
      cpu.operations.execute(SystemRegister.id(1, 0, 8, 7, 0), 0, 0);
      assertEquals(3 << 1 | 1, translated(VA) & 0x7F, "TCR_EL1.IPS says 42, of " + bits + " bits");
    }
  }

  @Test
  void permissionsAreThoseOfTheLevel() {
    machine.map(VA, PA, 0);
    machine.map(VA + 0x1000, PA, USER | READ_ONLY);
    assertEquals(0x9600_004FL, fault(() -> cpu.memory.write(VA + 0x1000, 8, 1)));
    assertThrows(GuestFault.class, () -> cpu.memory.read(VA, 8, true));
    cpu.enter(0, 0);
    assertEquals(0xAAAA, cpu.memory.read(VA + 0x1000, 8));
    assertEquals(0x9200_000FL, loadFault(VA));
  }

  @Test
  void whatUsersWriteIsNotExecutedByTheKernel() {
    machine.map(VA, PA, USER);
    machine.map(VA + 0x1000, PA, FlatMachine.EXECUTE_NEVER);
    assertEquals(0x8600_000FL, fault(() -> cpu.mmu.code(VA)));
    assertEquals(0x8600_000FL, fault(() -> cpu.mmu.code(VA + 0x1000)));
    cpu.enter(0, 0);
    assertEquals(PA, cpu.mmu.code(VA).frame);
  }

  @Test
  void privilegedAccessNeverGuardsUserPages() {
    machine = new FlatMachine();
    cpu = machine.cpu(CpuConfig.cortexA57(0).withPan(true));
    machine.enableMmu(cpu);
    machine.map(VA, PA, USER);
    cpu.memory.read(VA, 8);
    cpu.registers.setPan(1);
    assertEquals(0x9600_000FL, loadFault(VA));
    cpu.registers.setPan(1);
    cpu.memory.read(VA, 8, true);
    cpu.registers.setPan(0);
    cpu.memory.read(VA, 8);
  }

  @Test
  void staleEntryLivesUntilItIsInvalidated() {
    machine.map(VA, PA, 0);
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
    machine.map(VA, OTHER, 0);
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
    cpu.operations.execute(tlbi(3), 0, VA >>> 12);
    assertEquals(0xBBBB, cpu.memory.read(VA, 8));
    machine.map(VA, PA, 0);
    cpu.operations.execute(tlbi(0), 0, 0);
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
  }

  private static int tlbi(int op2) {
    return SystemRegister.id(1, 0, 8, 3, op2);
  }

  @Test
  void invalidatingOnePageOfABlockDropsTheBlock() {
    machine.mapBlock(VA, PA, 0);
    long far = VA & -1L << 21 | 0x10_0000;
    machine.put(PA + 0x10_0000, 5);
    assertEquals(5, cpu.memory.read(far, 8));
    machine.mapBlock(VA, RAM + 0x40_0000, 0);
    machine.put(RAM + 0x50_0000, 6);
    assertEquals(5, cpu.memory.read(far, 8));
    cpu.operations.execute(tlbi(1), 0, VA >>> 12);
    assertEquals(6, cpu.memory.read(far, 8));
  }

  @Test
  void addressSpacesAreKeptApartWithoutAFlush() {
    machine.map(VA, PA, NOT_GLOBAL);
    machine.map(VA + 0x1000, PA, 0);
    asid(1);
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
    cpu.memory.read(VA + 0x1000, 8);
    machine.map(VA, OTHER, NOT_GLOBAL);
    machine.map(VA + 0x1000, OTHER, 0);
    asid(2);
    assertEquals(0xBBBB, cpu.memory.read(VA, 8));
    assertEquals(0xAAAA, cpu.memory.read(VA + 0x1000, 8), "global entries belong to every address space");
    asid(1);
    assertEquals(0xBBBB, cpu.memory.read(VA, 8), "direct-mapped: the other address space has taken the entry");
    machine.map(VA, PA, NOT_GLOBAL);
    cpu.operations.execute(tlbi(2), 0, 2L << 48);
    assertEquals(0xBBBB, cpu.memory.read(VA, 8), "another address space was invalidated");
    cpu.operations.execute(tlbi(2), 0, 1L << 48);
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
    assertEquals(0xAAAA, cpu.memory.read(VA + 0x1000, 8), "global entries survive");
  }

  private void asid(long value) {
    msr(cpu, SysReg.TTBR0_EL1, FlatMachine.TABLE | value << 48);
  }

  @Test
  void topByteIsIgnoredWhereAsked() {
    machine.map(VA, PA, 0);
    long tagged = VA | 0x5AL << 56;
    assertEquals(0x9600_0004L, loadFault(tagged));
    msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) | 1L << 37);
    assertEquals(0xAAAA, cpu.memory.read(tagged, 8));
    assertEquals(0xAAAA, cpu.memory.read(VA, 8));
    machine.map(VA, OTHER, 0);
    cpu.operations.execute(tlbi(3), 0, VA >>> 12);
    assertEquals(0xBBBB, cpu.memory.read(tagged, 8));
  }

  @Test
  void disabledWalksFault() {
    machine.map(VA, PA, 0);
    msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) | 1 << 7);
    assertEquals(0x9600_0004L, loadFault(VA));
    assertEquals(0xAAAA, cpu.memory.read(VA | -1L << 39, 8));
  }

  @Test
  void writeExecuteNeverTakesExecutionFromWritablePages() {
    machine.map(VA, PA, 0);
    machine.map(VA + 0x1000, PA, READ_ONLY);
    msr(cpu, SysReg.SCTLR_EL1, cpu.sys(SysReg.SCTLR_EL1) | 1 << 19);
    assertThrows(GuestFault.class, () -> cpu.mmu.code(VA));
    assertEquals(PA, cpu.mmu.code(VA + 0x1000).frame);
  }

  @Test
  void anotherTopByteHasNoTagsOfThePagesOtherNames() {
    machine.map(VA, PA, 0);
    msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) | 1L << 37);
    cpu.memory.read(VA, 8);
    TlbEntry entry = cpu.data[Cpu.tlbIndex(VA)];
    assertEquals(VA | cpu.readContext, entry.read);
    long tagged = VA | 5L << 56;
    cpu.memory.write(tagged, 8, 3);
    assertSame(entry, cpu.data[Cpu.tlbIndex(tagged)]);
    assertEquals(tagged | cpu.writeContext, entry.write);
    assertEquals(entry.ram.place + PA - RAM, tagged + entry.delta);
    assertNotEquals(VA | cpu.readContext, entry.read, "the inline path would read elsewhere");
    assertEquals(3, cpu.memory.read(VA, 8));
  }

  @Test
  void inlineTagsHoldUntilTheContextChanges() {
    machine.map(VA, PA, 0);
    cpu.memory.read(VA, 8);
    TlbEntry entry = cpu.data[Cpu.tlbIndex(VA)];
    assertEquals(VA | cpu.readContext, entry.read);
    assertNotEquals(VA | cpu.writeContext, entry.write);
    cpu.memory.write(VA, 8, 3);
    assertEquals(VA | cpu.writeContext, entry.write);
    assertEquals(entry.ram.place + PA - RAM, VA + entry.delta);
    cpu.enter(0, 0);
    assertNotEquals(VA | cpu.readContext, entry.read);
    cpu.enter(1, 1);
    assertEquals(VA | cpu.readContext, entry.read);
    cpu.operations.execute(tlbi(0), 0, 0);
    assertNotEquals(VA | cpu.readContext, entry.read);
  }

  @Test
  void pagesWithDecodedCodeAreNotWrittenInline() {
    machine.map(VA, PA, 0);
    cpu.memory.write(VA, 8, 1);
    TlbEntry entry = cpu.data[Cpu.tlbIndex(VA)];
    machine.ram.markCode((int) (PA - RAM));
    cpu.mmu.codeMarked();
    assertNotEquals(VA | cpu.writeContext, entry.write);
    boolean[] told = new boolean[1];
    machine.ram.listen((ram, offset, length) -> told[0] = offset == PA - RAM && length == 8);
    cpu.memory.write(VA, 8, 2);
    assertTrue(told[0]);
    cpu.memory.write(VA, 8, 3);
    assertEquals(VA | cpu.writeContext, entry.write);
  }

  @Test
  void numbersOfContextsNeverComeBackToOldTags() {
    machine.map(VA, PA, NOT_GLOBAL);
    for (int i = 0; i < 20_000; i++) {
      asid(i & 0xFFFF);
      machine.map(VA, (i & 1) == 0 ? PA : OTHER, NOT_GLOBAL);
      assertEquals((i & 1) == 0 ? 0xAAAA : 0xBBBB, cpu.memory.read(VA, 8), "round " + i);
    }
  }

  @Test
  void tagsHoldAgainWhenAnAddressSpaceComesBack() {
    machine.map(VA, PA, NOT_GLOBAL);
    asid(1);
    cpu.memory.read(VA, 8);
    cpu.memory.write(VA, 8, 1);
    TlbEntry entry = cpu.data[Cpu.tlbIndex(VA)];
    asid(2);
    assertNotEquals(VA | cpu.readContext, entry.read);
    assertNotEquals(VA | cpu.writeContext, entry.write);
    asid(1);
    assertEquals(VA | cpu.readContext, entry.read);
    assertEquals(VA | cpu.writeContext, entry.write);
    asid(2);
    cpu.operations.execute(tlbi(0), 0, 0);
    asid(1);
    assertNotEquals(VA | cpu.readContext, entry.read);
  }

  @Test
  void pagesThatBecameCodeAreNotWrittenInlineByAnAddressSpaceThatComesBack() {
    machine.map(VA, PA, NOT_GLOBAL);
    asid(1);
    cpu.memory.read(VA, 8);
    cpu.memory.write(VA, 8, 1);
    TlbEntry entry = cpu.data[Cpu.tlbIndex(VA)];
    asid(2);
    machine.ram.markCode((int) (PA - RAM));
    cpu.mmu.codeMarked();
    asid(1);
    assertEquals(VA | cpu.readContext, entry.read);
    assertNotEquals(VA | cpu.writeContext, entry.write);
  }

  @Test
  void tagsOfEl1HoldInAllAddressSpacesUntilAPageIsNotGlobal() {
    long own = VA + 0x1000;
    machine.map(VA, PA, 0);
    machine.map(own, OTHER, NOT_GLOBAL);
    asid(1);
    cpu.memory.read(VA, 8);
    TlbEntry entry = cpu.data[Cpu.tlbIndex(VA)];
    asid(2);
    assertEquals(VA | cpu.readContext, entry.read);
    cpu.memory.read(own, 8);
    assertNotEquals(VA | cpu.readContext, entry.read, "numbers of its own");
    assertEquals(own | cpu.readContext, cpu.data[Cpu.tlbIndex(own)].read);
    asid(1);
    assertNotEquals(own | cpu.readContext, cpu.data[Cpu.tlbIndex(own)].read, "a page of another address space");
    asid(2);
    assertEquals(own | cpu.readContext, cpu.data[Cpu.tlbIndex(own)].read);
  }

  @Test
  void restoredStateHasTheSameStaleEntries() {
    machine.map(VA, PA, 0);
    cpu.memory.read(VA, 8);
    machine.map(VA, OTHER, 0);
    StateRecord record = cpu.state().save();
    Cpu second = new Cpu(0, CpuConfig.cortexA57(0), machine);
    second.state().restore(record);
    second.restored();
    assertEquals(0xAAAA, second.memory.read(VA, 8));
    assertEquals(record, second.state().save());
    second.reset();
    assertFalse(second.powered());
  }

  @Test
  void addressTranslationGivesParOrAFault() {
    machine.map(VA, PA, FlatMachine.DEVICE_MEMORY);
    cpu.operations.execute(SystemRegister.id(1, 0, 7, 8, 0), 0, VA + 0x123);
    assertEquals(PA | 0x04L << 56 | 1 << 11 | 2 << 7, cpu.sys(SysReg.PAR_EL1));
    cpu.operations.execute(SystemRegister.id(1, 0, 7, 8, 2), 0, VA);
    assertEquals(0x81F, cpu.sys(SysReg.PAR_EL1), "permission fault, level 3");
  }

  private boolean toDevice(boolean store) {
    long tag = VA | (store ? cpu.writeContext : cpu.readContext);
    return cpu.data[Cpu.tlbIndex(VA)].isDevice(store, tag);
  }

  @Test
  void deviceHasItsOwnTagsUntilThePageIsInvalidated() {
    machine.map(VA, FlatMachine.DEVICE, FlatMachine.DEVICE_MEMORY | READ_ONLY);
    assertFalse(toDevice(false));
    cpu.mmu.data(VA, false, false);
    assertTrue(toDevice(false));
    assertFalse(toDevice(true));
    assertThrows(GuestFault.class, () -> cpu.mmu.data(VA, true, false));
    assertFalse(toDevice(true));
    cpu.enter(0, 0);
    assertFalse(toDevice(false));
    cpu.enter(1, 1);
    assertTrue(toDevice(false));
    cpu.operations.execute(tlbi(1), 0, VA >>> 12);
    assertFalse(toDevice(false));
  }

  @Test
  void memoryIsNoDevice() {
    machine.map(VA, PA, FlatMachine.DEVICE_MEMORY);
    cpu.mmu.data(VA, false, false);
    assertFalse(toDevice(false));
  }
}
