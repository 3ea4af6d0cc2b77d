// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;

/** MUL, IMUL, DIV, IDIV. */
final class MultiplyNodes {
  private MultiplyNodes() {}

  /** CF and OF say that the product has more bits than its lower half; the others are undefined, and as processors have them but for AF. */
  private static void flags(Core c, long low, boolean overflow, int up) {
    Arithmetic.result(c, low << up, up);
    c.adjust = 0;
    c.carries(overflow ? 1 : 0, overflow ? 1 : 0);
  }

  /** MUL and IMUL of the accumulator. */
  static final class Wide extends Node {
    private final boolean signed;
    private final OperandPlace source;
    private final int size;

    Wide(boolean signed, IntegerOperands operands) {
      this.signed = signed;
      source = operands.place(0);
      size = operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      int up = 64 - size;
      long y = source.load(c, r) << up;
      long x = r[CpuState.RAX] << up;
      y = signed ? y >> up : y >>> up;
      x = signed ? x >> up : x >>> up;
      long low = x * y;
      if (size == 64) {
        long high = signed ? Math.multiplyHigh(x, y) : Math.unsignedMultiplyHigh(x, y);
        r[CpuState.RAX] = low;
        r[CpuState.RDX] = high;
        flags(c, low, signed ? high != low >> 63 : high != 0, 0);
        return next;
      }
      boolean overflow = signed ? low << up >> up != low : low >>> size != 0;
      switch (size) {
        case 8 -> r[CpuState.RAX] = r[CpuState.RAX] & ~0xFFFFL | low & 0xFFFF;
        case 16 -> {
          r[CpuState.RAX] = r[CpuState.RAX] & ~0xFFFFL | low & 0xFFFF;
          r[CpuState.RDX] = r[CpuState.RDX] & ~0xFFFFL | low >>> 16 & 0xFFFF;
        }
        default -> {
          r[CpuState.RAX] = low & 0xFFFF_FFFFL;
          r[CpuState.RDX] = low >>> 32;
        }
      }
      flags(c, low, overflow, up);
      return next;
    }

    @Override
    public boolean usesStack() {
      return source.stack();
    }
  }

  /** IMUL of two or three operands. */
  static final class Narrow extends Node {
    private final OperandPlace destination;
    private final OperandPlace first;
    private final OperandPlace second;
    private final int size;

    Narrow(IntegerOperands operands) {
      destination = operands.place(0);
      boolean three = operands.insn().insn().operands().size() == 3;
      first = operands.place(1);
      second = three ? operands.place(2) : destination;
      size = operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      int up = 64 - size;
      long x = first.load(c, r) << up >> up;
      long y = second.load(c, r) << up >> up;
      long low = x * y;
      boolean overflow = size == 64 ? Math.multiplyHigh(x, y) != low >> 63 : low << up >> up != low;
      destination.store(c, r, low);
      flags(c, low, overflow, up);
      return next;
    }

    @Override
    public boolean usesStack() {
      return first.stack();
    }
  }

  /** DIV and IDIV. The flags are undefined, and stay. */
  static final class Divide extends Node {
    private final boolean signed;
    private final OperandPlace source;
    private final int size;

    Divide(boolean signed, IntegerOperands operands) {
      this.signed = signed;
      source = operands.place(0);
      size = operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long divisor = source.load(c, r);
      if (divisor == 0) {
        throw c.fault(ExceptionVector.DE);
      }
      switch (size) {
        case 8 -> {
          long x = r[CpuState.RAX] & 0xFFFF;
          divide(c, signed ? (short) x : x, signed ? (byte) divisor : divisor);
          r[CpuState.RAX] = r[CpuState.RAX] & ~0xFFFFL | quotient & 0xFF | (remainder & 0xFF) << 8;
        }
        case 16 -> {
          long x = (r[CpuState.RDX] & 0xFFFF) << 16 | r[CpuState.RAX] & 0xFFFF;
          divide(c, signed ? (int) x : x, signed ? (short) divisor : divisor);
          r[CpuState.RAX] = r[CpuState.RAX] & ~0xFFFFL | quotient & 0xFFFF;
          r[CpuState.RDX] = r[CpuState.RDX] & ~0xFFFFL | remainder & 0xFFFF;
        }
        case 32 -> {
          long x = r[CpuState.RDX] << 32 | r[CpuState.RAX] & 0xFFFF_FFFFL;
          if (signed) {
            divide(c, x, (int) divisor);
          } else {
            unsigned(c, x, divisor);
          }
          r[CpuState.RAX] = quotient & 0xFFFF_FFFFL;
          r[CpuState.RDX] = remainder & 0xFFFF_FFFFL;
        }
        default -> {
          wide(c, r[CpuState.RDX], r[CpuState.RAX], divisor);
          r[CpuState.RAX] = quotient;
          r[CpuState.RDX] = remainder;
        }
      }
      return next;
    }

    private long quotient;
    private long remainder;

    private void divide(Core c, long x, long divisor) {
      if (x == Long.MIN_VALUE && divisor == -1) {
        throw c.fault(ExceptionVector.DE);
      }
      quotient = x / divisor;
      remainder = x % divisor;
      int up = 64 - size;
      if (signed ? quotient << up >> up != quotient : quotient >>> size != 0) {
        throw c.fault(ExceptionVector.DE);
      }
    }

    private void unsigned(Core c, long x, long divisor) {
      quotient = Long.divideUnsigned(x, divisor);
      remainder = Long.remainderUnsigned(x, divisor);
      if (quotient >>> 32 != 0) {
        throw c.fault(ExceptionVector.DE);
      }
    }

    private void wide(Core c, long high, long low, long divisor) {
      if (!signed) {
        wideUnsigned(c, high, low, divisor);
        return;
      }
      boolean negative = high < 0;
      long l = negative ? -low : low;
      long h = negative ? ~high + (low == 0 ? 1 : 0) : high;
      long d = Math.abs(divisor);
      wideUnsigned(c, h, l, d);
      boolean minus = negative != divisor < 0;
      if (minus ? Long.compareUnsigned(quotient, Long.MIN_VALUE) > 0 : quotient < 0) {
        throw c.fault(ExceptionVector.DE);
      }
      quotient = minus ? -quotient : quotient;
      remainder = negative ? -remainder : remainder;
    }

    /** 128 bits by 64, digit by digit (Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithm D). */
    private void wideUnsigned(Core c, long high, long low, long divisor) {
      if (high == 0) {
        quotient = Long.divideUnsigned(low, divisor);
        remainder = Long.remainderUnsigned(low, divisor);
        return;
      }
      if (Long.compareUnsigned(high, divisor) >= 0) {
        throw c.fault(ExceptionVector.DE);
      }
      int shift = Long.numberOfLeadingZeros(divisor);
      long d = divisor << shift;
      long h = shift == 0 ? high : high << shift | low >>> 64 - shift;
      long l = low << shift;
      long first = digit(h, l >>> 32, d);
      long middle = (h << 32 | l >>> 32) - first * d;
      long second = digit(middle, l & 0xFFFF_FFFFL, d);
      quotient = first << 32 | second;
      remainder = (middle << 32 | l & 0xFFFF_FFFFL) - second * d >>> shift;
    }

    private static long digit(long high, long nextDigit, long d) {
      long top = d >>> 32;
      long bottom = d & 0xFFFF_FFFFL;
      long q = Long.divideUnsigned(high, top);
      long rest = high - q * top;
      while (q >>> 32 != 0 || Long.compareUnsigned(q * bottom, rest << 32 | nextDigit) > 0) {
        q--;
        rest += top;
        if (rest >>> 32 != 0) {
          break;
        }
      }
      return q;
    }

    @Override
    public boolean usesStack() {
      return source.stack();
    }
  }
}
