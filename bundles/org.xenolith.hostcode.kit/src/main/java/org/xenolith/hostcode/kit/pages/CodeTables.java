// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.hostcode.kit.SurvivingMemory;
import org.xenolith.machine.kit.HostMemory;

/** The tables of an engine's pages, with the pages' physical addresses, which survive the process. */
final class CodeTables {
  /** Tables that are allocated at once. */
  private static final int SLAB = 256;
  /** Where a slab has the shift, and what each of its tables is for. */
  private static final int SHIFT = 32;
  private static final int NOTES = SurvivingMemory.OWN;

  private final long executed;
  private final int shift;
  /** A table where no block begins. */
  private final MemorySegment empty = Arena.ofAuto().allocate(NativePage.TABLE, Integer.BYTES);
  private final List<MemorySegment> slabs = new ArrayList<>();
  private final ArrayDeque<Long> free = new ArrayDeque<>();
  /** Where a table's page is noted, by the table's number: addresses are alike in all bits that a map looks at. */
  private final Map<Long, Long> notes = new HashMap<>();

  /**
   * No table is anybody's yet.
   *
   * @param executed where the code is executed that tables lead to
   * @param shift    bytes of what has an index, as a power of two
   * @param miss     what they have where no block begins
   */
  CodeTables(long executed, int shift, int miss) {
    this.executed = executed;
    this.shift = shift;
    for (long i = 0; i < NativePage.TABLE / Integer.BYTES; i++) {
      empty.setAtIndex(ValueLayout.JAVA_INT, i, miss);
    }
  }

  /** The address of an empty table for the page at a physical address. */
  long take(long frame) {
    if (free.isEmpty()) {
      MemorySegment slab = SurvivingMemory.allocate("tables", (long) SLAB * NativePage.TABLE);
      slab.set(ValueLayout.JAVA_LONG, SHIFT, shift);
      SurvivingMemory.belongsTo(slab, executed, Translations.SIZE);
      slabs.add(slab);
      HostMemory.give(slab);
      for (int i = 0; i < SLAB; i++) {
        long table = slab.address() + SurvivingMemory.HEAD + (long) i * NativePage.TABLE;
        free.add(table);
        notes.put(number(table), slab.address() + NOTES + 8L * i);
      }
    }
    long table = free.remove();
    MemorySegment.ofAddress(table).reinterpret(NativePage.TABLE).copyFrom(empty);
    HostMemory.write64(null, notes.get(number(table)), frame | 1);
    return table;
  }

  /** Tables that are somebody's. */
  int taken() {
    return slabs.size() * SLAB - free.size();
  }

  private static long number(long table) {
    return table / NativePage.TABLE;
  }

  /** A table is nobody's any more. */
  void give(long table) {
    HostMemory.write64(null, notes.get(number(table)), 0);
    free.add(table);
  }
}
