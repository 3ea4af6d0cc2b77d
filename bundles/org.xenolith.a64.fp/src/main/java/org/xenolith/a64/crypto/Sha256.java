// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

import static java.lang.Integer.rotateRight;

/** SHA256H, SHA256H2, SHA256SU0, SHA256SU1 (FIPS 180-4 rounds; Arm ARM shared/functions/crypto). */
public final class Sha256 {
  private Sha256() {}

  /** SHA256H: four rounds on abcd ({@code Vd}) and efgh ({@code Vn}); gives the new abcd. */
  public static void sha256h(long dLow, long dHigh, long nLow, long nHigh, long mLow, long mHigh, long[] out, int at) {
    rounds(true, dLow, dHigh, nLow, nHigh, mLow, mHigh, out, at);
  }

  /** SHA256H2: the same rounds on abcd ({@code Vn}) and efgh ({@code Vd}); gives the new efgh. */
  public static void sha256h2(long dLow, long dHigh, long nLow, long nHigh, long mLow, long mHigh, long[] out, int at) {
    rounds(false, nLow, nHigh, dLow, dHigh, mLow, mHigh, out, at);
  }

  private static void rounds(boolean first, long xLow, long xHigh, long yLow, long yHigh, long mLow, long mHigh,
      long[] out, int at) {
    int a = (int) xLow;
    int b = Words.high(xLow);
    int c = (int) xHigh;
    int d = Words.high(xHigh);
    int e = (int) yLow;
    int f = Words.high(yLow);
    int g = (int) yHigh;
    int h = Words.high(yHigh);
    for (int round = 0; round < 4; round++) {
      int t = h + (rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)) + ((f ^ g) & e ^ g)
          + (int) ((round < 2 ? mLow : mHigh) >>> (round & 1) * 32);
      int next = t + (rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)) + (a & b | (a | b) & c);
      h = g;
      g = f;
      f = e;
      e = d + t;
      d = c;
      c = b;
      b = a;
      a = next;
    }
    out[at] = first ? Words.pair(a, b) : Words.pair(e, f);
    out[at + 1] = first ? Words.pair(c, d) : Words.pair(g, h);
  }

  /** SHA256SU0: first part of four schedule words. */
  public static void sha256su0(long dLow, long dHigh, long nLow, long nHigh, long[] out, int at) {
    int w1 = Words.high(dLow);
    int w2 = (int) dHigh;
    int w3 = Words.high(dHigh);
    out[at] = Words.pair((int) dLow + sigma0(w1), w1 + sigma0(w2));
    out[at + 1] = Words.pair(w2 + sigma0(w3), w3 + sigma0((int) nLow));
  }

  /** SHA256SU1: second part; the upper two words depend on the lower two. */
  public static void sha256su1(long dLow, long dHigh, long nLow, long nHigh, long mLow, long mHigh, long[] out, int at) {
    int w0 = (int) dLow + Words.high(nLow) + sigma1((int) mHigh);
    int w1 = Words.high(dLow) + (int) nHigh + sigma1(Words.high(mHigh));
    out[at] = Words.pair(w0, w1);
    out[at + 1] = Words.pair((int) dHigh + Words.high(nHigh) + sigma1(w0), Words.high(dHigh) + (int) mLow + sigma1(w1));
  }

  private static int sigma0(int x) {
    return rotateRight(x, 7) ^ rotateRight(x, 18) ^ x >>> 3;
  }

  private static int sigma1(int x) {
    return rotateRight(x, 17) ^ rotateRight(x, 19) ^ x >>> 10;
  }
}
