// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Comparisons, maximum and minimum: every operand and every flag. */
final class SoftCompare {
  private SoftCompare() {}

  /** FPCompare: NZCV as a nibble, N in bit 3. */
  static int compare(FpFormat f, long a, long b, boolean signalling, int fpcr, FpStatus status) {
    a = f.unpack(a, fpcr, status);
    b = f.unpack(b, fpcr, status);
    if (f.isNaN(a) || f.isNaN(b)) {
      if (signalling || f.isSignalling(a) || f.isSignalling(b)) {
        status.fpsr |= FpStatus.IOC;
      }
      return 0b0011;
    }
    return nzcv(Long.compare(f.order(a), f.order(b)));
  }

  /** NZCV of an ordered comparison. */
  static int nzcv(int order) {
    return order == 0 ? 0b0110 : order < 0 ? 0b1000 : 0b0010;
  }

  /** FPMax, or FPMin when {@code sign} is 1; with {@code number} FPMaxNum or FPMinNum. */
  static long max(FpFormat f, long a, long b, int sign, boolean number, int fpcr, FpStatus status) {
    if (number && f.isNaN(a) != f.isNaN(b) && !f.isSignalling(a) && !f.isSignalling(b)) {
      // One quiet NaN: it stands for the infinity that never wins, so the number comes back (flushed if subnormal).
      return f.unpack(f.isNaN(a) ? b : a, fpcr, status);
    }
    a = f.unpack(a, fpcr, status);
    b = f.unpack(b, fpcr, status);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, fpcr, status);
    }
    if (f.isZero(a) && f.isZero(b)) {
      return sign == 0 ? a & b : a | b;
    }
    return f.order(a) > f.order(b) == (sign == 0) ? a : b;
  }
}
