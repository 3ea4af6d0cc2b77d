// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;

/**
 * Which regions have TLB entries that were made from blocks, so that maintenance of one page finds all that may be of its block. Entries
 * are of 4 KiB whatever they were made from.
 */
final class BlockMarks {
  private static final int FILTER = 256;
  private static final int SMALL = 21;
  private static final int LARGE = 30;
  private static final long SEVERAL = -1;

  /**
   * Regions of 2 MiB with blocks of that size and, second half, those of 1 GiB with larger ones; region * 2 + 1, 0 none, -1 several.
   */
  private final long[] marks;

  BlockMarks(DeviceState state) {
    marks = state.longs("tlbBlocks", 2 * FILTER);
  }

  /** An entry for a page is made from a block of {@code 1 << size} bytes. */
  void add(long page, int size) {
    long region = page >>> (size == SMALL ? SMALL : LARGE);
    int slot = (int) region & FILTER - 1 | (size == SMALL ? 0 : FILTER);
    long mark = region << 1 | 1;
    if (marks[slot] != mark) {
      marks[slot] = marks[slot] == 0 ? mark : SEVERAL;
    }
  }

  /** Whether a page may be in a block of which too many entries were made to be found one by one. */
  boolean tooMany(long page) {
    long large = page >>> LARGE;
    long found = marks[(int) large & FILTER - 1 | FILTER];
    return found == SEVERAL || found == (large << 1 | 1) || marks[small(page)] == SEVERAL;
  }

  /** Whether entries were made from a block of 2 MiB that a page is in. They are dropped now: it has none from now on. */
  boolean take(long page) {
    boolean there = marks[small(page)] == (page >>> SMALL << 1 | 1);
    if (there) {
      marks[small(page)] = 0;
    }
    return there;
  }

  private static int small(long page) {
    return (int) (page >>> SMALL) & FILTER - 1;
  }

  /** No entry is there any more. */
  void clear() {
    Arrays.fill(marks, 0);
  }
}
