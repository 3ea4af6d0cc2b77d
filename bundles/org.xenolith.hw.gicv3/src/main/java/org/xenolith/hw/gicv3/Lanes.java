// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

/** Byte lanes of an access of 1, 2 or 4 bytes in its 32-bit word. */
final class Lanes {
  private Lanes() {}

  /** Ones in the lanes that the access touches. */
  static int mask(long offset, int size) {
    return (size == 4 ? -1 : (1 << size * 8) - 1) << shift(offset);
  }

  /** The position of the access in its word, in bits. */
  static int shift(long offset) {
    return ((int) offset & 3) * 8;
  }

  /** The accessed part of a word, as the handler returns it. */
  static long of(int word, long offset, int size) {
    return (word & 0xFFFF_FFFFL) >>> shift(offset) & (size == 4 ? 0xFFFF_FFFFL : (1L << size * 8) - 1);
  }
}
