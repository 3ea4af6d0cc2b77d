// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Tables of another format than stage 2's; {@code hyp.p2m.a64} tests what is common with that one. */
class DomainTablesTest {
  private static final int SERIAL = 7;
  private static final long GFN = 0x8_4000_0000L >>> 12;
  private static final int BLOCK = TableFormat.ENTRIES;

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final FrameHeap heap = hypervisor.port(FrameHeapPort.class);
  private final TableFormat format = new ToyFormat();
  private final long free = heap.free();
  private final DomainTables tables = new DomainTables(SERIAL, format, hypervisor.memory(), heap);
  private long mfn;

  @BeforeEach
  void begin() {
    assertTrue(tables.begin(3));
    mfn = heap.allocate(SERIAL, BLOCK, BLOCK);
  }

  @Test
  void aBlockIsSplitWhenAPageOfItGoes() {
    assertTrue(tables.map(GFN, mfn, BLOCK, PageType.RAM));
    assertEquals(2, tables.tables.value, "levels 1 and 2");
    assertTrue(tables.unmap(GFN + 5, 1));
    assertEquals(3, tables.tables.value);
    assertEquals(-1, tables.translate(GFN + 5 << 12, false));
    for (int i : new int[] {0, 4, 6, BLOCK - 1}) {
      assertEquals(mfn + i << 12 | 0x123, tables.translate(GFN + i << 12 | 0x123, true), "page " + i);
      assertEquals(PageType.RAM, format.type(tables.find(GFN + i)));
      assertEquals(mfn + i, TableFormat.frame(tables.find(GFN + i)));
      assertEquals(0, tables.find(GFN + i) & ToyFormat.BLOCK, "a page, no block");
    }
    assertEquals(BLOCK - 1, tables.pages.value);
  }

  @Test
  void whatMayOnlyBeReadIsNotWritten() {
    tables.map(GFN, mfn, 1, PageType.RAM_READ_ONLY);
    tables.map(GFN + 1, 0x9000, 1, PageType.DEVICE);
    assertEquals(mfn << 12, tables.translate(GFN << 12, false));
    assertEquals(-1, tables.translate(GFN << 12, true));
    assertEquals(-1, tables.translate(GFN + 1 << 12, false), "a device is no RAM");
    assertEquals(PageType.DEVICE, format.type(tables.find(GFN + 1)));
  }

  @Test
  void theEndLeavesNothing() {
    tables.map(GFN, mfn, BLOCK, PageType.RAM);
    tables.map(0, mfn, 3, PageType.GRANT);
    assertEquals(2, heap.held(mfn));
    tables.end();
    assertEquals(0, heap.held(mfn));
    assertEquals(0, tables.root());
    assertEquals(free - BLOCK, heap.free());
  }
}
