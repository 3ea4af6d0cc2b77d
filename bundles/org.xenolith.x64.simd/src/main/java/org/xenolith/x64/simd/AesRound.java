// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.simd;

/** Rounds of AES (FIPS 197; Intel SDM volume 2, AESENC and its kin). A state is two words, byte 0 the lowest. Results go to {@code z}. */
public final class AesRound {
  private static final byte[] BOX = new byte[256];
  private static final byte[] INVERSE = new byte[256];

  static {
    // The multiplicative inverse in GF(2^8), by powers of the generator 3, and the affine map.
    int p = 1;
    int q = 1;
    do {
      p = (p ^ p << 1 ^ (p & 0x80) / 0x80 * 0x11B) & 0xFF;
      q ^= q << 1;
      q ^= q << 2;
      q ^= q << 4;
      q &= 0xFF;
      q ^= (q & 0x80) != 0 ? 0x09 : 0;
      int x = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^ 0x63;
      BOX[p] = (byte) x;
    } while (p != 1);
    BOX[0] = 0x63;
    for (int i = 0; i < 256; i++) {
      INVERSE[BOX[i] & 0xFF] = (byte) i;
    }
  }

  private AesRound() {}

  private static int rotate(int value, int by) {
    return (value << by | value >> 8 - by) & 0xFF;
  }

  private static int at(long low, long high, int number) {
    return (int) (number < 8 ? low >>> 8 * number : high >>> 8 * (number - 8)) & 0xFF;
  }

  private static int times(int value, int factor) {
    int z = 0;
    int x = value;
    for (int f = factor; f != 0; f >>= 1) {
      z ^= (f & 1) != 0 ? x : 0;
      x = x << 1 ^ ((x & 0x80) != 0 ? 0x11B : 0);
    }
    return z & 0xFF;
  }

  private static void put(long[] z, int number, int value) {
    z[number >> 3] |= (long) value << 8 * (number & 7);
  }

  /** AESENC, AESENCLAST. */
  public static void encrypt(long a0, long a1, long k0, long k1, boolean last, long[] z) {
    z[0] = 0;
    z[1] = 0;
    for (int i = 0; i < 16; i++) {
      // ShiftRows: row r of column c comes from column c + r.
      put(z, i, BOX[at(a0, a1, i + (i & 3) * 4 & 15)] & 0xFF);
    }
    if (!last) {
      mix(z, 2, 3, 1, 1);
    }
    z[0] ^= k0;
    z[1] ^= k1;
  }

  /** AESDEC, AESDECLAST: the equivalent inverse cipher. */
  public static void decrypt(long a0, long a1, long k0, long k1, boolean last, long[] z) {
    z[0] = 0;
    z[1] = 0;
    for (int i = 0; i < 16; i++) {
      put(z, i, INVERSE[at(a0, a1, i - (i & 3) * 4 & 15)] & 0xFF);
    }
    if (!last) {
      mix(z, 14, 11, 13, 9);
    }
    z[0] ^= k0;
    z[1] ^= k1;
  }

  /** AESIMC. */
  public static void inverseMix(long b0, long b1, long[] z) {
    z[0] = b0;
    z[1] = b1;
    mix(z, 14, 11, 13, 9);
  }

  private static void mix(long[] z, int f0, int f1, int f2, int f3) {
    long a0 = z[0];
    long a1 = z[1];
    z[0] = 0;
    z[1] = 0;
    for (int column = 0; column < 16; column += 4) {
      for (int row = 0; row < 4; row++) {
        int value = times(at(a0, a1, column + row), f0) ^ times(at(a0, a1, column + (row + 1 & 3)), f1) ^ times(at(a0, a1, column + (row + 2
            & 3)), f2)
            ^ times(at(a0, a1, column + (row + 3 & 3)), f3);
        put(z, column + row, value);
      }
    }
  }

  /** AESKEYGENASSIST. */
  public static void keyAssist(long b0, long b1, int round, long[] z) {
    long x1 = word((int) (b0 >>> 32));
    long x3 = word((int) (b1 >>> 32));
    z[0] = x1 | (rotateWord(x1) ^ round & 0xFF) << 32;
    z[1] = x3 | (rotateWord(x3) ^ round & 0xFF) << 32;
  }

  private static long word(int value) {
    long z = 0;
    for (int i = 0; i < 32; i += 8) {
      z |= (long) (BOX[value >>> i & 0xFF] & 0xFF) << i;
    }
    return z;
  }

  private static long rotateWord(long value) {
    return value >>> 8 | value << 24 & 0xFF00_0000L;
  }
}
