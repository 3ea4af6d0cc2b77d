// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.hostcode.kit.SurvivingMemory;

/** Memory for the tables of an engine's pages. */
final class X64PageTables {
  /** Tables that are allocated at once. */
  private static final int SLAB = 64;

  private final List<MemorySegment> slabs = new ArrayList<>();
  private final ArrayDeque<Long> free = new ArrayDeque<>();
  /** A table where no block begins. */
  private final MemorySegment empty = Arena.ofAuto().allocate(X64NativePage.TABLE, Integer.BYTES);

  /** @param miss what tables have where no block begins */
  X64PageTables(int miss) {
    for (long i = 0; i < X64NativePage.TABLE / Integer.BYTES; i++) {
      empty.setAtIndex(ValueLayout.JAVA_INT, i, miss);
    }
  }

  /** The address of a table that is empty. */
  long take() {
    if (free.isEmpty()) {
      MemorySegment slab = SurvivingMemory.allocate("tables", (long) SLAB * X64NativePage.TABLE);
      slabs.add(slab);
      for (int i = 0; i < SLAB; i++) {
        free.add(slab.address() + SurvivingMemory.HEAD + (long) i * X64NativePage.TABLE);
      }
    }
    long table = free.remove();
    MemorySegment.ofAddress(table).reinterpret(X64NativePage.TABLE).copyFrom(empty);
    return table;
  }

  /** A table is nobody's any more. */
  void give(long table) {
    free.add(table);
  }
}
