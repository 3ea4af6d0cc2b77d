// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** Immediates of Advanced SIMD and floating point. Source: Arm ARM, AdvSIMDExpandImm() and VFPExpandImm(). */
public final class SimdImmediate {
  private SimdImmediate() {
  }

  /** The byte abc:defgh of a modified immediate. */
  public static int imm8(int word) {
    return word >>> 11 & 0xE0 | word >>> 5 & 31;
  }

  /** The 64 bits that a modified-immediate word (MOVI, MVNI, ORR, BIC, FMOV) stands for, before MVNI and BIC invert it. */
  public static long expand(int word) {
    int imm8 = imm8(word);
    int cmode = word >>> 12 & 15;
    boolean op = (word & 1 << 29) != 0;
    return switch (cmode >>> 1) {
      case 0, 1, 2, 3 -> (long) imm8 << 8 * (cmode >>> 1) & 0xFFFF_FFFFL | (long) imm8 << 8 * (cmode >>> 1) + 32;
      case 4 -> imm8 * 0x0001_0001_0001_0001L;
      case 5 -> imm8 * 0x0100_0100_0100_0100L;
      case 6 -> {
        long ones = (cmode & 1) == 0 ? (long) imm8 << 8 | 0xFF : (long) imm8 << 16 | 0xFFFF;
        yield ones | ones << 32;
      }
      default -> {
        if ((cmode & 1) == 0)
          yield op ? byteMask(imm8) : imm8 * 0x0101_0101_0101_0101L;
        if (op)
          yield doubleBits(imm8);
        long bits = floatBits(imm8) & 0xFFFF_FFFFL;
        yield bits | bits << 32;
      }
    };
  }

  /** Each bit of {@code imm8} made a byte of ones or zeros. */
  static long byteMask(int imm8) {
    long mask = 0;
    for (int i = 0; i < 8; i++)
      if ((imm8 >>> i & 1) != 0)
        mask |= 0xFFL << 8 * i;
    return mask;
  }

  /** The single-precision bits of the eight-bit immediate of FMOV. */
  public static int floatBits(int imm8) {
    int exponent = (imm8 & 0x40) != 0 ? 0x3E00_0000 : 0x4000_0000;
    return (imm8 & 0x80) << 24 | exponent | (imm8 & 0x3F) << 19;
  }

  /** The double-precision bits of the eight-bit immediate of FMOV. */
  public static long doubleBits(int imm8) {
    long exponent = (imm8 & 0x40) != 0 ? 0x3FC0_0000_0000_0000L : 0x4000_0000_0000_0000L;
    return (long) (imm8 & 0x80) << 56 | exponent | (long) (imm8 & 0x3F) << 48;
  }

  /** The eight-bit immediate for a value, or -1 if it has none. */
  public static int encode(double value) {
    for (int imm8 = 0; imm8 < 256; imm8++)
      if (Double.doubleToRawLongBits(value) == doubleBits(imm8))
        return imm8;
    return -1;
  }
}
