// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import java.util.Arrays;

/** Translations that are kept until they are invalidated, by domain and 4 KiB page. Not state. */
final class AmdViTlb {
  private static final int SLOTS = 1024;
  private static final int PAGE_BITS = 12;
  private static final int DOMAIN = 16;
  private static final int SHIFT = 8;
  private static final int FREE = -1;

  private final long[] pages = new long[SLOTS];
  private final long[] outputs = new long[SLOTS];
  /** Domain from bit 16 on, log2 of the page's size from bit 8 on, permissions. */
  private final int[] facts = new int[SLOTS];

  AmdViTlb() {
    clear();
  }

  /** The slot of a page; -1 if it isn't kept. */
  int find(int domain, long address) {
    int slot = slot(domain, address);
    return facts[slot] >>> DOMAIN == domain && pages[slot] == address >>> PAGE_BITS && facts[slot] != FREE ? slot : -1;
  }

  long output(int slot, long address) {
    return outputs[slot] | address & (1 << PAGE_BITS) - 1;
  }

  int permissions(int slot) {
    return facts[slot] & 3;
  }

  /** Keeps a page. @param shift log2 of the size of the page in the tables */
  void keep(int domain, long address, long output, int shift, int permissions) {
    int slot = slot(domain, address);
    pages[slot] = address >>> PAGE_BITS;
    outputs[slot] = output & -(1L << PAGE_BITS);
    facts[slot] = domain << DOMAIN | shift << SHIFT | permissions;
  }

  /**
   * Forgets what a domain has of a range, whole pages of the tables.
   *
   * @param bits log2 of the range's size, to which its start is aligned; 64 for all
   */
  void drop(int domain, long start, int bits) {
    for (int slot = 0; slot < SLOTS; slot++) {
      int fact = facts[slot];
      if (fact != FREE && fact >>> DOMAIN == domain) {
        int larger = Math.max(bits, fact >>> SHIFT & 0x3F);
        if (larger >= Long.SIZE || (pages[slot] << PAGE_BITS ^ start) >>> larger == 0) {
          facts[slot] = FREE;
        }
      }
    }
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(facts, FREE);
  }

  private static int slot(int domain, long address) {
    return (int) (address >>> PAGE_BITS) + domain * 37 & SLOTS - 1;
  }
}
