// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** What an x87 operation made, overwritten by the next one; a CPU owns one instance. {@link #flags} are of one operation, not sticky. */
public final class X87Result {
  /** Sign and exponent of the result. */
  public int signExponent;
  /** Significand of the result. */
  public long significand;
  /** Sign and exponent of the value to be pushed after the result (FXTRACT). */
  public int pushedSignExponent;
  /** Significand of the value to be pushed after the result. */
  public long pushedSignificand;
  /** The result of a conversion to an integer (sign-extended), a single (low half) or a double. */
  public long integer;
  /** Status word bits of this operation: {@link Mxcsr#IE} to {@link Mxcsr#PE} and the condition codes of {@link X87Control}. */
  public int flags;

  final Unrounded unrounded = new Unrounded();
  final X87Series series = new X87Series();

  void set(int signExponent, long significand) {
    this.signExponent = signExponent;
    this.significand = significand;
  }

  void zero(int sign) {
    set(sign << 15, 0);
  }

  void infinity(int sign) {
    set(sign << 15 | Extended.TOP, Long.MIN_VALUE);
  }

  void invalid() {
    flags |= Mxcsr.IE;
    set(Extended.INDEFINITE, Extended.QUIET);
  }

  /** Sets DE if an operand is denormal; true if it is unmasked, so that nothing is computed. */
  boolean stopsAtDenormal(boolean denormal, int controlWord) {
    if (denormal) {
      flags |= Mxcsr.DE;
    }
    return denormal && (controlWord & Mxcsr.DE) == 0;
  }

  /** At least one operand is unsupported or a NaN (SDM vol. 1, table 4-7). */
  void nan(int a, long sigA, int b, long sigB) {
    if (Extended.isUnsupported(a, sigA) || Extended.isUnsupported(b, sigB)) {
      invalid();
      return;
    }
    boolean signallingA = Extended.isSignalling(a, sigA);
    boolean signallingB = Extended.isSignalling(b, sigB);
    if (signallingA || signallingB) {
      flags |= Mxcsr.IE;
    }
    boolean first;
    if (!Extended.isNaN(a, sigA) || !Extended.isNaN(b, sigB)) {
      first = Extended.isNaN(a, sigA);
    } else if (signallingA != signallingB) {
      first = signallingB;
    } else {
      int order = Long.compareUnsigned(sigA, sigB);
      first = order > 0 || order == 0 && Extended.sign(a) == 0;
    }
    set(first ? a : b, (first ? sigA : sigB) | 1L << 62);
  }

  /** Rounds {@link #unrounded} to {@code precision} bits, with the answers to overflow and underflow of a register destination. */
  void round(int precision, int controlWord) {
    Unrounded u = unrounded;
    int rc = X87Control.rounding(controlWord);
    int biased = u.scale + Extended.BIAS;
    int added = cut(u.sign, u.high, u.low, precision, rc);
    boolean tiny = biased + added <= 0;
    if (tiny && (controlWord & Mxcsr.UE) != 0) {
      flags &= ~(Mxcsr.PE | X87Control.C1);
      denormalize(1 - biased, precision, rc);
      return;
    }
    biased += added;
    if (tiny) {
      flags |= Mxcsr.UE;
      biased += 24576;
      if (biased <= 0) {               // out of reach, which only FSCALE brings about
        flags |= Mxcsr.PE;
        zero(u.sign);
        return;
      }
    } else if (biased >= Extended.TOP) {
      flags |= Mxcsr.OE;
      if ((controlWord & Mxcsr.OE) != 0) {
        overflow(precision, rc);
        return;
      }
      biased -= 24576;
      if (biased >= Extended.TOP) {
        flags |= Mxcsr.PE | X87Control.C1;
        infinity(u.sign);
        return;
      }
    }
    signExponent = u.sign << 15 | biased & Extended.TOP;
  }

  private void overflow(int precision, int rc) {
    int sign = unrounded.sign;
    flags = flags & ~X87Control.C1 | Mxcsr.PE;
    if (RoundingControl.toInfinity(rc, sign)) {
      flags |= X87Control.C1;
      infinity(sign);
    } else {
      set(sign << 15 | Extended.TOP - 1, -1L << 64 - precision);
    }
  }

  private void denormalize(int distance, int precision, int rc) {
    Unrounded u = unrounded;
    long high = distance > 63 ? 0 : u.high >>> distance;
    long low = distance > 63 ? Unrounded.jam(u.high, distance - 64) : u.high << -distance | u.low >>> distance;
    long lost = distance > 63 ? u.low : u.low << -distance;
    int carry = cut(u.sign, high, low | (lost != 0 ? 1 : 0), precision, rc);
    if ((flags & Mxcsr.PE) != 0) {
      flags |= Mxcsr.UE;
    }
    signExponent = u.sign << 15 | (carry != 0 || significand < 0 ? 1 : 0);
  }

  /** Rounds a significand; 1 if it was carried out of its top bit, which then is set again. */
  private int cut(int sign, long high, long low, int precision, int rc) {
    int drop = 64 - precision;
    long rest = drop == 0 ? low : high << precision | (low != 0 ? 1 : 0);
    long kept = high >>> drop << drop;
    if (rest != 0) {
      flags |= Mxcsr.PE;
    }
    if (RoundingControl.up(rc, sign, (kept >>> drop & 1) != 0, rest)) {
      flags |= X87Control.C1;
      kept += 1L << drop;
      if (kept == 0) {
        significand = Long.MIN_VALUE;
        return 1;
      }
    }
    significand = kept;
    return 0;
  }
}
