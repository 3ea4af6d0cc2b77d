// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

/** SHA1C, SHA1P, SHA1M, SHA1H, SHA1SU0, SHA1SU1 (FIPS 180-4 rounds; Arm ARM shared/functions/crypto). */
public final class Sha1 {
  private static final int CHOOSE = 0;
  private static final int PARITY = 1;
  private static final int MAJORITY = 2;

  private Sha1() {}

  /** SHA1C: four rounds with the choose function; {@code n} is the working variable e. */
  public static void sha1c(long dLow, long dHigh, int n, long mLow, long mHigh, long[] out, int at) {
    rounds(CHOOSE, dLow, dHigh, n, mLow, mHigh, out, at);
  }

  /** SHA1P: four rounds with the parity function. */
  public static void sha1p(long dLow, long dHigh, int n, long mLow, long mHigh, long[] out, int at) {
    rounds(PARITY, dLow, dHigh, n, mLow, mHigh, out, at);
  }

  /** SHA1M: four rounds with the majority function. */
  public static void sha1m(long dLow, long dHigh, int n, long mLow, long mHigh, long[] out, int at) {
    rounds(MAJORITY, dLow, dHigh, n, mLow, mHigh, out, at);
  }

  /** SHA1H: the fixed rotate of one word. */
  public static int sha1h(int n) {
    return Integer.rotateLeft(n, 30);
  }

  private static void rounds(int function, long low, long high, int e, long mLow, long mHigh, long[] out, int at) {
    int a = (int) low;
    int b = (int) (low >>> 32);
    int c = (int) high;
    int d = (int) (high >>> 32);
    for (int round = 0; round < 4; round++) {
      int f = switch (function) {
        case CHOOSE -> (c ^ d) & b ^ d;
        case PARITY -> b ^ c ^ d;
        default -> b & c | (b | c) & d;
      };
      int next = e + Integer.rotateLeft(a, 5) + f + (int) ((round < 2 ? mLow : mHigh) >>> (round & 1) * 32);
      e = d;
      d = c;
      c = Integer.rotateLeft(b, 30);
      b = a;
      a = next;
    }
    out[at] = Words.pair(a, b);
    out[at + 1] = Words.pair(c, d);
  }

  /** SHA1SU0: first part of four schedule words; {@code Vn}'s upper half plays no part. */
  public static void sha1su0(long dLow, long dHigh, long nLow, long mLow, long mHigh, long[] out, int at) {
    out[at] = dHigh ^ dLow ^ mLow;
    out[at + 1] = nLow ^ dHigh ^ mHigh;
  }

  /** SHA1SU1: second part; the last word depends on the first. */
  public static void sha1su1(long dLow, long dHigh, long nLow, long nHigh, long[] out, int at) {
    long low = dLow ^ (nLow >>> 32 | nHigh << 32);
    long high = dHigh ^ nHigh >>> 32;
    int first = (int) low;
    out[at] = Words.pair(Integer.rotateLeft(first, 1), Integer.rotateLeft((int) (low >>> 32), 1));
    out[at + 1] = Words.pair(Integer.rotateLeft((int) high, 1),
        Integer.rotateLeft((int) (high >>> 32), 1) ^ Integer.rotateLeft(first, 2));
  }
}
