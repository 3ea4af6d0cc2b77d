// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** Bits of the x87's control and status words (Intel SDM vol. 1, 8.1.3 and 8.1.5). Exception flags and masks are at {@link Mxcsr}'s flags. */
public final class X87Control {
  /** Condition code C0 in the status word. */
  public static final int C0 = 1 << 8;
  /** Condition code C1: the last rounding went up; bit 0 of FPREM's quotient; FXAM's sign. */
  public static final int C1 = 1 << 9;
  /** Condition code C2: unordered, reduction incomplete, or operand out of range. */
  public static final int C2 = 1 << 10;
  /** Condition code C3. */
  public static final int C3 = 1 << 14;
  /** The control word after FNINIT: all masked, 64 bits, to nearest. */
  public static final int RESET = 0x37F;

  private X87Control() {}

  /** The rounding control, a constant of {@link RoundingControl}. */
  public static int rounding(int controlWord) {
    return controlWord >>> 10 & 3;
  }

  /** The precision control in bits: 24, 53 or 64. The reserved encoding counts as 64. */
  public static int precision(int controlWord) {
    return switch (controlWord >>> 8 & 3) {
      case 0 -> 24;
      case 2 -> 53;
      default -> 64;
    };
  }

  /**
   * Whether a register destination is written: not if IE, DE or ZE is unmasked.
   *
   * @param flags what the operation left in {@link X87Result#flags}
   */
  public static boolean writesRegister(int controlWord, int flags) {
    return (flags & ~controlWord & Mxcsr.BEFORE) == 0;
  }

  /**
   * Whether a destination in memory is written and the stack popped: not if anything but PE is unmasked.
   *
   * @param flags what the operation left in {@link X87Result#flags}
   */
  public static boolean writesMemory(int controlWord, int flags) {
    return (flags & ~controlWord & (Mxcsr.BEFORE | Mxcsr.OE | Mxcsr.UE)) == 0;
  }
}
