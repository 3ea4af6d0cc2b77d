// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.a64.arch.FlatMachine.RAM;
import static org.xenolith.a64.arch.FlatMachine.msr;
import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** Stage 1 with pages of 4, 16 and 64 KiB: levels, blocks, faults, and what TLB maintenance by address reaches. */
class GranulesTest {
  private static final Set<Granule> ALL = EnumSet.allOf(Granule.class);
  private static final long TABLES = RAM + 0x80_0000;
  private static final long PA = RAM + 0x20_0000;
  private static final long OTHER = RAM + 0x40_0000;
  private static final int[] SMALL_ENCODING = {0, 2, 1};
  private static final int[] HIGH_ENCODING = {2, 1, 3};
  private FlatMachine machine;
  private Cpu cpu;

  private void power(Set<Granule> granules) {
    machine = new FlatMachine();
    cpu = machine.cpu(CpuConfig.cortexA57(0).withLevels(true, true).withGranules(granules));
    cpu.enter(1, 1);
    msr(cpu, SysReg.MAIR_EL1, FlatMachine.MAIR);
    cpu.sys[SysReg.HCR_EL2.ordinal()] = Hcr.RW;
  }

  /** Both halves of EL1 use the tables, with 44-bit output. */
  private Tables use(Granule granule, int inputBits) {
    Tables tables = Tables.stage1(machine, granule, inputBits, TABLES);
    int size = 64 - inputBits;
    msr(cpu, SysReg.TTBR0_EL1, tables.root);
    msr(cpu, SysReg.TTBR1_EL1, tables.root);
    msr(cpu, SysReg.TCR_EL1, size | (long) size << 16 | (long) SMALL_ENCODING[granule.ordinal()] << 14
        | (long) HIGH_ENCODING[granule.ordinal()] << 30 | 4L << 32 | 1L << 36);
    msr(cpu, SysReg.SCTLR_EL1, 0x30D0_0801L);
    return tables;
  }

  private long read(long va) {
    return cpu.memory.read(va, 8);
  }

  /** The fault status code of a load that aborts. */
  private long fault(long va) {
    assertThrows(GuestFault.class, () -> cpu.memory.read(va, 8), () -> "0x" + Long.toHexString(va));
    cpu.exceptions.takeNoted();
    long esr = cpu.sys(SysReg.ESR_EL1);
    cpu.enter(1, 1);
    return esr & 0x3F;
  }

  /** EL1's {@code TLBI VAE1} and its kin. */
  private void tlbi(int op2, long va) {
    cpu.operations.execute(id(1, 0, 8, 3, op2), 0, va >>> 12 & (1L << 44) - 1);
  }

  @Test
  void everyGranuleWalksFromEveryFirstLevel() {
    for (Granule granule : Granule.values()) {
      for (int bits = 25; bits <= 48; bits++) {
        power(ALL);
        Tables tables = use(granule, bits);
        long va = 0x1234_5678_9ABCL & (1L << bits) - 1 & -1L << granule.shift;
        tables.put(va, 3, PA | 0x703);
        for (int offset = 0; offset < granule.bytes(); offset += 4096) {
          machine.put(PA + offset + 0x18, offset + 7);
          assertEquals(offset + 7, read(va + offset + 0x18), granule + ", " + bits + " bits");
          assertEquals(offset + 7, read((va | -1L << bits) + offset + 0x18), "upper half, " + granule + ", " + bits + " bits");
        }
        assertEquals(0x4, fault(1L << bits), "above the range");
      }
    }
  }

  @Test
  void blocksAreWhereTheGranuleHasThem() {
    int[][] levels = {{1, 2}, {2}, {2}};
    for (Granule granule : Granule.values()) {
      power(ALL);
      Tables tables = use(granule, 48);
      for (int level = 0; level < 3; level++) {
        int at = level;
        if (level < tables.start()) {
          continue;
        }
        long va = (5L << 40) + ((long) level << 38);
        long size = 1L << tables.shift(level);
        tables.put(va, level, PA & -size | 0x701);
        if (List.of(1, 2).contains(level) && java.util.Arrays.stream(levels[granule.ordinal()]).anyMatch(l -> l == at)) {
          long offset = PA - (PA & -size) + 0x1008;
          machine.put(PA + 0x1008, 0xB10C);
          assertEquals(0xB10C, read(va + offset), granule + ", level " + level);
        } else {
          assertEquals(0x4 | level, fault(va), granule + ", level " + level);
        }
      }
    }
  }

  @Test
  void faultsNameTheLevel() {
    for (Granule granule : List.of(Granule.K16, Granule.K64)) {
      power(ALL);
      Tables tables = use(granule, 48);
      long va = 0x1234_5678_0000L;
      for (int level = tables.start(); level <= 3; level++) {
        assertEquals(0x4 | level, fault(va), granule + ": invalid");
        tables.put(va, level, 1L << 45 | 3);
        assertEquals(level, fault(va), granule + ": address size");
        tables.put(va, level, 0x10_0000_0003L);
        assertEquals(level == 3 ? 0xB : 0x15 + level, fault(va), granule + ": not in memory, or never accessed");
        tables.put(va, level, 0);
        if (level < 3) {
          tables.entry(va, level + 1);
        }
      }
      tables.put(va, 3, PA | 0x701);
      assertEquals(0x7, fault(va), "reserved");
      tables.put(va, 3, PA | 0x703 | 1 << 7);
      assertEquals(0x7, read(va) == 0 ? writeFault(va) & 7 : -1);
      msr(cpu, SysReg.TTBR0_EL1, 1L << 46);
      cpu.mmu.invalidateAll(1);
      assertEquals(0, fault(va), "the table's own address");
    }
  }

  private long writeFault(long va) {
    assertThrows(GuestFault.class, () -> cpu.memory.write(va, 8, 0));
    cpu.exceptions.takeNoted();
    cpu.enter(1, 1);
    assertEquals(0xF, cpu.sys(SysReg.ESR_EL1) & 0x3F);
    return 0x7;
  }

  @Test
  void reservedBitsOfLargerPagesAreNoAddress() {
    for (Granule granule : List.of(Granule.K16, Granule.K64)) {
      power(ALL);
      Tables tables = use(granule, 39);
      long inner = granule.bytes() - 4096;
      tables.put(0x5000_0000L, 3, PA | inner | 0x703);
      machine.put(PA + 8, 0xAA);
      assertEquals(0xAA, read(0x5000_0008L));
      long above = tables.entry(0x5000_0000L, 2);
      machine.put(above, machine.get(above) | inner);
      cpu.mmu.invalidateAll(1);
      assertEquals(0xAA, read(0x5000_0008L));
    }
  }

  @Test
  void contiguousEntriesAreOrdinaryOnes() {
    for (Granule granule : Granule.values()) {
      power(ALL);
      Tables tables = use(granule, 39);
      tables.put(0x5000_0000L, 3, PA | 1L << 52 | 0x703);
      machine.put(PA + 8, 0xAA);
      assertEquals(0xAA, read(0x5000_0008L));
      assertEquals(0x7, fault(0x5000_0000L + granule.bytes()));
    }
  }

  @Test
  void halvesMayDiffer() {
    power(ALL);
    use(Granule.K16, 48).put(0x7000_0000L, 3, PA | 0x703);
    Tables upper = Tables.stage1(machine, Granule.K64, 42, TABLES + 0x20_0000);
    upper.put(0x7000_0000L, 3, OTHER | 0x703);
    msr(cpu, SysReg.TTBR1_EL1, upper.root);
    msr(cpu, SysReg.TCR_EL1, 16 | 22L << 16 | 2L << 14 | 3L << 30 | 4L << 32);
    machine.put(PA + 0x3FF8, 0xAA);
    machine.put(OTHER + 0xFFF8, 0xBB);
    assertEquals(0xAA, read(0x7000_3FF8L));
    assertEquals(0xBB, read(-1L << 42 | 0x7000_FFF8L));
  }

  @Test
  void whatIsNotBuiltActsAsTheSmallestThatIs() {
    // 4 KiB is built, 16 KiB is asked for.
    power(Granule.DEFAULT);
    use(Granule.K4, 39).put(0x5000_1000L, 3, PA | 0x703);
    machine.put(PA, 0xAA);
    long four = cpu.sys(SysReg.TCR_EL1);
    for (long encoding : new long[] {1L << 14 | 1L << 30, 2L << 14 | 3L << 30, 3L << 14}) {
      msr(cpu, SysReg.TCR_EL1, four & ~(3L << 14 | 3L << 30) | encoding);
      cpu.mmu.invalidateAll(1);
      assertEquals(0xAA, read(0x5000_1000L));
      assertEquals(0xAA, read(-1L << 39 | 0x5000_1000L));
      assertEquals(encoding, cpu.registers.read(SysReg.TCR_EL1.id, 0) & (3L << 14 | 3L << 30), "as written");
    }
    // 16 and 64 KiB are built, 4 KiB is asked for.
    power(EnumSet.of(Granule.K64, Granule.K16));
    use(Granule.K16, 39).put(0x5000_4000L, 3, PA | 0x703);
    machine.put(PA + 0x3000, 0xAA);
    msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) & ~(3L << 14 | 3L << 30) | 2L << 30);
    assertEquals(0xAA, read(0x5000_7000L));
    assertEquals(0xAA, read(-1L << 39 | 0x5000_7000L));
  }

  @Test
  void otherRegimesHaveTheirOwnGranule() {
    power(ALL);
    for (int el = 2; el <= 3; el++) {
      Tables tables = Tables.stage1(machine, Granule.values()[el - 1], 42, TABLES + el * 0x20_0000L);
      tables.put(0x5000_0000L, 3, PA | 0x403);
      cpu.enter(el, 1);
      msr(cpu, el == 2 ? SysReg.TTBR0_EL2 : SysReg.TTBR0_EL3, tables.root);
      msr(cpu, el == 2 ? SysReg.TCR_EL2 : SysReg.TCR_EL3, 22 | SMALL_ENCODING[el - 1] << 14 | 4 << 16);
      msr(cpu, el == 2 ? SysReg.MAIR_EL2 : SysReg.MAIR_EL3, 0xFF);
      msr(cpu, el == 2 ? SysReg.SCTLR_EL2 : SysReg.SCTLR_EL3, 1);
      machine.put(PA + 0x2008, el);
      assertEquals(el, read(0x5000_2008L));
    }
  }

  @Test
  void invalidatingAnyPartOfALargePageDropsAllOfItAndNoMore() {
    for (Granule granule : Granule.values()) {
      power(ALL);
      Tables tables = use(granule, 39);
      long va = 0x5000_0000L;
      long last = va + granule.bytes() - 4096;
      long neighbour = va + granule.bytes();
      tables.put(va, 3, PA | 0x703);
      tables.put(neighbour, 3, PA + granule.bytes() | 0x703);
      machine.put(PA, 1);
      machine.put(PA + granule.bytes() - 4096, granule == Granule.K4 ? 1 : 2);
      machine.put(PA + granule.bytes(), 3);
      read(va);
      read(last);
      read(neighbour);
      tables.put(va, 3, OTHER | 0x703);
      tables.put(neighbour, 3, OTHER | 0x703);
      machine.put(OTHER, 11);
      machine.put(OTHER + granule.bytes() - 4096, granule == Granule.K4 ? 11 : 12);
      assertEquals(1, read(va), "stale");
      tlbi(1, last);
      assertEquals(11, read(va), granule + ": the first part");
      assertEquals(granule == Granule.K4 ? 11 : 12, read(last), granule + ": the last part");
      assertEquals(3, read(neighbour), granule + ": the neighbour stays");
      tables.put(va, 3, PA | 0x703);
      tlbi(3, va);
      assertEquals(granule == Granule.K4 ? 1 : 2, read(last), "by the first part");
    }
  }

  @Test
  void invalidatingAPageOfALargeBlockDropsTheBlock() {
    for (Granule granule : Granule.values()) {
      power(ALL);
      Tables tables = use(granule, 48);
      long va = 0x80_0000_0000L;
      long size = 1L << tables.shift(2);
      tables.put(va, 2, PA & -size | 0x701);
      long offset = PA - (PA & -size);
      machine.put(PA, 1);
      assertEquals(1, read(va + offset));
      tables.put(va, 2, 0);
      assertEquals(1, read(va + offset), "stale");
      tlbi(1, va + size - 4096);
      assertEquals(0x6, fault(va + offset), granule + " block");
    }
  }

  @Test
  void pagesOfSeveralSizesLiveSideBySide() {
    power(ALL);
    machine.put(PA, 16);
    machine.put(PA + 0x3000, 19);
    use(Granule.K16, 39).put(0x5000_0000L, 3, PA | 0x703);
    read(0x5000_0000L);
    read(0x5000_3000L);
    // Another granule in the same regime, without invalidation: what was cached keeps its size.
    Tables small = Tables.stage1(machine, Granule.K4, 39, TABLES + 0x20_0000);
    small.put(0x5000_1000L, 3, OTHER | 0x703);
    machine.put(OTHER, 4);
    msr(cpu, SysReg.TTBR0_EL1, small.root);
    msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) & ~(3L << 14));
    assertEquals(4, read(0x5000_1000L));
    tlbi(1, 0x5000_2000L);
    assertEquals(4, read(0x5000_1000L), "4 KiB, another page");
    small.put(0x5000_1000L, 3, 0);
    assertEquals(4, read(0x5000_1000L), "not invalidated");
    assertEquals(0x7, fault(0x5000_3000L), "16 KiB, the same page");
  }

  @Test
  void snapshotsKeepTheSizeOfWhatIsCached() {
    power(ALL);
    Tables tables = use(Granule.K64, 39);
    tables.put(0x5000_0000L, 3, PA | 0x703);
    machine.put(PA + 0xF000, 1);
    read(0x5000_F000L);
    tables.put(0x5000_0000L, 3, OTHER | 0x703);
    machine.put(OTHER + 0xF000, 2);
    StateRecord record = cpu.state().save();
    Cpu second = new Cpu(0, cpu.config, machine);
    second.state().restore(record);
    second.restored();
    assertEquals(1, second.memory.read(0x5000_F000L, 8));
    second.operations.execute(id(1, 0, 8, 7, 1), 0, 0x5000_0000L >>> 12);
    assertEquals(2, second.memory.read(0x5000_F000L, 8));
  }

  @Test
  void addressTranslationGivesTheAddressWithinThePage() {
    power(ALL);
    use(Granule.K64, 39).put(0x5000_0000L, 3, PA | 0x703);
    cpu.operations.execute(id(1, 0, 7, 8, 0), 0, 0x5000_A123L);
    assertEquals(0xFFL << 56 | PA + 0xA000 | 1 << 11 | 3 << 7, cpu.sys(SysReg.PAR_EL1));
    cpu.operations.execute(id(1, 0, 7, 8, 0), 0, 0x5001_0000L);
    assertEquals(1 | 7 << 1 | 1 << 11, cpu.sys(SysReg.PAR_EL1));
  }

  @Test
  void identificationSaysWhichAreBuilt() {
    assertEquals(0x0F00_0024L, features(Granule.DEFAULT));
    assertEquals(0x0010_0024L, features(ALL));
    assertEquals(0x0000_0024L, features(EnumSet.of(Granule.K4, Granule.K64)));
    assertEquals(0xFF10_0024L, features(EnumSet.of(Granule.K16)));
    assertEquals(0xF000_0024L, features(EnumSet.of(Granule.K64)));
  }

  private long features(Set<Granule> granules) {
    power(granules);
    // TGran4_2, TGran16_2 and TGran64_2 (43:32) are 0: stage 2 has what stage 1 has.
    return cpu.registers.read(id(3, 0, 0, 7, 0), 0);
  }

  @Test
  void listsAreReadAndWritten() {
    assertEquals(ALL, Granule.parse("64k,4k,16K"));
    assertEquals("4k,16k,64k", Granule.list(ALL));
    for (String bad : List.of("", "4", "4k,", "8k", "4k 16k")) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Granule.parse(bad));
      assertEquals("expected one or more of 4k,16k,64k, got '" + bad + "'", refused.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> CpuConfig.cortexA57(0).withGranules(Set.of()));
  }
}
