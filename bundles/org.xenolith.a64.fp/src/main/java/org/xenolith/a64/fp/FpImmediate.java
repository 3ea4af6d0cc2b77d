// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** The 8-bit immediates of FMOV, expanded (VFPExpandImm): sign, three exponent bits, four fraction bits. */
public final class FpImmediate {
  private FpImmediate() {}

  /**
   * To double precision.
   *
   * @param imm8 the immediate, 0 to 255
   */
  public static long toDouble(int imm8) {
    return expand(FpFormat.DOUBLE, imm8);
  }

  /** To single precision; see {@link #toDouble}. */
  public static int toSingle(int imm8) {
    return (int) expand(FpFormat.SINGLE, imm8);
  }

  /** To half precision; see {@link #toDouble}. */
  public static int toHalf(int imm8) {
    return (int) expand(FpFormat.HALF, imm8);
  }

  private static long expand(FpFormat f, int imm8) {
    // exponent = NOT(b6) : Replicate(b6, E-3) : b5:b4, which is bias + 1 + (b5:b4) less 4 when b6 is set
    int exponent = f.bias() + 1 + (imm8 >> 4 & 3) - ((imm8 & 0x40) != 0 ? 4 : 0);
    return f.zero(imm8 >> 7 & 1) | (long) exponent << f.fractionBits() | (imm8 & 0xFL) << f.fractionBits() - 4;
  }
}
