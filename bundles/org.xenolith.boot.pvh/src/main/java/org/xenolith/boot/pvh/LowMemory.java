// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.boot.kit.FreeMemory;

/** Free RAM, from which places are taken at its lower and its upper end. */
final class LowMemory {
  private final FreeMemory free;

  LowMemory(List<MemoryRange> memory, List<MemoryRange> kept) {
    free = new FreeMemory(memory, kept);
  }

  List<MemoryRange> ranges() {
    return free.ranges();
  }

  boolean contains(long address, long size) {
    return free.contains(address, size);
  }

  void take(long address, long size) {
    free.take(new MemoryRange(address, size));
  }

  /** The lowest place that ends before {@code to}; -1 if there is none. */
  long lowest(long size, long alignment, long from, long to) {
    return free.find(size, alignment, from, to).orElse(-1);
  }

  /** The highest place that ends before {@code to}; -1 if there is none. */
  long highest(long size, long alignment, long from, long to) {
    long best = -1;
    for (MemoryRange range : free.ranges()) {
      long end = Math.min(range.end(), to);
      long address = end - size & -alignment;
      if (size <= end - range.base() && address >= Math.max(range.base(), from)) {
        best = Math.max(best, address);
      }
    }
    return best;
  }

  /** The same ranges by address, those that touch or overlap in one. */
  static List<MemoryRange> merged(List<MemoryRange> ranges) {
    List<MemoryRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(MemoryRange::base));
    List<MemoryRange> merged = new ArrayList<>();
    for (MemoryRange range : sorted) {
      MemoryRange last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && range.base() <= last.end()) {
        merged.set(merged.size() - 1, new MemoryRange(last.base(), Math.max(last.end(), range.end()) - last.base()));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
