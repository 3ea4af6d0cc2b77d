// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.simd;

/**
 * Operations that move lanes, of 128 bits in two words. The result goes to {@code z[0]} (low) and {@code z[1]}; {@code a} is the destination, {@code b} the source
 * (Intel SDM volume 2).
 */
public final class PackedPermutes {
  private PackedPermutes() {}

  private static long lane(long low, long high, int at, int size) {
    long word = at < 64 ? low >>> at : high >>> at - 64;
    return size == 64 ? word : word & (1L << size) - 1;
  }

  private static void put(long[] z, int at, long value) {
    z[at >> 6] |= value << (at & 63);
  }

  private static void clear(long[] z) {
    z[0] = 0;
    z[1] = 0;
  }

  /** PUNPCKL and PUNPCKH, UNPCKL and UNPCKH of lanes of 8 to 64 bits. */
  public static void unpack(long a0, long a1, long b0, long b1, int lane, boolean high, long[] z) {
    long a = high ? a1 : a0;
    long b = high ? b1 : b0;
    clear(z);
    for (int i = 0; i < 64; i += lane) {
      put(z, 2 * i, lane(a, 0, i, lane));
      put(z, 2 * i + lane, lane(b, 0, i, lane));
    }
  }

  /** PUNPCKL and PUNPCKH of MMX. */
  public static long unpack(long a, long b, int lane, boolean high) {
    long z = 0;
    int from = high ? 32 : 0;
    for (int i = 0; i < 32; i += lane) {
      z |= lane(a, 0, from + i, lane) << 2 * i | lane(b, 0, from + i, lane) << 2 * i + lane;
    }
    return z;
  }

  /** The lanes of a word halved with saturation, in the low half of the result: PACKSS and PACKUS. @param lane bits of a source's lane */
  public static long pack(long a, int lane, boolean unsigned) {
    int half = lane / 2;
    long low = unsigned ? 0 : -1L << half - 1;
    long high = unsigned ? (1L << half) - 1 : (1L << half - 1) - 1;
    long z = 0;
    for (int i = 0; i < 64; i += lane) {
      long value = a << 64 - lane - i >> 64 - lane;
      z |= (Math.max(low, Math.min(high, value)) & (1L << half) - 1) << i / 2;
    }
    return z;
  }

  /** PSHUFB. */
  public static void shuffleBytes(long a0, long a1, long b0, long b1, long[] z) {
    clear(z);
    for (int i = 0; i < 128; i += 8) {
      int control = (int) lane(b0, b1, i, 8);
      if ((control & 0x80) == 0) {
        put(z, i, lane(a0, a1, (control & 15) * 8, 8));
      }
    }
  }

  /** PSHUFB of MMX. */
  public static long shuffleBytes(long a, long b) {
    long z = 0;
    for (int i = 0; i < 64; i += 8) {
      int control = (int) (b >>> i) & 0xFF;
      z |= (control & 0x80) == 0 ? lane(a, 0, (control & 7) * 8, 8) << i : 0;
    }
    return z;
  }

  /** PSHUFW of a word; PSHUFLW and PSHUFHW apply it to one half. */
  public static long shuffleWords(long b, int imm) {
    long z = 0;
    for (int i = 0; i < 4; i++) {
      z |= lane(b, 0, (imm >> 2 * i & 3) * 16, 16) << 16 * i;
    }
    return z;
  }

  /** PSHUFD: {@code a} and {@code b} are the same; SHUFPS: the lower two lanes are of the first, the upper two of the second. */
  public static void shuffleDoublewords(long a0, long a1, long b0, long b1, int imm, long[] z) {
    long low = lane(a0, a1, (imm & 3) * 32, 32) | lane(a0, a1, (imm >> 2 & 3) * 32, 32) << 32;
    long high = lane(b0, b1, (imm >> 4 & 3) * 32, 32) | lane(b0, b1, (imm >> 6 & 3) * 32, 32) << 32;
    z[0] = low;
    z[1] = high;
  }

  /** PALIGNR: destination above source, moved right by bytes. */
  public static void align(long a0, long a1, long b0, long b1, int bytes, long[] z) {
    clear(z);
    for (int i = 0; i < 16; i++) {
      int from = bytes + i;
      long value = from < 16 ? lane(b0, b1, from * 8, 8) : from < 32 ? lane(a0, a1, (from - 16) * 8, 8) : 0;
      put(z, i * 8, value);
    }
  }

  /** PALIGNR of MMX. */
  public static long align(long a, long b, int bytes) {
    long z = 0;
    for (int i = 0; i < 8; i++) {
      int from = bytes + i;
      z |= (from < 8 ? b >>> from * 8 & 0xFF : from < 16 ? a >>> (from - 8) * 8 & 0xFF : 0) << i * 8;
    }
    return z;
  }

  /** PSLLDQ: left by bytes. */
  public static void bytesLeft(long a0, long a1, int bytes, long[] z) {
    int by = Math.min(bytes, 16) * 8;
    z[0] = by >= 64 ? 0 : a0 << by;
    z[1] = by >= 128 ? 0 : by >= 64 ? a0 << by - 64 : by == 0 ? a1 : a1 << by | a0 >>> 64 - by;
  }

  /** PSRLDQ: right by bytes. */
  public static void bytesRight(long a0, long a1, int bytes, long[] z) {
    int by = Math.min(bytes, 16) * 8;
    z[1] = by >= 64 ? 0 : a1 >>> by;
    z[0] = by >= 128 ? 0 : by >= 64 ? a1 >>> by - 64 : by == 0 ? a0 : a0 >>> by | a1 << 64 - by;
  }

  /** PMOVSX and PMOVZX: the lowest lanes of {@code from} bits, widened to {@code to}. */
  public static void extend(long b0, int from, int to, boolean signed, long[] z) {
    clear(z);
    for (int i = 0; i < 128 / to; i++) {
      long value = b0 << 64 - from - i * from;
      value = signed ? value >> 64 - from : value >>> 64 - from;
      put(z, i * to, to == 64 ? value : value & (1L << to) - 1);
    }
  }

  /** PBLENDW, BLENDPS, BLENDPD: lanes of the source where the immediate has a bit. */
  public static void blend(long a0, long a1, long b0, long b1, int imm, int lane, long[] z) {
    clear(z);
    for (int i = 0; i < 128 / lane; i++) {
      boolean second = (imm >> i & 1) != 0;
      put(z, i * lane, second ? lane(b0, b1, i * lane, lane) : lane(a0, a1, i * lane, lane));
    }
  }

  /** PBLENDVB, BLENDVPS, BLENDVPD of one word: lanes of the source where the mask has its sign. */
  public static long blendVariable(long a, long b, long mask, int lane) {
    long z = 0;
    for (int i = 0; i < 64; i += lane) {
      boolean second = (mask >>> i + lane - 1 & 1) != 0;
      z |= lane(second ? b : a, 0, i, lane) << i;
    }
    return z;
  }

  /** PHADD and PHSUB: sums or differences of neighbours, of the destination in the low word and of the source in the high one. */
  public static long horizontal(long low, long high, int lane, boolean subtract, boolean saturate) {
    long z = 0;
    int count = 64 / lane;
    for (int i = 0; i < count; i++) {
      long word = i < count / 2 ? low : high;
      int at = i % (count / 2) * 2 * lane;
      long x = word << 64 - lane - at >> 64 - lane;
      long y = at + 2 * lane == 64 ? word >> 64 - lane : word << 64 - 2 * lane - at >> 64 - lane;
      long value = subtract ? x - y : x + y;
      if (saturate) {
        value = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
      }
      z |= (value & (1L << lane) - 1) << i * lane;
    }
    return z;
  }

  /** PHMINPOSUW: the least word, and its number. */
  public static void minimum(long b0, long b1, long[] z) {
    long best = lane(b0, b1, 0, 16);
    int place = 0;
    for (int i = 1; i < 8; i++) {
      long value = lane(b0, b1, i * 16, 16);
      if (value < best) {
        best = value;
        place = i;
      }
    }
    z[0] = best | (long) place << 16;
    z[1] = 0;
  }

  /** MPSADBW. */
  public static void sums(long a0, long a1, long b0, long b1, int imm, long[] z) {
    int second = (imm & 3) * 4;
    int first = (imm >> 2 & 1) * 4;
    clear(z);
    for (int i = 0; i < 8; i++) {
      long sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += Math.abs(lane(a0, a1, (first + i + k) * 8, 8) - lane(b0, b1, (second + k) * 8, 8));
      }
      put(z, i * 16, sum);
    }
  }

  /** INSERTPS. @param b the single of the source */
  public static void insertSingle(long a0, long a1, long b, int imm, long[] z) {
    clear(z);
    for (int i = 0; i < 4; i++) {
      long value = i == (imm >> 4 & 3) ? b & 0xFFFF_FFFFL : lane(a0, a1, i * 32, 32);
      put(z, i * 32, (imm >> i & 1) != 0 ? 0 : value);
    }
  }

  /** PINSRB, PINSRW, PINSRD, PINSRQ of one word. @param number of the lane in the word */
  public static long insert(long a, long value, int number, int lane) {
    long mask = (lane == 64 ? -1L : (1L << lane) - 1) << number * lane;
    return a & ~mask | value << number * lane & mask;
  }
}
