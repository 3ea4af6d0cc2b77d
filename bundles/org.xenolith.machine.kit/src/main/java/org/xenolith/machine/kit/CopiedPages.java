// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A chunk's own pages, of which copies are made again and again: the host says which were written since the latest one ({@link WriteProtection}), so that a copy takes about as long, and as much
 * memory, as what was written. On the thread that has the chunk, but for {@link #end}.
 */
final class CopiedPages {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  /** So many pages of zeros side by side are worth to be given back to the host; fewer are written. */
  private static final int GIVEN_BACK = 64;

  private final long address;
  private final int size;
  private ChunkCopy latest;
  /** What the host was given back since: it doesn't say that they were changed. */
  private final BitSet cleared = new BitSet();

  private CopiedPages(long address, int size, ChunkCopy latest) {
    this.address = address;
    this.size = size;
    this.latest = latest;
  }

  /**
   * Pages of which no copy was made yet.
   *
   * @param store for copies
   * @return null if the host doesn't say what is written
   */
  static @Nullable CopiedPages begin(long address, int size, PageStore store) {
    return WriteProtection.begin(address, size) ? new CopiedPages(address, size, ChunkCopy.blank(store, size / PAGE)) : null;
  }

  /** Those that may hold something else than the latest copy; from now on others are asked for. */
  private BitSet changed() {
    BitSet pages = WriteProtection.written(address, size);
    if (pages == null) {
      pages = new BitSet();
      pages.set(0, size / PAGE);
    }
    pages.or(cleared);
    cleared.clear();
    return pages;
  }

  private MemorySegment view(int page, int pages) {
    return MemorySegment.ofAddress(address + (long) page * PAGE).reinterpret((long) pages * PAGE);
  }

  /**
   * What they hold now.
   *
   * @param base  physical address of the chunk
   * @param store has what is copied
   * @throws OutOfMemoryError if there is no memory
   */
  ChunkCopy copy(long base, PageStore store) {
    BitSet changed = changed();
    try {
      if (!latest.in(store)) {
        ChunkCopy blank = ChunkCopy.blank(store, size / PAGE);
        latest.differing(blank, changed);
        latest.drop();
        latest = blank;
      }
      if (!changed.isEmpty()) {
        ChunkCopy next = latest.next(changed, base, page -> view(page, 1));
        latest.drop();
        latest = next;
      }
    } catch (OutOfMemoryError refused) {
      cleared.or(changed);
      throw refused;
    }
    return latest.keep();
  }

  /**
   * They hold what a copy has from now on.
   *
   * @param told of each page that may have held something else, when all hold what they are to
   */
  void become(ChunkCopy copy, IntConsumer told) {
    BitSet changed = changed();
    latest.differing(copy, changed);
    for (int first = changed.nextSetBit(0); first >= 0;) {
      int end = changed.nextClearBit(first);
      fill(copy, first, end);
      first = changed.nextSetBit(end);
    }
    latest.drop();
    latest = copy.keep();
    changed();
    changed.stream().forEach(told);
  }

  private void fill(ChunkCopy copy, int first, int end) {
    for (int page = first; page < end;) {
      int next = page;
      while (next < end && copy.blank(next)) {
        next++;
      }
      if (next == page) {
        view(page++, 1).copyFrom(copy.page(next));
      } else if (next - page < GIVEN_BACK || !HostPages.takeBack(address + (long) page * PAGE, (long) (next - page) * PAGE)) {
        view(page, next - page).fill((byte) 0);
      }
      page = Math.max(page, next);
    }
  }

  /** The host was given some pages back. */
  void cleared(int offset, int length) {
    cleared.set(offset / PAGE, (offset + length) / PAGE);
  }

  /** No copy is made any more. */
  void end() {
    latest.drop();
  }
}
