// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.fp.Extended;
import org.xenolith.x64.fp.Mxcsr;
import org.xenolith.x64.fp.X87Arithmetic;
import org.xenolith.x64.fp.X87Control;
import org.xenolith.x64.fp.X87Convert;
import org.xenolith.x64.fp.X87Result;

/** FADD, FMUL, FSUB, FSUBR, FDIV, FDIVR of registers, or with an operand in memory; and FCOM and its kin. */
final class X87ArithmeticNodes {
  static final int ADD = 0;
  static final int MUL = 1;
  static final int SUB = 2;
  static final int SUBR = 3;
  static final int DIV = 4;
  static final int DIVR = 5;

  private X87ArithmeticNodes() {}

  private static void compute(int operation, Core c, int a, long sigA, int b, long sigB, X87Result z) {
    int cw = c.controlWord;
    switch (operation) {
      case ADD -> X87Arithmetic.add(a, sigA, b, sigB, cw, z);
      case MUL -> X87Arithmetic.mul(a, sigA, b, sigB, cw, z);
      case SUB -> X87Arithmetic.sub(a, sigA, b, sigB, cw, z);
      case SUBR -> X87Arithmetic.sub(b, sigB, a, sigA, cw, z);
      case DIV -> X87Arithmetic.div(a, sigA, b, sigB, cw, z);
      default -> X87Arithmetic.div(b, sigB, a, sigA, cw, z);
    }
  }

  /** Of two registers: ST(to) = ST(to) op ST(from). */
  static final class Registers extends X87Node {
    private final int operation;
    private final int to;
    private final int from;
    private final boolean pops;

    Registers(X87Result result, int operation, int to, int from, boolean pops) {
      super(result, null, 0, false);
      this.operation = operation;
      this.to = to;
      this.from = from;
      this.pops = pops;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, to) || X87Stack.empty(c, from)) {
        if (X87Stack.underflow(c, 0)) {
          X87Stack.indefinite(c, to);
          if (pops) {
            X87Stack.pop(c);
          }
        }
        return;
      }
      int a = X87Stack.register(c, to);
      int b = X87Stack.register(c, from);
      compute(operation, c, c.exponent[a], c.significand[a], c.exponent[b], c.significand[b], z);
      X87Stack.flags(c, z.flags, X87Control.C1);
      if (X87Control.writesRegister(c.controlWord, z.flags)) {
        X87Stack.set(c, to, z.signExponent, z.significand);
        if (pops) {
          X87Stack.pop(c);
        }
      }
    }
  }

  /** How an operand is in memory. */
  enum Format {
    SINGLE, DOUBLE, WORD, INTEGER, LONG
  }

  /** Loads an operand as it is, without the exceptions of a load but for DE, whose flag is returned. */
  private static int load(Core c, Format format, long at, X87Result z) {
    switch (format) {
      case SINGLE -> {
        int bits = (int) c.load32(at);
        if ((bits & 0x7F80_0000) == 0x7F80_0000) {
          z.signExponent = bits >>> 16 & 0x8000 | Extended.TOP;
          z.significand = Long.MIN_VALUE | (bits & 0x7F_FFFFL) << 40;
          return 0;
        }
        X87Convert.fromSingle(bits, c.controlWord | 0x3F, z);
      }
      case DOUBLE -> {
        long bits = c.load64(at);
        if ((bits & 0x7FF0_0000_0000_0000L) == 0x7FF0_0000_0000_0000L) {
          z.signExponent = (int) (bits >>> 48) & 0x8000 | Extended.TOP;
          z.significand = Long.MIN_VALUE | (bits & 0xF_FFFF_FFFF_FFFFL) << 11;
          return 0;
        }
        X87Convert.fromDouble(bits, c.controlWord | 0x3F, z);
      }
      case WORD -> X87Convert.fromInteger((short) c.load16(at), z);
      case INTEGER -> X87Convert.fromInteger((int) c.load32(at), z);
      default -> X87Convert.fromInteger(c.load64(at), z);
    }
    return z.flags & Mxcsr.DE;
  }

  /** ST(0) = ST(0) op memory. */
  static final class Memory extends X87Node {
    private final int operation;
    private final Format format;

    Memory(X87Result result, int operation, Format format, OperandAddress address, int size) {
      super(result, address, size, false);
      this.operation = operation;
      this.format = format;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      int denormal = load(c, format, at, z);
      int b = z.signExponent;
      long sigB = z.significand;
      if (X87Stack.empty(c, 0)) {
        if (X87Stack.underflow(c, 0)) {
          X87Stack.indefinite(c, 0);
        }
        return;
      }
      int a = X87Stack.register(c, 0);
      compute(operation, c, c.exponent[a], c.significand[a], b, sigB, z);
      int flags = denormal(c, z.flags, denormal, c.exponent[a], c.significand[a]);
      X87Stack.flags(c, flags, X87Control.C1);
      if (X87Control.writesRegister(c.controlWord, flags)) {
        X87Stack.set(c, 0, z.signExponent, z.significand);
      }
    }
  }

  /** DE of an operand in memory, unless the other one is a NaN or unsupported, or IE or ZE come first; unmasked, nothing else is computed. */
  private static int denormal(Core c, int flags, int denormal, int a, long sigA) {
    if (denormal == 0 || (flags & (Mxcsr.IE | Mxcsr.ZE)) != 0 || Extended.isNaN(a, sigA) || Extended.isUnsupported(a, sigA)) {
      return flags;
    }
    return (c.controlWord & Mxcsr.DE) == 0 ? denormal : flags | denormal;
  }

  /** FCOM, FUCOM, with registers. @param pops how often */
  static final class CompareRegister extends X87Node {
    private final int with;
    private final int pops;
    private final boolean quiet;
    private final boolean toFlags;

    CompareRegister(X87Result result, int with, int pops, boolean quiet, boolean toFlags) {
      super(result, null, 0, false);
      this.with = with;
      this.pops = pops;
      this.quiet = quiet;
      this.toFlags = toFlags;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      if (X87Stack.empty(c, 0) || X87Stack.empty(c, with)) {
        if (!X87Stack.underflow(c, toFlags ? 0 : X87Stack.CONDITIONS)) {
          unordered(c, toFlags);
          return;
        }
        unordered(c, toFlags);
      } else {
        int a = X87Stack.register(c, 0);
        int b = X87Stack.register(c, with);
        compare(c, z, quiet, c.exponent[a], c.significand[a], c.exponent[b], c.significand[b], 0, toFlags);
        if ((z.flags & ~c.controlWord & (Mxcsr.IE | Mxcsr.DE)) != 0) {
          return;
        }
      }
      for (int i = 0; i < pops; i++) {
        X87Stack.pop(c);
      }
    }
  }

  private static void unordered(Core c, boolean toFlags) {
    if (toFlags) {
      comparison(c, true, true, true);
    } else {
      c.statusWord |= X87Control.C0 | X87Control.C2 | X87Control.C3;
    }
  }

  private static void comparison(Core c, boolean less, boolean unordered, boolean equal) {
    c.zero = equal ? 0 : 1;
    c.sign = 0;
    c.parity = unordered ? 0 : 1;
    c.adjust = 0;
    c.carries(less ? 1 : 0, 0);
  }

  private static void compare(Core c, X87Result z, boolean quiet, int a, long sigA, int b, long sigB, int denormal, boolean toFlags) {
    if (quiet) {
      X87Arithmetic.compareQuietly(a, sigA, b, sigB, c.controlWord, z);
    } else {
      X87Arithmetic.compare(a, sigA, b, sigB, c.controlWord, z);
    }
    z.flags = denormal == 0 || (z.flags & Mxcsr.IE) != 0 || Extended.isNaN(a, sigA) || Extended.isUnsupported(a, sigA) ? z.flags : z.flags
        | denormal;
    if (toFlags) {
      X87Stack.flags(c, z.flags & 0x3F, 0);
      comparison(c, (z.flags & X87Control.C0) != 0, (z.flags & X87Control.C2) != 0, (z.flags & X87Control.C3) != 0);
    } else {
      X87Stack.flags(c, z.flags, X87Stack.CONDITIONS);
    }
  }

  /** FCOM, FICOM with memory. */
  static final class CompareMemory extends X87Node {
    private final Format format;
    private final boolean pops;

    CompareMemory(X87Result result, Format format, boolean pops, OperandAddress address, int size) {
      super(result, address, size, false);
      this.format = format;
      this.pops = pops;
    }

    @Override
    void run(Core c, X87Result z, long at) {
      int denormal = load(c, format, at, z);
      int b = z.signExponent;
      long sigB = z.significand;
      if (X87Stack.empty(c, 0)) {
        boolean masked = X87Stack.underflow(c, X87Stack.CONDITIONS);
        unordered(c, false);
        if (!masked) {
          return;
        }
      } else {
        int a = X87Stack.register(c, 0);
        compare(c, z, false, c.exponent[a], c.significand[a], b, sigB, denormal, false);
        if ((z.flags & ~c.controlWord & (Mxcsr.IE | Mxcsr.DE)) != 0) {
          return;
        }
      }
      if (pops) {
        X87Stack.pop(c);
      }
    }
  }
}
