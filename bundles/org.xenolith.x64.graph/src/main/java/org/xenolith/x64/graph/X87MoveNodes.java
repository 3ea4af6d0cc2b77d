// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.fp.Extended;
import org.xenolith.x64.fp.Mxcsr;
import org.xenolith.x64.fp.X87Constant;
import org.xenolith.x64.fp.X87Control;
import org.xenolith.x64.fp.X87Convert;
import org.xenolith.x64.fp.X87Result;

/** Loads, stores, exchanges, conditional moves, constants. */
final class X87MoveNodes {
  private X87MoveNodes() {}

  /** How a value is in memory. */
  enum Form {
    SINGLE, DOUBLE, EXTENDED, WORD, INTEGER, LONG, DECIMAL
  }

  /** FLD, FILD, FBLD of memory. */
  static final class Load extends X87Node {
    private final Form form;

    Load(X87Result result, Form form, OperandAddress address, int size) {
      super(result, address, size, false);
      this.form = form;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      int cw = c.controlWord;
      switch (form) {
        case SINGLE -> X87Convert.fromSingle((int) c.load32(at), cw, z);
        case DOUBLE -> X87Convert.fromDouble(c.load64(at), cw, z);
        case EXTENDED -> {
          long significand = c.load64(at);
          z.signExponent = (int) c.load16(c.wide(at + 8));
          z.significand = significand;
          z.flags = 0;
        }
        case WORD -> X87Convert.fromInteger((short) c.load16(at), z);
        case INTEGER -> X87Convert.fromInteger((int) c.load32(at), z);
        case LONG -> X87Convert.fromInteger(c.load64(at), z);
        default -> {
          long lower = c.load64(at);
          X87Convert.fromDecimal((int) c.load16(c.wide(at + 8)), lower, z);
        }
      }
      if (X87Stack.full(c)) {
        return;
      }
      X87Stack.flags(c, z.flags, X87Control.C1);
      // A denormal is loaded even if it is to be told of.
      if ((z.flags & ~cw & Mxcsr.IE) == 0) {
        X87Stack.push(c, z.signExponent, z.significand);
      }
    }
  }

  /** FLD of a register. */
  static final class LoadRegister extends X87Node {
    private final int from;

    LoadRegister(X87Result result, int from) {
      super(result, null, 0, false);
      this.from = from;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, from)) {
        if (X87Stack.underflow(c, 0)) {
          X87Stack.push(c, Extended.INDEFINITE, Extended.QUIET);
        }
        return;
      }
      int number = X87Stack.register(c, from);
      if (X87Stack.full(c)) {
        return;
      }
      X87Stack.flags(c, 0, X87Control.C1);
      X87Stack.push(c, c.exponent[number], c.significand[number]);
    }
  }

  /** FLD1 and its kin. */
  static final class Constant extends X87Node {
    private final X87Constant constant;

    Constant(X87Result result, X87Constant constant) {
      super(result, null, 0, false);
      this.constant = constant;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (!X87Stack.full(c)) {
        constant.load(c.controlWord, z);
        X87Stack.flags(c, 0, X87Control.C1);
        X87Stack.push(c, z.signExponent, z.significand);
      }
    }
  }

  /** FST, FSTP, FIST, FISTP, FISTTP, FBSTP to memory. */
  static final class Store extends X87Node {
    private final Form form;
    private final boolean pops;
    private final boolean truncates;

    Store(X87Result result, Form form, boolean pops, boolean truncates, OperandAddress address, int size) {
      super(result, address, size, true);
      this.form = form;
      this.pops = pops;
      this.truncates = truncates;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, 0)) {
        if (X87Stack.underflow(c, 0)) {
          indefinite(z);
          store(c, z, at);
          if (pops) {
            X87Stack.pop(c);
          }
        }
        return;
      }
      int number = X87Stack.register(c, 0);
      convert(c.exponent[number], c.significand[number], c.controlWord, z);
      X87Stack.flags(c, z.flags, X87Control.C1);
      if (X87Control.writesMemory(c.controlWord, z.flags)) {
        store(c, z, at);
        if (pops) {
          X87Stack.pop(c);
        }
      }
    }

    private void convert(int a, long sigA, int cw, X87Result z) {
      switch (form) {
        case SINGLE -> X87Convert.toSingle(a, sigA, cw, z);
        case DOUBLE -> X87Convert.toDouble(a, sigA, cw, z);
        case EXTENDED -> {
          z.signExponent = a;
          z.significand = sigA;
          z.flags = 0;
        }
        case DECIMAL -> X87Convert.toDecimal(a, sigA, cw, z);
        default -> {
          if (truncates) {
            X87Convert.truncate(a, sigA, size * 8, z);
          } else {
            X87Convert.toInteger(a, sigA, size * 8, cw, z);
          }
        }
      }
    }

    private void indefinite(X87Result z) {
      switch (form) {
        case SINGLE -> z.integer = 0xFFC0_0000L;
        case DOUBLE -> z.integer = 0xFFF8_0000_0000_0000L;
        case EXTENDED, DECIMAL -> {
          z.signExponent = Extended.INDEFINITE;
          z.significand = Extended.QUIET;
        }
        default -> z.integer = Long.MIN_VALUE >> 64 - size * 8;
      }
    }

    private void store(Core c, X87Result z, long at) {
      switch (form) {
        case EXTENDED, DECIMAL -> {
          c.store64(at, z.significand);
          c.store16(c.wide(at + 8), z.signExponent);
        }
        default -> StringNodes.store(c, at, size, z.integer);
      }
    }
  }

  /** FST, FSTP to a register. */
  static final class StoreRegister extends X87Node {
    private final int to;
    private final boolean pops;

    StoreRegister(X87Result result, int to, boolean pops) {
      super(result, null, 0, false);
      this.to = to;
      this.pops = pops;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, 0)) {
        if (!X87Stack.underflow(c, 0)) {
          return;
        }
        X87Stack.indefinite(c, to);
      } else {
        int number = X87Stack.register(c, 0);
        X87Stack.flags(c, 0, X87Control.C1);
        X87Stack.set(c, to, c.exponent[number], c.significand[number]);
      }
      if (pops) {
        X87Stack.pop(c);
      }
    }
  }

  /** FSTP by its encoding D9 D8, which notices no empty register: the destination becomes empty, too. */
  static final class Move extends X87Node {
    private final int to;

    Move(X87Result result, int to) {
      super(result, null, 0, false);
      this.to = to;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      boolean empty = X87Stack.empty(c, 0);
      int number = X87Stack.register(c, 0);
      X87Stack.flags(c, 0, X87Control.C1);
      X87Stack.set(c, to, c.exponent[number], c.significand[number]);
      if (empty) {
        c.valid &= ~(1 << X87Stack.register(c, to));
      }
      X87Stack.pop(c);
    }
  }

  /** FXCH. */
  static final class Exchange extends X87Node {
    private final int with;

    Exchange(X87Result result, int with) {
      super(result, null, 0, false);
      this.with = with;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, 0) || X87Stack.empty(c, with)) {
        if (!X87Stack.underflow(c, 0)) {
          return;
        }
        if (X87Stack.empty(c, 0)) {
          X87Stack.indefinite(c, 0);
        }
        if (X87Stack.empty(c, with)) {
          X87Stack.indefinite(c, with);
        }
      } else {
        X87Stack.flags(c, 0, X87Control.C1);
      }
      int a = X87Stack.register(c, 0);
      int b = X87Stack.register(c, with);
      int signExponent = c.exponent[a];
      long significand = c.significand[a];
      X87Stack.set(c, 0, c.exponent[b], c.significand[b]);
      X87Stack.set(c, with, signExponent, significand);
    }
  }

  /** FCMOVcc. */
  static final class ConditionalMove extends X87Node {
    private final int condition;
    private final int from;

    ConditionalMove(X87Result result, int condition, int from) {
      super(result, null, 0, false);
      this.condition = condition;
      this.from = from;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, 0) || X87Stack.empty(c, from)) {
        if (X87Stack.underflow(c, 0)) {
          X87Stack.indefinite(c, 0);
        }
        return;
      }
      if (Arithmetic.holds(c, condition)) {
        int number = X87Stack.register(c, from);
        X87Stack.set(c, 0, c.exponent[number], c.significand[number]);
      }
    }
  }
}
