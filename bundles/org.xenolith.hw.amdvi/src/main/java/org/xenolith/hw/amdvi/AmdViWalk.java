// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Walks host page tables down to a page (48882, 2.2.3). What it found stays until the next walk. */
final class AmdViWalk {
  /** How a walk ends. */
  enum End {
    /** There is a page. */
    PAGE,
    /** Nothing is mapped there. */
    NOTHING,
    /** A table says what is reserved. */
    ILLEGAL,
    /** A table can't be read. */
    UNREADABLE
  }

  private static final long PRESENT = 1;
  private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
  private static final int NEXT = 9;
  private static final int LEAF = 0;
  private static final int SIZED_LEAF = 7;
  private static final int PERMISSIONS = 61;
  private static final int PAGE_BITS = 12;
  private static final int INDEX_BITS = 9;
  private static final int MOST_LEVELS = 6;

  private final DmaPort memory;
  private long output;
  private int shift;
  private int permissions;

  AmdViWalk(DmaPort memory) {
    this.memory = memory;
  }

  /**
   * Walks.
   *
   * @param root   address of the first table
   * @param levels 1 to 6
   */
  End walk(long root, int levels, long address) {
    if (levels < MOST_LEVELS && address >>> shift(levels + 1) != 0) {
      return End.NOTHING;
    }
    long at = root;
    int level = levels;
    permissions = 3;
    while (true) {
      shift = shift(level);
      long entry;
      try {
        output = at + ((address >>> shift & (1 << INDEX_BITS) - 1) << 3);
        entry = memory.read(output, 8);
      } catch (ExternalAbort nobody) {
        return End.UNREADABLE;
      }
      if ((entry & PRESENT) == 0) {
        return End.NOTHING;
      }
      permissions &= (int) (entry >>> PERMISSIONS);
      int next = (int) (entry >>> NEXT) & 7;
      if (next == LEAF || next == SIZED_LEAF) {
        return page(entry, next, level, address);
      }
      if (next >= level) {
        return End.ILLEGAL;
      }
      // What the skipped levels would index must be zero.
      if ((address & (1L << shift) - 1) >>> shift(next + 1) != 0) {
        return End.NOTHING;
      }
      at = entry & ADDRESS;
      level = next;
    }
  }

  private End page(long entry, int next, int level, long address) {
    if (next == SIZED_LEAF) {
      // The lowest zero of the address says the size: below it are ones.
      int size = PAGE_BITS + 1 + Long.numberOfTrailingZeros(~(entry >>> PAGE_BITS));
      if (size <= shift || size >= shift(level + 1)) {
        return End.ILLEGAL;
      }
      shift = size;
    }
    long offsets = (1L << shift) - 1;
    output = entry & ADDRESS & ~offsets | address & offsets;
    return End.PAGE;
  }

  private static int shift(int level) {
    return PAGE_BITS + INDEX_BITS * (level - 1);
  }

  /** The address that came out; of a table's entry that can't be read, its own. */
  long output() {
    return output;
  }

  /** Log2 of the page's size. */
  int shift() {
    return shift;
  }

  /** What all entries on the way permit: 1 read, 2 write. */
  int permissions() {
    return permissions;
  }
}
