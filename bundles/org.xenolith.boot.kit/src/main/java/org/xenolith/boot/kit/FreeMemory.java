// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.boot.api.MemoryRange;

/** The parts of RAM that nothing occupies yet; boot loaders lay things out with it. */
public final class FreeMemory {
  private final List<MemoryRange> free = new ArrayList<>();

  /**
   * Starts with all RAM but what is reserved.
   *
   * @param memory the machine's RAM
   * @param reserved parts of it that must stay untouched
   */
  public FreeMemory(List<MemoryRange> memory, List<MemoryRange> reserved) {
    memory.stream().sorted(Comparator.comparingLong(MemoryRange::base)).forEach(free::add);
    reserved.forEach(this::take);
  }

  /** The free pieces by rising address. */
  public List<MemoryRange> ranges() {
    return List.copyOf(free);
  }

  /** Whether {@code size} bytes from an address on are free. */
  public boolean contains(long address, long size) {
    return free.stream().anyMatch(range -> address >= range.base() && size <= range.end() - address && address < range.end());
  }

  /** Marks a range as occupied. */
  public void take(MemoryRange taken) {
    List<MemoryRange> rest = new ArrayList<>();
    for (MemoryRange range : free) {
      if (!range.overlaps(taken)) {
        rest.add(range);
        continue;
      }
      if (range.base() < taken.base()) {
        rest.add(new MemoryRange(range.base(), taken.base() - range.base()));
      }
      if (taken.end() < range.end()) {
        rest.add(new MemoryRange(taken.end(), range.end() - taken.end()));
      }
    }
    free.clear();
    free.addAll(rest);
  }

  /** The lowest aligned address in {@code [from, to)} with that many free bytes before {@code to}. */
  public OptionalLong find(long size, long alignment, long from, long to) {
    for (MemoryRange range : free) {
      long address = alignUp(Math.max(range.base(), from), alignment);
      if (address < range.end() && size <= Math.min(range.end(), to) - address) {
        return OptionalLong.of(address);
      }
    }
    return OptionalLong.empty();
  }

  /** The next multiple of {@code alignment}, a power of two. */
  public static long alignUp(long value, long alignment) {
    return (value + alignment - 1) & -alignment;
  }
}
