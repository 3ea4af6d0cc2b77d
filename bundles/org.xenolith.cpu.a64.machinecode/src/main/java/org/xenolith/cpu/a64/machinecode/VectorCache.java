// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.Arrays;

/**
 * Which vector registers, all of which are in memory, XMM8 to XMM15 have, too: what instructions of a block have computed, so that the next ones needn't wait for
 * memory. It is known from one instruction to the next as long as code can't be entered between them, and forgotten otherwise.
 */
final class VectorCache {
  /** No register of the host's. */
  static final int NONE = -1;
  private static final int FIRST = 8;
  private static final int NOWHERE = -1;

  private final int[] places = new int[8];
  private int oldest;
  /** Whether the instruction that is translated keeps and uses them. */
  private boolean used;
  private boolean some;

  VectorCache() {
    forget();
  }

  /** Code begins that is reached from elsewhere. */
  void begin() {
    used = false;
    if (some) {
      forget();
    }
  }

  private void forget() {
    Arrays.fill(places, NOWHERE);
    some = false;
  }

  /** An instruction is translated next. */
  void next() {
    if (some && !used) {
      forget();
    }
    used = false;
  }

  /** The instruction neither is gone on behind once code was left at it, nor changes vector registers but by {@link #hold}. */
  void keep() {
    used = true;
  }

  /** Which of the host's has what is at a place; {@link #NONE} if none has it for sure. */
  int at(int place) {
    if (used && some) {
      for (int i = 0; i < places.length; i++) {
        if (places[i] == place) {
          return FIRST + i;
        }
      }
    }
    return NONE;
  }

  /** What is at a place changes. Returns the one of the host's that is to have it, too; {@link #NONE} if none shall. */
  int hold(int place) {
    if (!used) {
      return NONE;
    }
    int host = at(place);
    if (host == NONE) {
      host = FIRST + oldest;
      places[oldest] = place;
      oldest = oldest + 1 & places.length - 1;
      some = true;
    }
    return host;
  }
}
