// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

/** Counting and reversing bits. */
public final class LaneBits {
  private LaneBits() {}

  /** CNT: the number of ones of each byte. */
  public static long cnt(long a) {
    a -= a >>> 1 & 0x5555555555555555L;
    a = (a & 0x3333333333333333L) + (a >>> 2 & 0x3333333333333333L);
    return a + (a >>> 4) & 0x0F0F0F0F0F0F0F0FL;
  }

  /** CLZ. */
  public static long clz(long a, int size) {
    int bits = 8 << size;
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      r |= (long) (Long.numberOfLeadingZeros(Lanes.unsigned(a >>> i, size)) - (64 - bits)) << i;
    }
    return r;
  }

  /** CLS: leading bits after the first that equal it. */
  public static long cls(long a, int size) {
    int bits = 8 << size;
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      long value = Lanes.signed(a >>> i, size);
      r |= (long) (Long.numberOfLeadingZeros(value ^ value >> 63) - (64 - bits) - 1) << i;
    }
    return r;
  }

  /** RBIT: the bits of each byte reversed. */
  public static long rbit(long a) {
    return Long.reverseBytes(Long.reverse(a));
  }

  /** REV16, REV32, REV64: the lanes of each container reversed; {@code container} is a size as that of the lanes. */
  public static long rev(long a, int size, int container) {
    for (int step = size; step < container; step++) {
      int shift = 8 << step;
      long low = Lanes.ones(step + 1) * Lanes.mask(step);
      a = a >>> shift & low | (a & low) << shift;
    }
    return a;
  }
}
