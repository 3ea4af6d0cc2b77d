// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

/**
 * AESE, AESD, AESMC, AESIMC (FIPS 197 round steps; Arm ARM shared/functions/crypto).
 *
 * <p>The state's four columns are the four words of the register. A rotation by two columns exchanges the halves, and the
 * row shifts commute with it; so one function computes either half, given its own half and the other one.
 */
public final class Aes {
  private static final byte[] SUBSTITUTE = new byte[256];
  private static final byte[] INVERSE = new byte[256];

  static {
    int power = 1;                               // of the generator 3, and its inverse's power beside it
    int inverse = 1;
    SUBSTITUTE[0] = 0x63;
    for (int i = 0; i < 255; i++) {
      SUBSTITUTE[power] = (byte) (inverse ^ turn(inverse, 1) ^ turn(inverse, 2) ^ turn(inverse, 3) ^ turn(inverse, 4) ^ 0x63);
      power ^= twice(power);
      inverse ^= inverse << 1;                   // division by 3: times 0xF6
      inverse ^= inverse << 2;
      inverse ^= inverse << 4;
      inverse = inverse & 0xFF ^ ((inverse & 0x80) != 0 ? 0x09 : 0);
    }
    for (int i = 0; i < 256; i++) {
      INVERSE[SUBSTITUTE[i] & 0xFF] = (byte) i;
    }
  }

  private Aes() {}

  private static int turn(int x, int left) {
    return (x << left | x >> 8 - left) & 0xFF;
  }

  private static int twice(int x) {
    return (x << 1 ^ ((x & 0x80) != 0 ? 0x1B : 0)) & 0xFF;
  }

  /**
   * One half of AESE: ShiftRows and SubBytes of the state to which the round key has been added.
   *
   * @param near the half of {@code Vd EOR Vn} that is to be computed
   * @param far the other half
   */
  public static long aese(long near, long far) {
    byte[] s = SUBSTITUTE;
    return at(s, near, 0) | at(s, near, 5) << 8 | at(s, far, 2) << 16 | at(s, far, 7) << 24
        | at(s, near, 4) << 32 | at(s, far, 1) << 40 | at(s, far, 6) << 48 | at(s, near, 3) << 56;
  }

  /** One half of AESD: InvShiftRows and InvSubBytes; operands as for {@link #aese}. */
  public static long aesd(long near, long far) {
    byte[] s = INVERSE;
    return at(s, near, 0) | at(s, far, 5) << 8 | at(s, far, 2) << 16 | at(s, near, 7) << 24
        | at(s, near, 4) << 32 | at(s, near, 1) << 40 | at(s, far, 6) << 48 | at(s, far, 3) << 56;
  }

  private static long at(byte[] table, long half, int index) {
    return table[(int) (half >>> index * 8) & 0xFF] & 0xFFL;
  }

  /** AESMC of one half: each column times {02, 03, 01, 01}. */
  public static long aesmc(long half) {
    long next = rows(half, 8);
    return twice(half ^ next) ^ next ^ rows(half, 16) ^ rows(half, 24);
  }

  /** AESIMC of one half: the inverse matrix is the forward one times {05, 00, 04, 00}. */
  public static long aesimc(long half) {
    return aesmc(half ^ twice(twice(half ^ rows(half, 16))));
  }

  /** Both columns turned so that each row holds a later one's byte. */
  private static long rows(long x, int bits) {
    long low = (-1L >>> 32 + bits) * 0x1_0000_0001L;
    return x >>> bits & low | x << 32 - bits & ~low;
  }

  /** Eight field elements doubled. */
  private static long twice(long x) {
    return (x & 0x7F7F_7F7F_7F7F_7F7FL) << 1 ^ (x >>> 7 & 0x0101_0101_0101_0101L) * 0x1B;
  }
}
