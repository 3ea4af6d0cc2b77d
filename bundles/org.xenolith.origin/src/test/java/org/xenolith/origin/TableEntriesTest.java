// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;

/** The entry that is meant is one of the memory's own tables, though others are read on the way. */
class TableEntriesTest {
  /** What is read for any address. */
  private record Memory(String name, Optional<InspectedMemory> below, List<TableEntry> walked) implements InspectedMemory {
    @Override
    public Optional<Mapping> translate(long address) {
      return Optional.empty();
    }

    @Override
    public List<TableEntry> walk(long address) {
      return walked;
    }
  }

  private static TableEntry entry(String table, long address) {
    return new TableEntry(table, address, 0, 8);
  }

  @Test
  void entriesOfTheTablesBelowAreNotItsOwn() {
    Memory physical = new Memory("physical", Optional.empty(), List.of());
    Memory guest = new Memory("intermediate", Optional.of(physical), List.of(entry("stage 2, level 1", 0x10), entry("stage 2, level 2",
        0x20)));
    Memory kernel = new Memory("EL1", Optional.of(guest), List.of(entry("stage 2, level 1", 0x10), entry("stage 1, level 0", 0x30), entry(
        "stage 2, level 3", 0x40), entry("stage 1, level 1", 0x50), entry("stage 2, level 2", 0x60)));
    assertEquals(List.of(0x30L, 0x50L), TableEntries.own(kernel, 0).stream().map(TableEntry::address).toList());
    assertEquals(2, TableEntries.own(guest, 0).size(), "those of stage 2 itself");
    assertEquals(List.of(), TableEntries.own(physical, 0));
  }

  @Test
  void tablesWithANameForEachLevelAreToldFromNestedOnes() {
    Memory guest = new Memory("guest physical", Optional.of(new Memory("physical", Optional.empty(), List.of())), List.of(entry(
        "nested PML4", 0x10)));
    Memory linear = new Memory("linear", Optional.of(guest), List.of(entry("nested PD", 0x20), entry("PML4", 0x30), entry("nested PT",
        0x40),
        entry("PDPT", 0x50)));
    assertEquals(List.of(0x30L, 0x50L), TableEntries.own(linear, 0).stream().map(TableEntry::address).toList());
  }
}
