// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** Bits of MXCSR, the control and status register of SSE (Intel SDM vol. 1, 10.2.3). The low six bits are the x87's, too. */
public final class Mxcsr {
  /** Invalid operation; found before computing. */
  public static final int IE = 1;
  /** Denormal operand; found before computing. */
  public static final int DE = 1 << 1;
  /** Division by zero; found before computing. */
  public static final int ZE = 1 << 2;
  /** Overflow; found after computing. */
  public static final int OE = 1 << 3;
  /** Underflow; found after computing, tininess after rounding. */
  public static final int UE = 1 << 4;
  /** Precision: the result is inexact; found after computing. */
  public static final int PE = 1 << 5;
  /** All six exception flags. */
  public static final int FLAGS = 0x3F;
  /** The flags that are found before computing; one of them unmasked keeps the others from being set. */
  public static final int BEFORE = IE | DE | ZE;
  /** Denormal operands are zeros. */
  public static final int DAZ = 1 << 6;
  /** Distance of an exception's mask from its flag. */
  public static final int MASK_SHIFT = 7;
  /** All six masks. */
  public static final int MASKS = FLAGS << MASK_SHIFT;
  /** Lowest bit of the rounding control; see {@link RoundingControl}. */
  public static final int RC_SHIFT = 13;
  /** Tiny results are zeros, while underflow is masked. */
  public static final int FTZ = 1 << 15;
  /** The value after reset: all exceptions masked, to nearest. */
  public static final int RESET = MASKS;

  private Mxcsr() {}

  /** The rounding control, a constant of {@link RoundingControl}. */
  public static int rounding(int mxcsr) {
    return mxcsr >>> RC_SHIFT & 3;
  }

  /**
   * Which exceptions #XM has to report.
   *
   * @param mxcsr the register's value
   * @param raised flags of one instruction, all its lanes together
   * @return the flags among them that aren't masked; 0 if the result is to be written
   */
  public static int unmasked(int mxcsr, int raised) {
    return raised & ~(mxcsr >>> MASK_SHIFT) & FLAGS;
  }

  /**
   * The flags an instruction leaves (SDM vol. 1, 11.5.3): an unmasked exception before computing in any lane means that no lane computes.
   *
   * @param mxcsr the register's value
   * @param raised flags of one instruction, all its lanes together
   * @return the flags to add to MXCSR
   */
  public static int settled(int mxcsr, int raised) {
    return (unmasked(mxcsr, raised) & BEFORE) != 0 ? raised & BEFORE : raised;
  }

  /** All masked, to nearest, no DAZ, no FTZ: the host's own arithmetic is what the guest asked for. */
  static boolean likeHost(int mxcsr) {
    return (mxcsr & (MASKS | DAZ | FTZ | 3 << RC_SHIFT)) == MASKS;
  }
}
