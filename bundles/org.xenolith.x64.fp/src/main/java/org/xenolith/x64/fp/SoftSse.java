// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * SSE arithmetic in integers: every operand, every mode, every flag. Precedence of exceptions: SDM vol. 1, 4.9.2. An unmasked denormal
 * operand ends the operation before it computes, so no later flag is set; the result then means nothing.
 */
final class SoftSse {
  private SoftSse() {}

  /** Sets DE if an operand is denormal; true if that is unmasked. */
  private static boolean stopsAtDenormal(SseFormat f, long a, long b, int mxcsr, SseStatus status) {
    if (!f.isDenormal(a) && !f.isDenormal(b)) {
      return false;
    }
    status.flags |= Mxcsr.DE;
    return (mxcsr & Mxcsr.DE << Mxcsr.MASK_SHIFT) == 0;
  }

  /** The sum, or the difference when {@code flip} is 1 (a NaN in {@code b} keeps its sign). */
  static long add(SseFormat f, long a, long b, int flip, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    b = f.operand(b, mxcsr);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, status);
    }
    b ^= f.zero(flip);
    boolean alike = f.sign(a) == f.sign(b);
    if (f.isInfinity(a) && f.isInfinity(b) && !alike) {
      return f.invalid(status);
    }
    if (stopsAtDenormal(f, a, b, mxcsr, status) || f.isInfinity(a)) {
      return a;
    }
    if (f.isInfinity(b)) {
      return b;
    }
    Unrounded u = status.unrounded;
    if (f.isZero(a)) {
      if (f.isZero(b)) {
        return alike ? b : f.cancelled(mxcsr);
      }
      u.set(f.sign(b), f.scale(b), f.significand(b), 0);
    } else if (f.isZero(b)) {
      u.set(f.sign(a), f.scale(a), f.significand(a), 0);
    } else {
      u.add(f.sign(a), f.scale(a), f.significand(a), f.sign(b), f.scale(b), f.significand(b));
    }
    return u.high == 0 ? f.cancelled(mxcsr) : f.round(u, mxcsr, status);
  }

  static long mul(SseFormat f, long a, long b, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    b = f.operand(b, mxcsr);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, status);
    }
    int sign = f.sign(a) ^ f.sign(b);
    boolean infinite = f.isInfinity(a) || f.isInfinity(b);
    boolean zero = f.isZero(a) || f.isZero(b);
    if (infinite && zero) {
      return f.invalid(status);
    }
    if (stopsAtDenormal(f, a, b, mxcsr, status) || zero) {
      return f.zero(sign);
    }
    if (infinite) {
      return f.infinity(sign);
    }
    status.unrounded.mul(sign, f.scale(a), f.significand(a), f.scale(b), f.significand(b));
    return f.round(status.unrounded, mxcsr, status);
  }

  static long div(SseFormat f, long a, long b, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    b = f.operand(b, mxcsr);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, status);
    }
    int sign = f.sign(a) ^ f.sign(b);
    if (f.isInfinity(a) && f.isInfinity(b) || f.isZero(a) && f.isZero(b)) {
      return f.invalid(status);
    }
    if (f.isZero(b) && !f.isInfinity(a)) {
      status.flags |= Mxcsr.ZE;
      return f.infinity(sign);
    }
    if (stopsAtDenormal(f, a, b, mxcsr, status) || f.isInfinity(a)) {
      return f.infinity(sign);
    }
    if (f.isZero(a) || f.isInfinity(b)) {
      return f.zero(sign);
    }
    status.unrounded.div(sign, f.scale(a), f.significand(a), f.scale(b), f.significand(b));
    return f.round(status.unrounded, mxcsr, status);
  }

  static long sqrt(SseFormat f, long a, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    if (f.isNaN(a)) {
      return f.nan(a, a, status);
    }
    if (f.isZero(a)) {
      return a;
    }
    if (f.sign(a) != 0) {
      return f.invalid(status);
    }
    if (stopsAtDenormal(f, a, a, mxcsr, status) || f.isInfinity(a)) {
      return a;
    }
    status.unrounded.sqrt(f.scale(a), f.significand(a));
    return f.round(status.unrounded, mxcsr, status);
  }

  /** The smaller operand, or the greater when {@code flip} is 1; the second if either is a NaN or both are zeros. */
  static long min(SseFormat f, long a, long b, int flip, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    b = f.operand(b, mxcsr);
    if (f.isNaN(a) || f.isNaN(b)) {
      status.flags |= Mxcsr.IE;
      return b;
    }
    stopsAtDenormal(f, a, b, mxcsr, status);
    return flip == 0 && f.order(a) < f.order(b) || flip != 0 && f.order(a) > f.order(b) ? a : b;
  }

  /** EFLAGS of (U)COMIS: ZF, PF and CF at their places. */
  static int compare(SseFormat f, long a, long b, boolean quietIsInvalid, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    b = f.operand(b, mxcsr);
    if (f.isNaN(a) || f.isNaN(b)) {
      if (quietIsInvalid || f.isSignalling(a) || f.isSignalling(b)) {
        status.flags |= Mxcsr.IE;
      }
      return Sse64.UNORDERED;
    }
    stopsAtDenormal(f, a, b, mxcsr, status);
    int order = Long.compare(f.order(a), f.order(b));
    return order < 0 ? Sse64.LESS : order == 0 ? Sse64.EQUAL : Sse64.GREATER;
  }

  /** Whether a predicate of CMPxx holds: 0 equal, 1 less, 2 less or equal, 3 unordered, 4 to 7 their opposites. */
  static boolean holds(int predicate, int eflags) {
    boolean holds = switch (predicate & 3) {
      case 0 -> eflags == Sse64.EQUAL;
      case 1 -> eflags == Sse64.LESS;
      case 2 -> eflags == Sse64.LESS || eflags == Sse64.EQUAL;
      default -> eflags == Sse64.UNORDERED;
    };
    return holds != ((predicate & 4) != 0);
  }

  /** Between the two formats. */
  static long convert(SseFormat from, SseFormat to, long a, int mxcsr, SseStatus status) {
    a = from.operand(a, mxcsr);
    int sign = from.sign(a);
    if (from.isNaN(a)) {
      long payload = (from.nan(a, a, status) << 63 - from.fractionBits) & Long.MAX_VALUE;
      return to.infinity(sign) | payload >>> 63 - to.fractionBits;
    }
    if (stopsAtDenormal(from, a, a, mxcsr, status) || from.isZero(a)) {
      return to.zero(sign);
    }
    if (from.isInfinity(a)) {
      return to.infinity(sign);
    }
    status.unrounded.set(sign, from.scale(a), from.significand(a), 0);
    return to.round(status.unrounded, mxcsr, status);
  }

  /** To a signed integer of 32 or 64 bits, sign-extended; out of range it is the integer indefinite, the smallest one. */
  static long toInteger(SseFormat f, long a, int width, int rc, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    if (f.isZero(a)) {
      return 0;
    }
    long indefinite = -1L << width - 1;
    if (f.exponent(a) == f.topExponent() || f.scale(a) >= width) {
      status.flags |= Mxcsr.IE;
      return indefinite;
    }
    int sign = f.sign(a);
    int scale = f.scale(a);
    long significand = f.significand(a);
    long whole = scale < 0 ? 0 : significand >>> 63 - scale;
    long rest = scale < 0 ? Unrounded.jam(significand, -1 - scale) : scale == 63 ? 0 : significand << scale + 1;
    if (RoundingControl.up(rc, sign, (whole & 1) != 0, rest)) {
      whole++;
    }
    if (Long.compareUnsigned(whole, sign != 0 ? -indefinite : ~indefinite) > 0) {
      status.flags |= Mxcsr.IE;
      return indefinite;
    }
    if (rest != 0) {
      status.flags |= Mxcsr.PE;
    }
    return sign != 0 ? -whole : whole;
  }

  static long fromInteger(SseFormat f, long value, int mxcsr, SseStatus status) {
    if (value == 0) {
      return 0;
    }
    long magnitude = Math.abs(value);
    int shift = Long.numberOfLeadingZeros(magnitude);
    status.unrounded.set(value < 0 ? 1 : 0, 63 - shift, magnitude << shift, 0);
    return f.round(status.unrounded, mxcsr, status);
  }

  /** ROUNDSS and ROUNDSD: {@code imm} bits 1:0 rounding control, bit 2 use MXCSR's, bit 3 suppress PE. */
  static long integral(SseFormat f, long a, int imm, int mxcsr, SseStatus status) {
    a = f.operand(a, mxcsr);
    if (f.isNaN(a)) {
      return f.nan(a, a, status);
    }
    if (f.isZero(a) || f.isInfinity(a) || f.scale(a) >= f.fractionBits) {
      return a;
    }
    int rc = (imm & 4) != 0 ? Mxcsr.rounding(mxcsr) : imm & 3;
    int sign = f.sign(a);
    int scale = f.scale(a);
    long significand = f.significand(a);
    long whole = scale < 0 ? 0 : significand >>> 63 - scale;
    long rest = scale < 0 ? Unrounded.jam(significand, -1 - scale) : significand << scale + 1;
    if (rest == 0) {
      return a;
    }
    if ((imm & 8) == 0) {
      status.flags |= Mxcsr.PE;
    }
    if (RoundingControl.up(rc, sign, (whole & 1) != 0, rest)) {
      whole++;
    }
    if (whole == 0) {
      return f.zero(sign);
    }
    int shift = Long.numberOfLeadingZeros(whole);
    status.unrounded.set(sign, 63 - shift, whole << shift, 0);
    return f.bits(status.unrounded, rc);
  }
}
