// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What some pages of a chunk held at a moment; it doesn't change any more. Who makes it has it; each other who has it says {@link #keep}, and each {@link #drop} once. */
final class PageCopies {
  private final PageStore store;
  private final BitSet pages;
  /** Numbers of the copies in the store, by ascending page. */
  private final int[] numbers;
  private final AtomicInteger owners = new AtomicInteger(1);

  private PageCopies(PageStore store, BitSet pages, int[] numbers) {
    this.store = store;
    this.pages = pages;
    this.numbers = numbers;
  }

  /**
   * Copies of pages.
   *
   * @param pages  their numbers in the chunk; it isn't changed any more
   * @param now    what they hold
   * @param earlier what they held earlier; a page that hasn't changed is shared if it is in the same store. Null for nothing
   * @throws OutOfMemoryError if there is no memory
   */
  static PageCopies of(PageStore store, BitSet pages, IntFunction<MemorySegment> now, @Nullable PageCopies earlier) {
    PageCopies before = earlier == null || earlier.store != store ? null : earlier;
    int[] numbers = new int[pages.cardinality()];
    int at = 0;
    int old = 0;
    BitSet known = before == null ? new BitSet() : before.pages;
    int next = known.nextSetBit(0);
    try {
      for (int page = pages.nextSetBit(0); page >= 0; page = pages.nextSetBit(page + 1)) {
        while (next >= 0 && next < page) {
          next = known.nextSetBit(next + 1);
          old++;
        }
        MemorySegment bytes = now.apply(page);
        if (before != null && next == page && store.page(before.numbers[old]).mismatch(bytes) < 0) {
          store.keep(before.numbers[old]);
          numbers[at] = before.numbers[old];
        } else {
          numbers[at] = store.add(bytes);
        }
        at++;
      }
    } catch (OutOfMemoryError refused) {
      for (int i = 0; i < at; i++) {
        store.drop(numbers[i]);
      }
      throw refused;
    }
    return new PageCopies(store, pages, numbers);
  }

  /** Of no page. */
  static PageCopies none(PageStore store) {
    return new PageCopies(store, new BitSet(), new int[0]);
  }

  /** Which they are; nobody changes it. */
  BitSet pages() {
    return pages;
  }

  /** Puts them where they belong. @param view the place of a page */
  void into(IntFunction<MemorySegment> view) {
    int at = 0;
    for (int page = pages.nextSetBit(0); page >= 0; page = pages.nextSetBit(page + 1)) {
      view.apply(page).copyFrom(store.page(numbers[at++]));
    }
  }

  PageCopies keep() {
    owners.incrementAndGet();
    return this;
  }

  void drop() {
    if (owners.decrementAndGet() == 0) {
      for (int number : numbers) {
        store.drop(number);
      }
    }
  }
}
