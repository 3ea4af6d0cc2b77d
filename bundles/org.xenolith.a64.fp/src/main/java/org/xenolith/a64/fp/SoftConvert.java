// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** FPConvert: between the three formats, with FPConvertNaN and the alternative half-precision format. */
final class SoftConvert {
  private SoftConvert() {}

  static long convert(FpFormat from, FpFormat to, long x, int mode, int fpcr, FpStatus status) {
    fpcr &= ~Fpcr.FZ16;                          // FPUnpackCV and FPRoundCV ignore it
    x = from.unpack(x, fpcr, status);
    int sign = from.sign(x);
    boolean alternative = (fpcr & Fpcr.AHP) != 0;
    boolean special = from.exponent(x) == from.topExponent() && !(from == FpFormat.HALF && alternative);
    if (special) {
      boolean intoAlternative = to == FpFormat.HALF && alternative;
      if (intoAlternative || from.isSignalling(x)) {
        status.fpsr |= FpStatus.IOC;
      }
      if (from.isInfinity(x)) {
        return intoAlternative ? to.zero(sign) | to.magnitude(-1) : to.infinity(sign);
      }
      return intoAlternative ? to.zero(sign) : (fpcr & Fpcr.DN) != 0 ? to.defaultNaN() : nan(from, to, x);
    }
    return from.isZero(x) ? to.zero(sign)
        : to.round(sign, from.scale(x), from.significand(x), mode, fpcr, status);
  }

  /** FPConvertNaN: sign and the payload's top bits, quiet. */
  private static long nan(FpFormat from, FpFormat to, long x) {
    int wider = to.fractionBits() - from.fractionBits();
    long payload = wider >= 0 ? from.fraction(x) << wider : from.fraction(x) >>> -wider;
    return to.infinity(from.sign(x)) | to.quietBit() | payload;
  }
}
