// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import java.util.List;
import java.util.TreeSet;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.FrameHeap;

/**
 * Free RAM in pieces of powers of two at multiples of their size, at most 1 GiB each, halved when a smaller one is wanted: the upper half
 * is taken, as by Xen's allocator. A zone holds what has the same highest bit in its address.
 */
final class FreeChunks {
  /** Of the largest piece, frames as a power of two. */
  static final int MOST_ORDER = 18;
  private static final int PAGE_SHIFT = 12;

  /** By order: first frames. */
  private final List<TreeSet<Long>> chunks = java.util.stream.IntStream.rangeClosed(0, MOST_ORDER).mapToObj(o -> new TreeSet<Long>())
      .toList();

  /**
   * What is free now.
   *
   * @param ram  the machine's
   * @param kept isn't free, whatever the heap says
   */
  FreeChunks(FrameHeap frames, List<FdtWindow> ram, List<FdtWindow> kept) {
    for (FdtWindow bank : ram) {
      long end = bank.base() + bank.size() >>> PAGE_SHIFT;
      for (long at = bank.base() + (1 << PAGE_SHIFT) - 1 >>> PAGE_SHIFT; at < end; at++) {
        long from = at;
        while (at < end && frames.owner(at) == 0 && !isIn(kept, at)) {
          at++;
        }
        add(from, at);
      }
    }
  }

  private static boolean isIn(List<FdtWindow> kept, long frame) {
    for (FdtWindow window : kept) {
      if (Long.compareUnsigned((frame << PAGE_SHIFT) - window.base(), window.size()) < 0) {
        return true;
      }
    }
    return false;
  }

  private void add(long from, long end) {
    for (long at = from; at < end;) {
      int order = Math.min(MOST_ORDER, Math.min(Long.numberOfTrailingZeros(at), order(end - at)));
      chunks.get(order).add(at);
      at += 1L << order;
    }
  }

  /** The largest order of which so many frames hold a piece. */
  static int order(long frames) {
    return 63 - Long.numberOfLeadingZeros(frames);
  }

  /**
   * Takes a piece in the lowest zone that has one.
   *
   * @param limit bits of an address that no piece is above
   * @return its first frame, or -1
   */
  long lowest(int order, int limit) {
    for (int zone = 0; zone <= limit; zone++) {
      long found = take(order, zone);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  /** The same in the highest zone that has one. */
  long highest(int order, int limit) {
    for (int zone = limit; zone >= 0; zone--) {
      long found = take(order, zone);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  /** The smallest piece that does, and of those the one with the highest address. */
  private long take(int order, int zone) {
    for (int from = order; from <= MOST_ORDER; from++) {
      for (long first : chunks.get(from).descendingSet()) {
        if (zone(first, from) == zone) {
          chunks.get(from).remove(first);
          long at = first;
          for (int half = from - 1; half >= order; half--) {
            chunks.get(half).add(at);
            at += 1L << half;
          }
          return at;
        }
      }
    }
    return -1;
  }

  private static int zone(long first, int order) {
    return Long.SIZE - Long.numberOfLeadingZeros((first + (1L << order) << PAGE_SHIFT) - 1);
  }
}
