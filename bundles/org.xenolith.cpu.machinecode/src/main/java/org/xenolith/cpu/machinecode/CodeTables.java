// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.lang.foreign.MemorySegment;
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
  private static final int SLAB = 64;

  private final long executed;
  private final List<MemorySegment> slabs = new ArrayList<>();
  private final ArrayDeque<Long> free = new ArrayDeque<>();
  /** Where a table's page is noted. */
  private final Map<Long, Long> notes = new HashMap<>();

  /** @param executed where the code is executed that tables lead to */
  CodeTables(long executed) {
    this.executed = executed;
  }

  /** The address of a table for the page at a physical address. */
  long take(long frame) {
    if (free.isEmpty()) {
      MemorySegment slab = SurvivingMemory.allocate("tables", (long) SLAB * TranslatedPage.TABLE);
      SurvivingMemory.belongsTo(slab, executed, Translations.SIZE);
      slabs.add(slab);
      for (int i = 0; i < SLAB; i++) {
        long table = slab.address() + SurvivingMemory.HEAD + (long) i * TranslatedPage.TABLE;
        free.add(table);
        notes.put(table, slab.address() + SurvivingMemory.OWN + 8L * i);
      }
    }
    long table = free.remove();
    HostMemory.write64(null, notes.get(table), frame | 1);
    return table;
  }

  /** A table is nobody's any more. */
  void give(long table) {
    HostMemory.write64(null, notes.get(table), 0);
    free.add(table);
  }
}
