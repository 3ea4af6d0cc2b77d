// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;

/** Memory of guests below and above the hole. */
class PvhMapTest {
  private static final long GIB = 1L << 30;

  @Test
  void allOfAGuestsMemoryIsSomewhereAndNothingTwice() {
    for (long bytes : new long[] {4096, 256L << 20, 15 * GIB / 4 - 4096, 15 * GIB / 4, 15 * GIB / 4 + 4096, 6 * GIB}) {
      PvhMap map = PvhMap.of(bytes);
      long told = map.entries().stream().filter(entry -> entry.type() == MemoryEntry.RAM).mapToLong(MemoryEntry::size).sum();
      assertEquals(bytes, told);
      long end = 0;
      for (MemoryEntry entry : map.entries()) {
        assertTrue(entry.address() >= end && entry.size() > 0, entry + " of " + bytes);
        end = entry.address() + entry.size();
      }
      for (PvhMap.Range range : map.populated()) {
        assertTrue(map.entries().stream().anyMatch(entry -> entry.address() == range.from() && entry.size() == range.size()), range
            .toString());
      }
    }
  }

  @Test
  void partsOfPagesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> PvhMap.of(4097));
    assertThrows(IllegalArgumentException.class, () -> PvhMap.of(0));
  }

  @Test
  void consoleAndStoreAreAmongTheSpecialPages() {
    MemoryEntry special = PvhMap.of(GIB).entries().get(2);
    for (long page : new long[] {PvhMap.CONSOLE, PvhMap.STORE}) {
      assertTrue(page >= special.address() && page < special.address() + special.size());
    }
  }
}
