// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.Arrays;

/** Some physical pages, and others that look like them: that one isn't among them is known at once. */
final class FrameFilter {
  private static final int BITS = 16;

  private final long[] words = new long[1 << BITS - 6];
  private boolean any;

  /** A page's physical address. */
  void add(long frame) {
    int at = place(frame);
    words[at >>> 6] |= 1L << at;
    any = true;
  }

  /** Whether a page may have been added. */
  boolean has(long frame) {
    int at = place(frame);
    return (words[at >>> 6] & 1L << at) != 0;
  }

  /** None is among them any more. */
  void clear() {
    if (any) {
      Arrays.fill(words, 0);
      any = false;
    }
  }

  /** Neighbours, which guests' pages are, have places of their own. */
  private static int place(long frame) {
    return (int) (frame >>> 12 ^ frame >>> 12 + BITS) & (1 << BITS) - 1;
  }
}
