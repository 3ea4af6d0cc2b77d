// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** The bitmask immediates of AND, ORR, EOR and ANDS. Source: Arm ARM, DecodeBitMasks(). */
public final class LogicalImmediate {
  private LogicalImmediate() {
  }

  /** Whether N and imms name a mask (immr never matters for that). */
  public static boolean isValid(int n, int imms, boolean is64) {
    if (n == 1)
      return is64 && imms != 63;
    // The element size is 2 to the power of the highest clear bit of imms; an element of all ones has no encoding.
    int size = Integer.highestOneBit(~imms & 63);
    return size > 1 && (imms & size - 1) != size - 1;
  }

  /**
   * The mask, replicated to 64 bits; for a 32-bit operation the upper half is zero.
   *
   * @throws IllegalArgumentException if the encoding is reserved: decode the word first
   */
  public static long decode(int n, int immr, int imms, boolean is64) {
    if (!isValid(n, imms, is64))
      throw new IllegalArgumentException(
          "logical immediate: N=" + n + " immr=" + immr + " imms=" + imms + " is reserved");
    int size = n == 1 ? 64 : Integer.highestOneBit(~imms & 63);
    int ones = (imms & size - 1) + 1;
    int rotate = immr & size - 1;
    long element = (1L << ones) - 1;
    long all = size == 64 ? -1 : (1L << size) - 1;
    if (rotate != 0)
      element = (element >>> rotate | element << size - rotate) & all;
    for (int width = size; width < 64; width *= 2)
      element |= element << width;
    return is64 ? element : element & 0xFFFF_FFFFL;
  }

  /**
   * The encoding of a mask.
   *
   * @return N, immr and imms as 13 bits, or -1 if there is none
   */
  public static int encode(long value, boolean is64) {
    if (!is64) {
      if (value >>> 32 != 0)
        return -1;
      value |= value << 32;
    }
    if (value == 0 || value == -1)
      return -1;
    int size = 64;
    while (size > 2 && Long.rotateRight(value, size / 2) == value)
      size /= 2;
    long element = size == 64 ? value : value & (1L << size) - 1;
    int ones = Long.bitCount(element);
    for (int rotate = 0; rotate < size; rotate++) {
      int n = size == 64 ? 1 : 0;
      int imms = ones - 1 | -size << 1 & 63;
      if (decode(n, rotate, imms, true) == value)
        return n << 12 | rotate << 6 | imms;
    }
    return -1;
  }
}
