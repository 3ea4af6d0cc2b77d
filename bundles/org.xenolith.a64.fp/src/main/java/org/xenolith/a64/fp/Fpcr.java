// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Bits of the floating-point control register FPCR that arithmetic obeys (Arm ARM C5.2.7). Traps are not modelled: RAZ. */
public final class Fpcr {
  /** Flush half-precision subnormals to zero. */
  public static final int FZ16 = 1 << 19;
  /** Lowest bit of RMode. */
  public static final int RMODE_SHIFT = 22;
  /** RMode: 0 nearest even, 1 plus infinity, 2 minus infinity, 3 zero; the same numbers as in {@link Rounding}. */
  public static final int RMODE = 3 << RMODE_SHIFT;
  /** Flush single- and double-precision subnormals to zero. */
  public static final int FZ = 1 << 24;
  /** Every NaN result is the default NaN. */
  public static final int DN = 1 << 25;
  /** Alternative half-precision format in conversions. */
  public static final int AHP = 1 << 26;
  /** All bits that can be written; the rest is RAZ/WI. */
  public static final int MASK = AHP | DN | FZ | RMODE | FZ16;

  /** Any of these set: the host's own arithmetic (nearest even, gradual underflow) isn't what the guest asked for. */
  static final int UNLIKE_HOST = RMODE | FZ;

  private Fpcr() {}

  /**
   * The current rounding mode (FPRoundingMode).
   *
   * @param fpcr FPCR value
   * @return a constant of {@link Rounding}, 0 to 3
   */
  public static int rounding(int fpcr) {
    return fpcr >>> RMODE_SHIFT & 3;
  }
}
