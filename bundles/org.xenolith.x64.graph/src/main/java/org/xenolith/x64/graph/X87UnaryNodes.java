// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.fp.Extended;
import org.xenolith.x64.fp.Mxcsr;
import org.xenolith.x64.fp.X87Arithmetic;
import org.xenolith.x64.fp.X87Control;
import org.xenolith.x64.fp.X87Logarithm;
import org.xenolith.x64.fp.X87Remainder;
import org.xenolith.x64.fp.X87Result;
import org.xenolith.x64.fp.X87Trigonometric;

/** What is done to the top of the stack, or to its two upper registers. */
final class X87UnaryNodes {
  private X87UnaryNodes() {}

  /** ST(0) becomes a function of itself: FABS, FCHS, FSQRT, FRNDINT, F2XM1, FSIN, FCOS. */
  static final class OfTop extends X87Node {
    private final String operation;

    OfTop(X87Result result, String operation) {
      super(result, null, 0, false);
      this.operation = operation;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, 0)) {
        if (X87Stack.underflow(c, operation.equals("fsin") || operation.equals("fcos") ? X87Control.C2 : 0)) {
          X87Stack.indefinite(c, 0);
        }
        return;
      }
      int number = X87Stack.register(c, 0);
      int a = c.exponent[number];
      long sigA = c.significand[number];
      int cw = c.controlWord;
      boolean reduces = false;
      switch (operation) {
        case "fabs" -> X87Arithmetic.abs(a, sigA, z);
        case "fchs" -> X87Arithmetic.changeSign(a, sigA, z);
        case "fsqrt" -> X87Arithmetic.sqrt(a, sigA, cw, z);
        case "frndint" -> X87Remainder.integral(a, sigA, cw, z);
        case "f2xm1" -> X87Logarithm.powerMinusOne(a, sigA, cw, z);
        case "fsin" -> {
          X87Trigonometric.sine(a, sigA, cw, z);
          reduces = true;
        }
        default -> {
          X87Trigonometric.cosine(a, sigA, cw, z);
          reduces = true;
        }
      }
      X87Stack.flags(c, z.flags, reduces ? X87Control.C1 | X87Control.C2 : X87Control.C1);
      if (X87Control.writesRegister(cw, z.flags)) {
        X87Stack.set(c, 0, z.signExponent, z.significand);
      }
    }
  }

  /** ST(0) becomes a function of ST(0) and ST(1): FPREM, FPREM1, FSCALE; or ST(1) does, and is popped to: FPATAN, FYL2X, FYL2XP1. */
  static final class OfTwo extends X87Node {
    private final String operation;

    OfTwo(X87Result result, String operation) {
      super(result, null, 0, false);
      this.operation = operation;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      boolean pops = operation.equals("fpatan") || operation.startsWith("fyl2x");
      boolean remainder = operation.startsWith("fprem");
      int destination = pops ? 1 : 0;
      if (X87Stack.empty(c, 0) || X87Stack.empty(c, 1)) {
        if (X87Stack.underflow(c, remainder ? X87Control.C2 : 0)) {
          X87Stack.indefinite(c, destination);
          if (pops) {
            X87Stack.pop(c);
          }
        }
        return;
      }
      int first = X87Stack.register(c, 0);
      int second = X87Stack.register(c, 1);
      int a = c.exponent[first];
      long sigA = c.significand[first];
      int b = c.exponent[second];
      long sigB = c.significand[second];
      int cw = c.controlWord;
      switch (operation) {
        case "fprem" -> X87Remainder.truncating(a, sigA, b, sigB, cw, z);
        case "fprem1" -> X87Remainder.nearest(a, sigA, b, sigB, cw, z);
        case "fscale" -> X87Remainder.scale(a, sigA, b, sigB, cw, z);
        case "fpatan" -> X87Trigonometric.arcTangent(a, sigA, b, sigB, cw, z);
        case "fyl2x" -> X87Logarithm.logarithm(a, sigA, b, sigB, cw, z);
        default -> X87Logarithm.logarithmPlusOne(a, sigA, b, sigB, cw, z);
      }
      boolean invalid = (z.flags & Mxcsr.IE) != 0 || (z.flags & Mxcsr.DE & ~cw) != 0;
      int written = !remainder ? X87Control.C1 : invalid ? X87Control.C1 | X87Control.C2 : X87Stack.CONDITIONS;
      X87Stack.flags(c, z.flags, written);
      if (X87Control.writesRegister(cw, z.flags)) {
        X87Stack.set(c, destination, z.signExponent, z.significand);
        if (pops) {
          X87Stack.pop(c);
        }
      }
    }
  }

  /** FPTAN, FSINCOS, FXTRACT: ST(0) becomes a function of itself, and a second value is pushed. */
  static final class Pushing extends X87Node {
    private final String operation;

    Pushing(X87Result result, String operation) {
      super(result, null, 0, false);
      this.operation = operation;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      int written = operation.equals("fxtract") ? X87Control.C1 : X87Control.C1 | X87Control.C2;
      if (X87Stack.empty(c, 0)) {
        if (X87Stack.underflow(c, written)) {
          X87Stack.indefinite(c, 0);
          X87Stack.push(c, Extended.INDEFINITE, Extended.QUIET);
        }
        return;
      }
      if (!X87Stack.empty(c, 7)) {
        if (X87Stack.overflow(c, written)) {
          X87Stack.indefinite(c, 0);
          X87Stack.push(c, Extended.INDEFINITE, Extended.QUIET);
        }
        return;
      }
      int number = X87Stack.register(c, 0);
      int a = c.exponent[number];
      long sigA = c.significand[number];
      switch (operation) {
        case "fptan" -> X87Trigonometric.tangent(a, sigA, c.controlWord, z);
        case "fsincos" -> X87Trigonometric.sineAndCosine(a, sigA, c.controlWord, z);
        default -> X87Remainder.extract(a, sigA, c.controlWord, z);
      }
      X87Stack.flags(c, z.flags, written);
      if (X87Control.writesRegister(c.controlWord, z.flags)) {
        X87Stack.set(c, 0, z.signExponent, z.significand);
        if (operation.equals("fxtract") || (z.flags & X87Control.C2) == 0) {
          X87Stack.push(c, z.pushedSignExponent, z.pushedSignificand);
        }
      }
    }
  }

  /** FTST. */
  static final class Test extends X87Node {
    Test(X87Result result) {
      super(result, null, 0, false);
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, 0)) {
        X87Stack.underflow(c, X87Stack.CONDITIONS);
        c.statusWord |= X87Control.C0 | X87Control.C2 | X87Control.C3;
        return;
      }
      int number = X87Stack.register(c, 0);
      X87Arithmetic.compare(c.exponent[number], c.significand[number], 0, 0, c.controlWord, z);
      X87Stack.flags(c, z.flags, X87Stack.CONDITIONS);
    }
  }

  /** FXAM. */
  static final class Examine extends X87Node {
    Examine(X87Result result) {
      super(result, null, 0, false);
    }

    @Override
    void run(Core c, X87Result z, long at) {
      int number = X87Stack.register(c, 0);
      int class0 = X87Arithmetic.examine(c.exponent[number], c.significand[number], X87Stack.empty(c, 0));
      X87Stack.flags(c, class0, X87Stack.CONDITIONS);
    }
  }
}
