// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import org.xenolith.regs.DeviceState;

/**
 * Grants of one front end that stay mapped: 264 sets of 4, 1,056 in all, the number that a front end with one page of ring and
 * indirect requests of 32 segments has. Each reference belongs to one set, in which the one that wasn't used for longest gives
 * way; never one that the present request uses.
 */
final class PersistentGrants {
  private static final int SETS = 264;
  private static final int WAYS = 4;
  static final int SIZE = SETS * WAYS;

  private final int[] references;
  /** Machine address of the page, with bit 0 set; 0 for an empty place. */
  private final long[] pages;
  /** Number of the request that used it last. */
  private final long[] used;
  private final long[] request;

  PersistentGrants(DeviceState state) {
    references = state.ints("kept-references", SIZE);
    pages = state.longs("kept-pages", SIZE);
    used = state.longs("kept-used", SIZE);
    request = state.longs("kept-request", 1);
  }

  /** A new request begins: what earlier ones used may give way. */
  void begin() {
    request[0]++;
  }

  private static int set(int reference) {
    return Integer.remainderUnsigned(reference, SETS) * WAYS;
  }

  /** The page of a reference for the present request, or -1 if it isn't kept. */
  long use(int reference) {
    int first = set(reference);
    for (int i = first; i < first + WAYS; i++) {
      if (references[i] == reference && pages[i] != 0) {
        used[i] = request[0];
        return pages[i] & ~1L;
      }
    }
    return -1;
  }

  /** The place that a reference may take, or -1 if the present request uses all of them. */
  int place(int reference) {
    int first = set(reference);
    int oldest = first;
    for (int i = first; i < first + WAYS; i++) {
      if (pages[i] == 0) {
        return i;
      }
      if (used[i] < used[oldest]) {
        oldest = i;
      }
    }
    return used[oldest] == request[0] ? -1 : oldest;
  }

  /** Whether a place has a grant. */
  boolean taken(int place) {
    return pages[place] != 0;
  }

  /** The reference at a place that has one. */
  int reference(int place) {
    return references[place];
  }

  /** Keeps a page for the present request and later ones. */
  void keep(int place, int reference, long page) {
    references[place] = reference;
    pages[place] = page | 1;
    used[place] = request[0];
  }

  /** Empties a place. */
  void clear(int place) {
    pages[place] = 0;
    references[place] = 0;
    used[place] = 0;
  }
}
