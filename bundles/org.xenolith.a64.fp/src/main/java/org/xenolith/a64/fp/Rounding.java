// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Rounding modes (Arm ARM, enumeration FPRounding); the first four are the encodings of FPCR.RMode. */
public final class Rounding {
  /** To nearest, ties to even. */
  public static final int TIE_EVEN = 0;
  /** Towards plus infinity. */
  public static final int PLUS = 1;
  /** Towards minus infinity. */
  public static final int MINUS = 2;
  /** Towards zero. */
  public static final int ZERO = 3;
  /** To nearest, ties away from zero (FCVTA*, FRINTA). */
  public static final int TIE_AWAY = 4;
  /** To odd: truncate, then set the last bit if inexact (FCVTXN). */
  public static final int ODD = 5;

  private Rounding() {}

  /**
   * Whether a truncated magnitude has to be incremented.
   *
   * @param mode rounding mode
   * @param sign 1 for a negative value
   * @param odd whether the truncated magnitude is odd
   * @param rest the bits cut off, left-justified: the top bit is one half; non-zero
   */
  static boolean up(int mode, int sign, boolean odd, long rest) {
    return switch (mode) {
      case TIE_EVEN -> rest < 0 && (rest != Long.MIN_VALUE || odd);
      case PLUS -> sign == 0 && rest != 0;
      case MINUS -> sign != 0 && rest != 0;
      case TIE_AWAY -> rest < 0;
      default -> false;
    };
  }
}
