// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.memory.kit.TableFormat;
import org.xenolith.testkit.x64.X64TestHost;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.graph.Interpreter;

/** A CPU walks tables of the format: it comes to the machine's pages, with what each kind of page allows. */
class NestedFormatTest {
  private static final long GUEST = 0x12_3456_7000L;
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);
  private final Core cpu = machine.cpu;
  private final NestedFormat format = new NestedFormat();

  private void map(long entry, int level) {
    machine.user();
    new X64TestHost(machine, () -> {
    });
    cpu.cr0 = 1;
    cpu.restored();
    long table = machine.hosts.base;
    for (int at = 0; at < level; at++) {
      machine.hosts.write((int) (table - machine.hosts.base + (GUEST >>> 39 - 9 * at & 511) * 8), 8, format.table(table + 4096));
      table += 4096;
    }
    machine.hosts.write((int) (table - machine.hosts.base + (GUEST >>> 39 - 9 * level & 511) * 8), 8, entry);
    cpu.host.nestedRoot(machine.hosts.base);
  }

  private boolean allows(boolean write) {
    try {
      return cpu.mmu.physical(GUEST, write) >= 0;
    } catch (CpuFault refused) {
      return false;
    }
  }

  private boolean executes() {
    try {
      cpu.mmu.code(GUEST);
      return true;
    } catch (CpuFault refused) {
      return false;
    }
  }

  @Test
  void aCpuFindsWhatAnEntryLeadsTo() {
    map(format.leaf(PageType.RAM, 0x54321, TableFormat.LAST), TableFormat.LAST);
    assertEquals(0x5432_1008L, cpu.mmu.physical(GUEST | 8, true));
    map(format.leaf(PageType.RAM, 0x54200, 2), 2);
    assertEquals(0x5420_0000L | GUEST & 0x1F_FFFF, cpu.mmu.physical(GUEST, true));
  }

  @Test
  void eachKindOfPageAllowsWhatItIsFor() {
    for (PageType type : PageType.values()) {
      if (type == PageType.NONE) {
        assertThrows(IllegalArgumentException.class, () -> format.leaf(type, 1, TableFormat.LAST));
        continue;
      }
      for (int level : new int[] {1, 2, TableFormat.LAST}) {
        map(format.leaf(type, 0, level), level);
        assertTrue(allows(false), type + " can't be read at level " + level);
        assertEquals(!List.of(PageType.RAM_READ_ONLY, PageType.GRANT_READ_ONLY).contains(type), allows(true), type + ", level " + level);
        assertEquals(List.of(PageType.RAM, PageType.RAM_READ_ONLY).contains(type), executes(), type + ", level " + level);
      }
    }
  }

  @Test
  void aBlockIsDividedIntoEqualParts() {
    long block = format.leaf(PageType.RAM, 0x40000, 1);
    for (int index : new int[] {0, 7, 511}) {
      assertEquals(format.leaf(PageType.RAM, 0x40000 + index * 512L, 2), format.part(block, 1, index));
    }
    long large = format.leaf(PageType.RAM, 0x40200, 2);
    assertEquals(format.leaf(PageType.RAM, 0x40200 + 5, TableFormat.LAST), format.part(large, 2, 5));
    assertTrue(format.isTable(format.table(0x5000), 2) && !format.isTable(large, 2) && !format.isTable(format.part(large, 2, 5),
        TableFormat.LAST));
  }

  /** What the format says of a page can be read again, of its parts, too. */
  @Test
  void kindsOfPagesAreToldApart() {
    for (PageType type : PageType.values()) {
      for (boolean counts : new boolean[] {false, true}) {
        boolean ram = type == PageType.RAM || type == PageType.RAM_READ_ONLY;
        if (type == PageType.NONE || counts && !ram) {
          continue;
        }
        long block = format.leaf(type, 0x40000, 1) | format.mark(type, counts);
        for (long entry : new long[] {block, format.part(block, 1, 7), format.part(format.part(block, 1, 7), 2, 9)}) {
          assertEquals(type, format.type(entry));
          assertEquals(counts, format.isOwn(entry), type + Long.toHexString(entry));
        }
      }
    }
    assertEquals(PageType.NONE, format.type(0));
  }

  /** 48882, 2.2.3: bits 11:9 the next level, 0 for a page; IR 61, IW 62; 58:52 are reserved. */
  @Test
  void iommusWalkTheSameTables() {
    for (int level = 0; level < TableFormat.LAST; level++) {
      long entry = format.table(0x5000, level);
      assertEquals(3 - level, entry >>> 9 & 7);
      assertEquals(3, entry >>> 61 & 3);
      assertEquals(0, entry >>> 52 & 0x7F);
      assertTrue(format.isTable(entry, level));
    }
    for (PageType type : PageType.values()) {
      for (int level = 1; level <= TableFormat.LAST && type != PageType.NONE; level++) {
        long entry = format.leaf(type, 0x40000, level) | format.mark(type, type == PageType.RAM);
        assertEquals(0, entry >>> 9 & 7, type + " at level " + level);
        assertEquals(List.of(PageType.RAM_READ_ONLY, PageType.GRANT_READ_ONLY).contains(type) ? 1 : 3, entry >>> 61 & 3, type.toString());
        assertEquals(0, entry >>> 52 & 0x7F, type.toString());
        assertEquals(0x4000_0000L, entry & 0xF_FFFF_FFFF_F000L);
      }
    }
  }
}
