// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;

/** Memory of guests below and above the hole. */
class PvhMapTest {
  private static final long GIB = 1L << 30;

  private static final PvhKernel KERNEL = new PvhKernel(List.of(), 0, Optional.empty());

  @Test
  void allOfAGuestsMemoryIsSomewhereAndNothingTwice() {
    for (long bytes : new long[] {4096, 256L << 20, 0xFC00_0000L - 4096, 0xFC00_0000L, 0xFC00_0000L + 4096, 6 * GIB}) {
      allIsSomewhereAndNothingTwice(bytes, PvhMap.of(bytes, 9, KERNEL));
      allIsSomewhereAndNothingTwice(bytes, PvhMap.of(bytes, 9, KERNEL).below(0xC000_0000L));
    }
  }

  private static void allIsSomewhereAndNothingTwice(long bytes, PvhMap map) {
    long told = map.entries().stream().filter(entry -> entry.type() == MemoryEntry.RAM).mapToLong(MemoryEntry::size).sum();
    assertEquals(bytes, told);
    long end = 0;
    for (MemoryEntry entry : map.entries().stream().sorted(Comparator.comparingLong(MemoryEntry::address)).toList()) {
      assertTrue(entry.address() >= end && entry.size() > 0, entry + " of " + bytes);
      end = entry.address() + entry.size();
      assertTrue(map.populated().stream().anyMatch(range -> entry.address() >= range.from() && entry.address() + entry.size() <= range
          .from()
          + range.size()), entry + " of " + bytes);
    }
    end = 0;
    for (PvhMap.Range range : map.populated().stream().sorted(Comparator.comparingLong(PvhMap.Range::from)).toList()) {
      assertTrue(range.from() >= end && range.size() > 0, range + " of " + bytes);
      end = range.from() + range.size();
    }
  }

  /** As for a guest with a host bridge, whose windows are below 4 GiB. */
  @Test
  void aHoleThatBeginsLowerMovesMemoryBehind4GiB() {
    PvhMap map = PvhMap.of(4 * GIB, 1, KERNEL).below(3 * GIB);
    assertEquals(List.of(3 * GIB, GIB), List.of(map.low(), map.high()));
    map = PvhMap.of(6 * GIB, 1, KERNEL).below(3 * GIB);
    assertEquals(List.of(3 * GIB, 3 * GIB), List.of(map.low(), map.high()));
    map = PvhMap.of(2 * GIB, 1, KERNEL).below(3 * GIB);
    assertEquals(List.of(2 * GIB, 0L), List.of(map.low(), map.high()));
  }

  @Test
  void partsOfPagesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> PvhMap.of(4097, 1, KERNEL));
    assertThrows(IllegalArgumentException.class, () -> PvhMap.of(0, 1, KERNEL));
  }

  @Test
  void consoleAndStoreAreAmongTheSpecialPages() {
    MemoryEntry special = PvhMap.of(GIB, 1, KERNEL).entries().get(1);
    for (long page : new long[] {PvhMap.CONSOLE, PvhMap.STORE, PvhMap.IDENTITY}) {
      assertTrue(page >= special.address() && page < special.address() + special.size());
    }
  }

  @Test
  void aLinuxThatDoesntSayThatItTakesTheRsdpFromItsStartInfoHasItWhereItLooks() {
    assertEquals(0xF_FFC0, PvhMap.of(GIB, 1, new PvhKernel(List.of(), 0, Optional.empty(), "linux", 1, false)).rootPointer());
    assertEquals(0xFC00_8000L, PvhMap.of(GIB, 1, new PvhKernel(List.of(), 0, Optional.empty(), "linux", 0x8001, false)).rootPointer());
    assertEquals(0xFC00_8000L, PvhMap.of(GIB, 1, new PvhKernel(List.of(), 0, Optional.empty(), "other", 0, false)).rootPointer());
  }
}
