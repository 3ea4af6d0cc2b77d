// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Finds pages of the same content among those that are kept, by some of their words; all bytes are compared then. One thread at a time. */
final class AlikePages {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  /** Bytes from one word that is looked at to the next. */
  private static final int STEP = PAGE / 32 + Long.BYTES;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
  /** Pages that are asked for before it is worth to look at others: a machine without domains has fewer. */
  private static final int FEW = 256;

  private final Map<Long, Integer> numbers = new HashMap<>();
  private int asked;

  /** A page is to be found. Returns whether all that is known to be there is to be added now, for once. */
  boolean wanted() {
    return ++asked == FEW;
  }

  /** A page is kept by a number; of those with the same words the first is found. */
  void add(MemorySegment page, int number) {
    if (asked >= FEW) {
      numbers.putIfAbsent(key(page), number);
    }
  }

  /** The number of one with the same bytes; -1 for none. @param content of a number */
  int find(MemorySegment page, IntFunction<MemorySegment> content) {
    Integer number = asked < FEW ? null : numbers.get(key(page));
    return number != null && content.apply(number).mismatch(page) < 0 ? number : -1;
  }

  private static long key(MemorySegment page) {
    long key = 0;
    for (int at = 0; at + Long.BYTES <= PAGE; at += STEP) {
      key = (key ^ page.get(ValueLayout.JAVA_LONG_UNALIGNED, at)) * MIX;
      key ^= key >>> 29;
    }
    return key;
  }
}
