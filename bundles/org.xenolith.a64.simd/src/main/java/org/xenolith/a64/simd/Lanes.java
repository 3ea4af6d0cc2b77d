// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

/** Masks and single lanes of 64-bit halves. */
public final class Lanes {
  private static final long[] ONES = {0x0101010101010101L, 0x0001000100010001L, 0x0000000100000001L, 1};
  private static final long[] MASK = {0xFF, 0xFFFF, 0xFFFF_FFFFL, -1};

  private Lanes() {}

  /** Width of a lane in bits. */
  public static int bits(int size) {
    return 8 << size;
  }

  /** The least significant bit of every lane. */
  public static long ones(int size) {
    return ONES[size];
  }

  /** The sign bit of every lane. */
  public static long signs(int size) {
    return ONES[size] << (8 << size) - 1;
  }

  /** All bits of the lowest lane. */
  public static long mask(int size) {
    return MASK[size];
  }

  /** The lowest lane, zero-extended. */
  public static long unsigned(long a, int size) {
    return a & MASK[size];
  }

  /** The lowest lane, sign-extended. */
  public static long signed(long a, int size) {
    int spare = 64 - (8 << size);
    return a << spare >> spare;
  }

  /** Lane {@code index}, zero-extended. */
  public static long lane(long a, int index, int size) {
    return a >>> (index << size + 3) & MASK[size];
  }

  /** {@code a} with lane {@code index} replaced by the low bits of {@code value}. */
  public static long insert(long a, int index, int size, long value) {
    int shift = index << size + 3;
    return a & ~(MASK[size] << shift) | (value & MASK[size]) << shift;
  }

  /** The low bits of {@code value} in every lane. */
  public static long replicate(long value, int size) {
    return (value & MASK[size]) * ONES[size];
  }

  /** Sign bits made lanes of all ones; the other bits of {@code signs} must be clear. */
  public static long spread(long signs, int size) {
    return signs - (signs >>> (8 << size) - 1) | signs;
  }
}
