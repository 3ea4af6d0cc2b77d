// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** Encodings of the rounding control field of MXCSR and of the x87 control word (Intel SDM vol. 1, table 4-8). */
public final class RoundingControl {
  /** To nearest, ties to even. */
  public static final int NEAREST = 0;
  /** Towards minus infinity. */
  public static final int DOWN = 1;
  /** Towards plus infinity. */
  public static final int UP = 2;
  /** Towards zero. */
  public static final int ZERO = 3;

  private RoundingControl() {}

  /**
   * Whether a truncated magnitude has to be incremented.
   *
   * @param rc rounding control
   * @param sign 1 for a negative value
   * @param odd whether the truncated magnitude is odd
   * @param rest the bits cut off, left-justified: the top bit is one half
   */
  static boolean up(int rc, int sign, boolean odd, long rest) {
    return switch (rc) {
      case NEAREST -> rest < 0 && (rest != Long.MIN_VALUE || odd);
      case DOWN -> sign != 0 && rest != 0;
      case UP -> sign == 0 && rest != 0;
      default -> false;
    };
  }

  /** Whether an overflow gives infinity rather than the largest number. */
  static boolean toInfinity(int rc, int sign) {
    return rc == NEAREST || rc == (sign != 0 ? DOWN : UP);
  }
}
