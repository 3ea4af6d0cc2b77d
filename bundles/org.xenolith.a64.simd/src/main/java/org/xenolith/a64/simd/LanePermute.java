// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

/** Moving lanes about, and making them wider and narrower. */
public final class LanePermute {
  private LanePermute() {}

  /** The even lanes packed into the low 32 bits; size 0 to 2. */
  public static long evens(long a, int size) {
    if (size == 0) {
      a &= 0x00FF00FF00FF00FFL;
      a |= a >>> 8;
    }
    if (size <= 1) {
      a &= 0x0000FFFF0000FFFFL;
      a |= a >>> 16;
    }
    return a & 0xFFFF_FFFFL;
  }

  /** The low 32 bits spread over the even lanes, the odd ones zero; size 0 to 2. Also UXTL. */
  public static long expand(long a, int size) {
    a &= 0xFFFF_FFFFL;
    if (size <= 1) {
      a = (a | a << 16) & 0x0000FFFF0000FFFFL;
    }
    if (size == 0) {
      a = (a | a << 8) & 0x00FF00FF00FF00FFL;
    }
    return a;
  }

  /** The lanes of {@code size} in the low 32 bits, sign-extended to twice the width (SXTL). */
  public static long signExpand(long a, int size) {
    long sign = Lanes.ones(size + 1) << (8 << size) - 1;
    return LaneArithmetic.sub(expand(a, size) ^ sign, sign, size + 1);
  }

  /** XTN: the low halves of lanes of twice {@code size}, {@code low} first. Also UZP1 of two halves. */
  public static long narrow(long low, long high, int size) {
    return evens(low, size) | evens(high, size) << 32;
  }

  /** The high halves of lanes of twice {@code size}. Also UZP2 of two halves. */
  public static long narrowHigh(long low, long high, int size) {
    int bits = 8 << size;
    return evens(low >>> bits, size) | evens(high >>> bits, size) << 32;
  }

  /** The low 32 bits of each operand interleaved, {@code a} first. ZIP1 of halves; ZIP2 after a shift; size 0 to 2. */
  public static long zip(long a, long b, int size) {
    return expand(a, size) | expand(b, size) << (8 << size);
  }

  /** TRN1 of a half; size 0 to 2. */
  public static long trn1(long a, long b, int size) {
    long even = Lanes.ones(size + 1) * Lanes.mask(size);
    return a & even | (b & even) << (8 << size);
  }

  /** TRN2 of a half; size 0 to 2. */
  public static long trn2(long a, long b, int size) {
    long even = Lanes.ones(size + 1) * Lanes.mask(size);
    return a >>> (8 << size) & even | b & ~even;
  }

  /** Eight bytes from byte {@code from} (0 to 8) of the sixteen that {@code high} and {@code low} make. */
  public static long ext(long low, long high, int from) {
    return from == 0 ? low : from == 8 ? high : low >>> 8 * from | high << 64 - 8 * from;
  }

  /**
   * TBL and TBX of a half: a byte for each byte of {@code indices}.
   *
   * @param v        the register file
   * @param first    number of the table's first register; it wraps around after 31
   * @param count    registers in the table
   * @param fallback the result where an index is outside: zero for TBL, the destination for TBX
   */
  public static long table(long[] v, int first, int count, long indices, long fallback) {
    long r = 0;
    for (int i = 0; i < 64; i += 8) {
      int index = (int) (indices >>> i) & 0xFF;
      long value;
      if (index < 16 * count) {
        value = v[2 * first + (index >>> 3) & 63] >>> 8 * (index & 7) & 0xFF;
      } else {
        value = fallback >>> i & 0xFF;
      }
      r |= value << i;
    }
    return r;
  }
}
