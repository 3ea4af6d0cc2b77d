// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * FADD, FSUB, FMUL, FDIV, FSQRT, FABS, FCHS and the comparisons in double extended format (Intel SDM vol. 2; exceptions: vol. 1, 8.5). Operands are pairs of sign
 * with exponent and significand, {@code cw} is the control word, results go to an {@link X87Result}. The reversed forms exchange
 * operands.
 */
public final class X87Arithmetic {
  private X87Arithmetic() {}

  /** FADD: {@code a + b}, rounded by precision and rounding control. */
  public static void add(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    sum(a, sigA, b, sigB, 0, cw, r);
  }

  /** FSUB: {@code a - b}, rounded by precision and rounding control. */
  public static void sub(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    sum(a, sigA, b, sigB, 0x8000, cw, r);
  }

  private static void sum(int a, long sigA, int b, long sigB, int flip, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
      return;
    }
    b ^= flip;
    boolean alike = Extended.sign(a) == Extended.sign(b);
    boolean infinite = Extended.isInfinity(a, sigA);
    if (infinite && Extended.isInfinity(b, sigB) && !alike) {
      r.invalid();
      return;
    }
    if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw) || infinite) {
      r.set(a, sigA);
      return;
    }
    if (Extended.isInfinity(b, sigB)) {
      r.set(b, sigB);
      return;
    }
    Unrounded u = r.unrounded;
    if (sigA == 0 || sigB == 0) {
      boolean second = sigA == 0;
      long significand = second ? sigB : sigA;
      if (significand == 0 && alike) {
        r.set(a, 0);
        return;
      }
      int se = second ? b : a;
      u.set(Extended.sign(se), significand == 0 ? 0 : Extended.scale(se, significand), Extended.significand(significand), 0);
    } else {
      u.add(Extended.sign(a), Extended.scale(a, sigA), Extended.significand(sigA),
          Extended.sign(b), Extended.scale(b, sigB), Extended.significand(sigB));
    }
    if (u.high == 0) {
      r.zero(X87Control.rounding(cw) == RoundingControl.DOWN ? 1 : 0);
      return;
    }
    r.round(X87Control.precision(cw), cw);
  }

  /** FMUL: {@code a * b}, rounded by precision and rounding control. */
  public static void mul(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
      return;
    }
    int sign = Extended.sign(a) ^ Extended.sign(b);
    boolean infinite = Extended.isInfinity(a, sigA) || Extended.isInfinity(b, sigB);
    boolean zero = sigA == 0 || sigB == 0;
    if (infinite && zero) {
      r.invalid();
    } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw) || zero) {
      r.zero(sign);
    } else if (infinite) {
      r.infinity(sign);
    } else {
      r.unrounded.mul(sign, Extended.scale(a, sigA), Extended.significand(sigA), Extended.scale(b, sigB), Extended.significand(sigB));
      r.round(X87Control.precision(cw), cw);
    }
  }

  /** FDIV: {@code a / b}, rounded by precision and rounding control. */
  public static void div(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
      return;
    }
    int sign = Extended.sign(a) ^ Extended.sign(b);
    boolean infinite = Extended.isInfinity(a, sigA);
    if (infinite && Extended.isInfinity(b, sigB) || sigA == 0 && sigB == 0) {
      r.invalid();
    } else if (sigB == 0 && !infinite) {
      r.flags |= Mxcsr.ZE;
      r.infinity(sign);
    } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw) || infinite) {
      r.infinity(sign);
    } else if (sigA == 0 || Extended.isInfinity(b, sigB)) {
      r.zero(sign);
    } else {
      r.unrounded.div(sign, Extended.scale(a, sigA), Extended.significand(sigA), Extended.scale(b, sigB), Extended.significand(sigB));
      r.round(X87Control.precision(cw), cw);
    }
  }

  /** FSQRT, rounded by precision and rounding control. */
  public static void sqrt(int a, long sigA, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA)) {
      r.nan(a, sigA, a, sigA);
    } else if (sigA == 0) {
      r.set(a, 0);
    } else if (Extended.sign(a) != 0) {
      r.invalid();
    } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA), cw) || Extended.isInfinity(a, sigA)) {
      r.set(a, sigA);
    } else {
      r.unrounded.sqrt(Extended.scale(a, sigA), Extended.significand(sigA));
      r.round(X87Control.precision(cw), cw);
    }
  }

  /** FABS: the sign cleared, whatever the operand; raises nothing. */
  public static void abs(int a, long sigA, X87Result r) {
    r.flags = 0;
    r.set(a & Extended.TOP, sigA);
  }

  /** FCHS: the sign changed, whatever the operand; raises nothing. */
  public static void changeSign(int a, long sigA, X87Result r) {
    r.flags = 0;
    r.set(a ^ 0x8000, sigA);
  }

  /** FCOM: condition codes to {@link X87Result#flags}; every NaN is invalid. C0 is less, C3 equal, all three unordered. */
  public static void compare(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    compare(a, sigA, b, sigB, true, cw, r);
  }

  /** FUCOM: as {@link #compare}, but a quiet NaN isn't invalid. */
  public static void compareQuietly(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    compare(a, sigA, b, sigB, false, cw, r);
  }

  private static void compare(int a, long sigA, int b, long sigB, boolean quietIsInvalid, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      boolean quiet = Extended.isNaN(a, sigA) && Extended.isNaN(b, sigB) || !Extended.isUnsupported(a, sigA) && !Extended.isUnsupported(b,
          sigB);
      boolean invalid = quietIsInvalid || !quiet || Extended.isSignalling(a, sigA) || Extended.isSignalling(b, sigB);
      r.flags = X87Control.C3 | X87Control.C2 | X87Control.C0 | (invalid ? Mxcsr.IE : 0);
      return;
    }
    r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw);
    int order = order(a, sigA, b, sigB);
    r.flags |= order < 0 ? X87Control.C0 : order == 0 ? X87Control.C3 : 0;
  }

  private static int order(int a, long sigA, int b, long sigB) {
    if (sigA == 0 && sigB == 0) {
      return 0;
    }
    if (Extended.sign(a) != Extended.sign(b)) {
      return Extended.sign(a) != 0 ? -1 : 1;
    }
    // A pseudo-denormal is as great as the number with exponent 1.
    int order = Integer.compare(Math.max(Extended.exponent(a), 1), Math.max(Extended.exponent(b), 1));
    order = order != 0 ? order : Long.compareUnsigned(sigA, sigB);
    return Extended.sign(a) != 0 ? -order : order;
  }

  /**
   * FXAM: the class of a register's content.
   *
   * @param empty whether its tag says empty
   * @return C3, C2, C0 the class, C1 the sign
   */
  public static int examine(int a, long sigA, boolean empty) {
    int sign = Extended.sign(a) != 0 ? X87Control.C1 : 0;
    if (empty) {
      return sign | X87Control.C3 | X87Control.C0;
    }
    if (Extended.isUnsupported(a, sigA)) {
      return sign;
    }
    if (Extended.isNaN(a, sigA)) {
      return sign | X87Control.C0;
    }
    if (Extended.isInfinity(a, sigA)) {
      return sign | X87Control.C2 | X87Control.C0;
    }
    if (Extended.isZero(a, sigA)) {
      return sign | X87Control.C3;
    }
    return sign | X87Control.C2 | (Extended.isDenormal(a, sigA) ? X87Control.C3 : 0);
  }
}
