// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** Translation against the rules of the Intel SDM, volume 3, chapter 5, written down a second time. */
class PagingTest {
  private static final int ROOT = 0x10000;
  private static final long ACCESSED = 1 << 5;
  private static final long DIRTY = 1 << 6;
  private static final long HUGE_RESERVED = 1L << 51;
  /** An access, and what may be asked of it. */
  private static final int READ = 0;
  private static final int STORE = 1;
  private static final int FETCH = 2;
  private static final int FINE = -1;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;
  /** The entries from the top, and where they are; made anew with each case. */
  private final long[] entries = new long[4];
  private final int[] places = new int[4];
  private int leaf;

  /** Tries an access; the error code of its page fault, or {@link #FINE}. */
  private int access(long address, int kind) {
    try {
      if (kind == FETCH) {
        cpu.mmu.code(address);
      } else {
        cpu.mmu.physical(address, kind == STORE);
      }
      return FINE;
    } catch (CpuFault fault) {
      assertEquals(ExceptionVector.PF, cpu.faultVector);
      assertEquals(address, cpu.faultAddress);
      return cpu.faultError;
    }
  }

  private void tables(SplittableRandom random, long address) {
    leaf = random.nextInt(3);
    int at = ROOT;
    for (int level = 3; level >= leaf; level--) {
      int index = 3 - level;
      places[index] = at + (int) (address >>> 12 + 9 * level & 511) * 8;
      at += 0x1000;
      long entry = level == leaf ? 0 : at;
      entry |= level == leaf && level > 0 ? BareCpu.LARGE : 0;
      entry |= random.nextInt(16) == 0 ? 0 : BareCpu.PRESENT;
      entry |= random.nextInt(4) == 0 ? 0 : BareCpu.WRITE;
      entry |= random.nextInt(4) == 0 ? 0 : BareCpu.USER;
      entry |= random.nextInt(8) == 0 ? BareCpu.NO_EXECUTE : 0;
      entry |= random.nextInt(32) == 0 ? HUGE_RESERVED : 0;
      entry |= random.nextInt(32) == 0 && level == 3 ? BareCpu.LARGE : 0;
      entry |= random.nextInt(32) == 0 && level == leaf && level > 0 ? 1 << 13 : 0;
      entry |= random.nextBoolean() ? ACCESSED : 0;
      entry |= random.nextBoolean() && level == leaf ? DIRTY : 0;
      entries[index] = entry;
      machine.ram.write(places[index], 8, entry);
    }
  }

  /** SDM 5.5, 5.6 and 5.7. */
  private int expected(int kind, boolean user) {
    boolean nxe = (cpu.efer & ControlBits.NXE) != 0;
    int error = (kind == STORE ? 2 : 0) | (user ? 4 : 0) | (kind == FETCH && (nxe || (cpu.cr4 & ControlBits.SMEP) != 0) ? 16 : 0);
    boolean write = true;
    boolean reachable = true;
    boolean execute = true;
    for (int level = 3; level >= leaf; level--) {
      long entry = entries[3 - level];
      if ((entry & BareCpu.PRESENT) == 0) {
        return error;
      }
      boolean reserved = (entry & HUGE_RESERVED) != 0 || !nxe && entry < 0 || level == 3 && (entry & BareCpu.LARGE) != 0 || level == leaf
          && level
              > 0 && (entry & 1 << 13) != 0;
      if (reserved) {
        return error | 1 | 8;
      }
      write &= (entry & BareCpu.WRITE) != 0;
      reachable &= (entry & BareCpu.USER) != 0;
      execute &= entry >= 0;
    }
    boolean allowed;
    if (user) {
      allowed = reachable && (kind != STORE || write) && (kind != FETCH || execute);
    } else if (kind == FETCH) {
      allowed = execute && !(reachable && (cpu.cr4 & ControlBits.SMEP) != 0);
    } else {
      boolean kept = reachable && (cpu.cr4 & ControlBits.SMAP) != 0 && (cpu.flags & FlagBits.AC) == 0;
      allowed = !kept && (kind == READ || write || (cpu.cr0 & ControlBits.WP) == 0);
    }
    return allowed ? FINE : error | 1;
  }

  @Test
  void everyAccessIsAllowedOrRefusedAsTheManualSays() {
    SplittableRandom random = new SplittableRandom(5);
    int allowed = 0;
    for (int i = 0; i < 60_000; i++) {
      machine.longMode();
      long address = random.nextLong() << 16 >> 16;
      tables(random, address);
      boolean user = random.nextBoolean();
      cpu.cr0 = cpu.cr0 & ~ControlBits.WP | (random.nextBoolean() ? ControlBits.WP : 0);
      cpu.cr3 = ROOT;
      cpu.cr4 |= (random.nextBoolean() ? ControlBits.SMEP : 0) | (random.nextBoolean() ? ControlBits.SMAP : 0);
      cpu.efer = cpu.efer & ~ControlBits.NXE | (random.nextInt(4) == 0 ? 0 : ControlBits.NXE);
      cpu.flags = random.nextBoolean() ? FlagBits.AC : 0;
      machine.level(user ? 3 : 0);
      cpu.mmu.flushAll();
      int kind = random.nextInt(3);
      int wanted = expected(kind, user);
      String what = "case " + i + ": kind " + kind + ", leaf " + leaf;
      assertEquals(wanted, access(address, kind), what);
      assertEquals(wanted, access(address, kind), what + ", again");
      if (wanted == FINE) {
        allowed++;
        used(kind, what);
      } else {
        refused(wanted, what);
      }
    }
    assertTrue(allowed > 10_000, "cases that say something of allowed accesses: " + allowed);
  }

  /** SDM 5.8: of what was used, and of nothing else. */
  private void used(int kind, String what) {
    for (int level = 3; level >= leaf; level--) {
      long now = machine.ram.read(places[3 - level], 8);
      long changed = now ^ entries[3 - level];
      assertTrue((now & ACCESSED) != 0, what);
      assertEquals(0, changed & ~(ACCESSED | DIRTY), what);
      if (level == leaf && kind == STORE) {
        assertTrue((now & DIRTY) != 0, what);
      } else {
        assertEquals(0, changed & DIRTY, what);
      }
    }
  }

  /** Entries that lead to the last one were used; that one wasn't, whether it isn't there, is malformed, or doesn't allow the access. */
  private void refused(int error, String what) {
    int last = leaf;
    for (int level = 3; level > leaf; level--) {
      boolean ends = (entries[3 - level] & BareCpu.PRESENT) == 0 || (error & 8) != 0 && malformed(level);
      if (ends) {
        last = level;
        break;
      }
    }
    for (int level = 3; level >= leaf; level--) {
      long wanted = level > last ? entries[3 - level] | ACCESSED : entries[3 - level];
      assertEquals(wanted, machine.ram.read(places[3 - level], 8), what + ", level " + level);
    }
  }

  private boolean malformed(int level) {
    long entry = entries[3 - level];
    return (entry & HUGE_RESERVED) != 0 || (cpu.efer & ControlBits.NXE) == 0 && entry < 0 || level == 3 && (entry & BareCpu.LARGE) != 0;
  }

  @Test
  void pagesOfAllSizesAreWhereTheirEntriesSay() {
    machine.longMode();
    cpu.cr3 = ROOT;
    machine.ram.write(ROOT + 8, 8, 0x11000 | 7);
    machine.ram.write(0x11000, 8, 0x12000 | 7);
    machine.ram.write(0x11008, 8, 0x40_0000_0000L >> 8 | 7 | BareCpu.LARGE);
    machine.ram.write(0x12000, 8, 0x13000 | 7);
    machine.ram.write(0x12008, 8, 0xFE00_0000L | 7 | BareCpu.LARGE);
    machine.ram.write(0x13018, 8, 0xFF_FFFF_F000L | 7);
    cpu.mmu.flushAll();
    long base = 1L << 39;
    assertEquals(0xFF_FFFF_FABCL, cpu.mmu.physical(base + 0x3ABC, false));
    assertEquals(0xFE00_0000L + 0x12_3456, cpu.mmu.physical(base + 0x20_0000 + 0x12_3456, false));
    assertEquals(0x4000_0000L + 0x1234_5678, cpu.mmu.physical(base + 0x4000_0000L + 0x1234_5678, true));
  }

  @Test
  void addressesThatAreNotCanonicalAreNotTranslated() {
    machine.longMode();
    assertThrows(CpuFault.class, () -> cpu.mmu.physical(1L << 47, false));
    assertEquals(ExceptionVector.GP, cpu.faultVector);
    assertEquals(0, cpu.faultError);
  }

  /** SDM 5.3: 32-bit paging with pages of 4 KiB and, with PSE-36, of 4 MiB. */
  @Test
  void narrowPagingHasItsOwnFormat() {
    cpu.cr0 = ControlBits.PE | ControlBits.PG | ControlBits.ET;
    cpu.cr3 = ROOT;
    cpu.cr4 = ControlBits.PSE;
    machine.ram.write(ROOT + 4 * 3, 4, 0x11000 | 7);
    machine.ram.write(ROOT + 4 * 4, 4, 5 << 13 | BareCpu.LARGE | 7);
    machine.ram.write(ROOT + 4 * 5, 4, 1 << 21 | BareCpu.LARGE | 7);
    machine.ram.write(0x11000 + 4 * 2, 4, 0x0004_5000 | 5);
    cpu.restored();
    assertEquals(0x4_5678, cpu.mmu.physical(3 << 22 | 2 << 12 | 0x678, false));
    assertEquals(5L << 32 | 0x12_3456, cpu.mmu.physical(4 << 22 | 0x12_3456, false));
    assertEquals(9, access(5 << 22, READ), "bit 21 is reserved");
    cpu.cr0 |= ControlBits.WP;
    cpu.restored();
    assertEquals(3, access(3 << 22 | 2 << 12, STORE));
    cpu.cr4 = 0;
    cpu.restored();
    assertEquals(0, access(4 << 22, READ) & 1, "without PSE it names a table");
  }

  /** SDM 5.4.1: the four pointers are registers, loaded with CR3. */
  @Test
  void pointersOfPaePagingAreRegisters() {
    machine.ram.write(ROOT, 8, 0x11000 | 1);
    machine.ram.write(0x11000, 8, 0x40_0000 | BareCpu.LARGE | 7);
    cpu.cr0 = ControlBits.PE | ControlBits.ET;
    cpu.cr4 = ControlBits.PAE;
    cpu.cr3 = ROOT;
    cpu.restored();
    cpu.controls.cr0(ControlBits.PE | ControlBits.PG);
    assertEquals(0x40_0123, cpu.mmu.physical(0x123, false));
    machine.ram.write(ROOT, 8, 0);
    cpu.mmu.flushAll();
    assertEquals(0x40_0123, cpu.mmu.physical(0x123, false), "what memory has now doesn't count");
    cpu.controls.write(3, ROOT);
    assertEquals(0, access(0x123, READ));
    machine.ram.write(ROOT, 8, 0x11000 | 1 | 2);
    assertThrows(CpuFault.class, () -> cpu.controls.write(3, ROOT));
    assertEquals(ExceptionVector.GP, cpu.faultVector, "R/W is reserved in a pointer");
  }

  // ---- What is kept (SDM 5.10)

  private void map(long address, long frame) {
    machine.ram.write(0x4000 + (int) (address >>> 12) * 8, 8, frame | 7);
  }

  @Test
  void translationsAreKeptUntilTheyAreInvalidated() {
    machine.longMode();
    assertEquals(0x5_0000, cpu.mmu.physical(0x5_0000, false));
    map(0x5_0000, 0x6_0000);
    assertEquals(0x5_0000, cpu.mmu.physical(0x5_0000, false));
    cpu.mmu.invalidate(0x5_0123);
    assertEquals(0x6_0000, cpu.mmu.physical(0x5_0000, false));
    map(0x5_0000, 0x7_0000);
    cpu.controls.write(3, BareCpu.TABLES);
    assertEquals(0x7_0000, cpu.mmu.physical(0x5_0000, false));
  }

  @Test
  void globalPagesOutliveMovesToCr3() {
    machine.longMode();
    cpu.controls.write(4, cpu.cr4 | ControlBits.PGE);
    machine.ram.write(0x4000 + 0x50 * 8, 8, 0x5_0000 | 7 | 1 << 8);
    assertEquals(0x5_0000, cpu.mmu.physical(0x5_0000, false));
    map(0x5_0000, 0x6_0000);
    cpu.controls.write(3, BareCpu.TABLES);
    assertEquals(0x5_0000, cpu.mmu.physical(0x5_0000, false));
    cpu.controls.write(4, cpu.cr4 & ~ControlBits.PGE);
    assertEquals(0x6_0000, cpu.mmu.physical(0x5_0000, false));
  }

  @Test
  void identifiersKeepAddressSpacesApart() {
    machine.longMode();
    cpu.controls.write(4, cpu.cr4 | ControlBits.PCIDE);
    cpu.controls.write(3, BareCpu.TABLES | 1);
    assertEquals(0x5_0000, cpu.mmu.physical(0x5_0000, false));
    map(0x5_0000, 0x6_0000);
    cpu.controls.write(3, BareCpu.TABLES | 2);
    assertEquals(0x5_1000, cpu.mmu.physical(0x5_1000, false));
    cpu.controls.write(3, BareCpu.TABLES | 1 | 1L << 63);
    assertEquals(0x5_0000, cpu.mmu.physical(0x5_0000, false), "not flushed");
    assertEquals(0, cpu.cr3 >>> 63);
    cpu.mmu.invalidate(0, 1, 0x5_0000);
    assertEquals(0x6_0000, cpu.mmu.physical(0x5_0000, false));
    map(0x5_0000, 0x7_0000);
    map(0x5_1000, 0x7_1000);
    cpu.mmu.invalidate(1, 1, 0);
    assertEquals(0x7_0000, cpu.mmu.physical(0x5_0000, false));
    cpu.controls.write(3, BareCpu.TABLES | 2 | 1L << 63);
    assertEquals(0x7_0000, cpu.mmu.physical(0x5_0000, false), "it never had the other space's");
    assertEquals(0x5_1000, cpu.mmu.physical(0x5_1000, false), "its own is still there");
    cpu.mmu.invalidate(3, 0, 0);
    assertEquals(0x7_1000, cpu.mmu.physical(0x5_1000, false));
    assertThrows(CpuFault.class, () -> cpu.mmu.invalidate(4, 0, 0));
    for (int type = 0; type < 4; type++) {
      int each = type;
      assertThrows(CpuFault.class, () -> cpu.mmu.invalidate(each, 0x1000, 0), "bits 63:12 are reserved for all types");
    }
    assertThrows(CpuFault.class, () -> cpu.mmu.invalidate(0, 1, 1L << 47));
  }

  /** INVLPG of any address of a large page drops all that it made. */
  @Test
  void largePagesAreInvalidatedAsAWhole() {
    machine.longMode();
    machine.ram.write(0x3000 + 8, 8, 0x20_0000 | BareCpu.LARGE | 7);
    for (int page = 0; page < 512; page += 37) {
      assertEquals(0x20_0000 + page * 4096, cpu.mmu.physical(0x20_0000 + page * 4096, false));
    }
    machine.ram.write(0x3000 + 8, 8, 0x40_0000 | BareCpu.LARGE | 7);
    cpu.mmu.invalidate(0x20_0000 + 5 * 4096);
    for (int page = 0; page < 512; page += 37) {
      assertEquals(0x40_0000 + page * 4096, cpu.mmu.physical(0x20_0000 + page * 4096, false));
    }
  }

  /** A store that reaches into a page which can't be written changes nothing. */
  @Test
  void storeAcrossPagesIsWholeOrNotAtAll() {
    machine.longMode();
    machine.ram.write(0x4000 + 0x51 * 8, 8, 0x5_1000 | 5);
    machine.level(3);
    machine.ram.write(0x5_0FF8, 8, 0x1111_1111_1111_1111L);
    assertThrows(CpuFault.class, () -> cpu.store64(0x5_0FFC, -1));
    assertEquals(0x5_1000, cpu.faultAddress);
    assertEquals(7, cpu.faultError);
    assertEquals(0x1111_1111_1111_1111L, machine.ram.read(0x5_0FF8, 8));
    map(0x5_1000, 0x6_1000);
    cpu.mmu.invalidate(0x5_1000);
    cpu.store64(0x5_0FFC, 0x0807_0605_0403_0201L);
    assertEquals(0x0403_0201_1111_1111L, machine.ram.read(0x5_0FF8, 8));
    assertEquals(0x0807_0605L, machine.ram.read(0x6_1000, 4));
    assertEquals(0x0807_0605_0403_0201L, cpu.load64(0x5_0FFC));
  }

  /** Whatever is in the tables, and wherever they are, a fault or an address comes of it. */
  @Test
  void randomTablesDoNoHarm() {
    SplittableRandom random = new SplittableRandom(17);
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      if (i % 100 == 0) {
        machine.longMode();
        for (int at = 0x10000; at < 0x40000; at += 8) {
          machine.ram.write(at, 8, random.nextLong() & (random.nextInt(4) == 0 ? -1L : 0x3_F0FFL) | 1);
        }
      }
      cpu.cr3 = 0x10000 + random.nextInt(0x30) * 4096L;
      if (random.nextInt(10) == 0) {
        cpu.cr3 = random.nextLong() & 0xFF_FFFF_F000L;
      }
      machine.level(random.nextBoolean() ? 3 : 0);
      cpu.mmu.flushAll();
      long address = random.nextLong() >> random.nextInt(64);
      if (random.nextBoolean()) {
        address = address << 16 >> 16;
      }
      try {
        assertNotEquals(-1, cpu.mmu.physical(address, random.nextBoolean()));
        found++;
      } catch (CpuFault fault) {
        assertTrue(cpu.faultVector == ExceptionVector.PF || cpu.faultVector == ExceptionVector.GP);
      }
    }
    assertTrue(found > 100, "translations: " + found);
  }

  /** A CPU whose TLB was flushed has the same state as one whose TLB was never used, whatever it was used for, before its state was restored, too. */
  @Test
  void nothingIsLeftOfWhatWasFlushed() {
    long[] unused = (long[]) tlb().get("tlb");
    SplittableRandom random = new SplittableRandom(23);
    machine.longMode();
    for (int i = 0; i < 40; i++) {
      for (int j = random.nextInt(300); j > 0; j--) {
        access(random.nextInt(256) << 12, random.nextInt(3));
      }
      StateRecord used = tlb();
      if (random.nextBoolean()) {
        cpu.mmu.flushAll();
        cpu.state().restore(used);
        cpu.restored();
      }
      cpu.mmu.flushAll();
      assertArrayEquals(unused, (long[]) tlb().get("tlb"), "flush " + i);
      for (int j = 0; j < Tlb.SIZE; j++) {
        assertEquals(0, cpu.data[j].read | cpu.data[j].write | cpu.code[j].tag, "entry " + j + " behind flush " + i);
      }
    }
  }

  private StateRecord tlb() {
    return cpu.state().save();
  }
}
