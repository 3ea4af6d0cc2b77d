// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What all pages of a chunk held at a moment; it doesn't change any more. Copies of the same chunk have whole groups of pages in common where nothing was written between them. Who makes one has it;
 * each other who has it says {@link #keep}, and each {@link #drop} once.
 */
final class ChunkCopy {
  private static final int GROUP_SHIFT = 6;
  /** Pages of a group. */
  private static final int GROUP = 1 << GROUP_SHIFT;
  private static final int ZEROS = -1;

  /** That of the latest copy of any chunk. */
  private static final AtomicLong LATEST = new AtomicLong();

  /**
   * Some pages side by side.
   *
   * @param numbers in the store, {@link #ZEROS} for one of zeros
   * @param written which copy was the first behind the latest write of each, see {@link Line}
   */
  private record Group(int[] numbers, long[] written, AtomicInteger owners) {}

  /** A copy among those that it was made on: it has none of their memory. */
  private record Line(long number, @Nullable Line before) {
    static Line on(@Nullable Line before) {
      return new Line(LATEST.incrementAndGet(), before);
    }

    boolean isOn(Line earlier) {
      Line each = this;
      while (each != null && each.number > earlier.number) {
        each = each.before;
      }
      return each == earlier;
    }
  }

  private final PageStore store;
  private final Line line;
  /** Null for a group that was always zeros. */
  private final @Nullable Group[] groups;
  private final AtomicInteger owners = new AtomicInteger(1);

  private ChunkCopy(PageStore store, Line line, @Nullable Group[] groups) {
    this.store = store;
    this.line = line;
    this.groups = groups;
  }

  /** Of zeros. */
  static ChunkCopy blank(PageStore store, int pages) {
    return new ChunkCopy(store, Line.on(null), new Group[pages + GROUP - 1 >> GROUP_SHIFT]);
  }

  /**
   * What the chunk holds now.
   *
   * @param changed pages that may hold something else than this has
   * @param base    physical address of the chunk
   * @param now     what a page holds
   * @throws OutOfMemoryError if there is no memory
   */
  ChunkCopy next(BitSet changed, long base, IntFunction<MemorySegment> now) {
    @Nullable Group[] next = new Group[groups.length];
    ChunkCopy copy = new ChunkCopy(store, Line.on(line), next);
    try {
      for (int i = 0; i < groups.length; i++) {
        int first = i << GROUP_SHIFT;
        int page = changed.nextSetBit(first);
        next[i] = page >= 0 && page < first + GROUP ? copy.group(groups[i], first, changed, base, now) : keep(groups[i]);
      }
      return copy;
    } catch (OutOfMemoryError refused) {
      copy.drop();
      throw refused;
    }
  }

  private Group group(@Nullable Group before, int first, BitSet changed, long base, IntFunction<MemorySegment> now) {
    int[] numbers = new int[GROUP];
    Arrays.fill(numbers, ZEROS);
    long[] written = before == null ? new long[GROUP] : before.written.clone();
    Group made = new Group(numbers, written, new AtomicInteger(1));
    try {
      for (int i = 0; i < GROUP; i++) {
        int known = before == null ? ZEROS : before.numbers[i];
        int number = changed.get(first + i) ? number(known, base + ((long) first + i << Ram.PAGE_SHIFT), now.apply(first + i)) : known;
        if (number == known && number != ZEROS) {
          store.keep(number);
        }
        numbers[i] = number;
        written[i] = changed.get(first + i) ? line.number : written[i];
      }
    } catch (OutOfMemoryError refused) {
      drop(made);
      throw refused;
    }
    return made;
  }

  /** That of a page which held something else, or the same as before. */
  private int number(int known, long address, MemorySegment bytes) {
    if (bytes.mismatch(content(known)) < 0) {
      return known;
    }
    if (known != ZEROS && bytes.mismatch(PageStore.ZEROS) < 0) {
      return ZEROS;
    }
    return store.add(address, bytes);
  }

  private MemorySegment content(int number) {
    return number == ZEROS ? PageStore.ZEROS : store.page(number);
  }

  private static @Nullable Group keep(@Nullable Group group) {
    if (group != null) {
      group.owners.incrementAndGet();
    }
    return group;
  }

  private void drop(@Nullable Group group) {
    if (group != null && group.owners.decrementAndGet() == 0) {
      for (int number : group.numbers) {
        if (number != ZEROS) {
          store.drop(number);
        }
      }
    }
  }

  /** Whether its pages are in a store. */
  boolean in(PageStore other) {
    return store == other;
  }

  /** Where its pages are. */
  PageStore store() {
    return store;
  }

  /** What it has of a page. */
  MemorySegment page(int page) {
    Group group = groups[page >> GROUP_SHIFT];
    return content(group == null ? ZEROS : group.numbers[page & GROUP - 1]);
  }

  /** Whether a page is zeros. */
  boolean blank(int page) {
    Group group = groups[page >> GROUP_SHIFT];
    return group == null || group.numbers[page & GROUP - 1] == ZEROS;
  }

  /** Adds the pages that hold something else in another copy of the chunk. */
  void differing(ChunkCopy other, BitSet to) {
    for (int i = 0; i < groups.length; i++) {
      if (groups[i] != other.groups[i] || store != other.store) {
        for (int page = i << GROUP_SHIFT; page < i + 1 << GROUP_SHIFT; page++) {
          if (blank(page) != other.blank(page) || !blank(page) && (store != other.store || number(page) != other.number(page))) {
            to.set(page);
          }
        }
      }
    }
  }

  /**
   * Whether a page was written between an earlier copy and this, even if it holds the same.
   *
   * @return true also if that isn't known: this one wasn't made on that, or it isn't known of all pages between them
   */
  boolean written(ChunkCopy earlier, int page) {
    if (this == earlier) {
      return false;
    }
    Group group = groups[page >> GROUP_SHIFT];
    return !line.isOn(earlier.line) || group != null && group.written[page & GROUP - 1] > earlier.line.number;
  }

  private int number(int page) {
    Group group = groups[page >> GROUP_SHIFT];
    return group == null ? ZEROS : group.numbers[page & GROUP - 1];
  }

  /** Pages that aren't zeros. */
  int count() {
    int count = 0;
    for (int page = 0; page < groups.length << GROUP_SHIFT; page++) {
      count += blank(page) ? 0 : 1;
    }
    return count;
  }

  ChunkCopy keep() {
    owners.incrementAndGet();
    return this;
  }

  void drop() {
    if (owners.decrementAndGet() == 0) {
      for (Group group : groups) {
        drop(group);
      }
    }
  }
}
