// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

import java.util.Random;

/** Random operands of which most are awkward: special values, neighbours of boundaries, cancelling pairs. */
final class Operands {
  private final Random random;
  private final long[] value = new long[3];

  Operands(long seed) {
    random = new Random(seed);
  }

  /** Three operands for the operation; valid until the next call. */
  long[] next(Operation operation) {
    for (int i = 0; i < 3; i++) {
      int width = operation.sources()[i];
      value[i] = width == 0 ? 0 : operation.integer() ? integer(width) : number(format(width));
    }
    if (operation.sources()[1] != 0 && random.nextInt(4) == 0) {
      relate(operation);
    }
    return value;
  }

  int fpcr() {
    int fpcr = random.nextInt(4) << Fpcr.RMODE_SHIFT;
    if (random.nextInt(4) == 0) {
      fpcr |= Fpcr.AHP;
    }
    return fpcr | (random.nextBoolean() ? Fpcr.FZ : 0) | (random.nextBoolean() ? Fpcr.DN : 0)
        | (random.nextBoolean() ? Fpcr.FZ16 : 0);
  }

  static FpFormat format(int width) {
    return width == 64 ? FpFormat.DOUBLE : width == 32 ? FpFormat.SINGLE : FpFormat.HALF;
  }

  /** The second or third operand near the first, or such that the sum nearly cancels. */
  private void relate(Operation operation) {
    FpFormat f = format(operation.sources()[0]);
    long mask = f.zero(1) | f.magnitude(-1);
    if (operation.sources()[2] != 0) {
      var ignored = new FpStatus();
      long product = SoftArithmetic.mul(f, value[0], value[1], false, 0, ignored);
      value[2] = (product ^ f.zero(random.nextInt(2))) + random.nextInt(5) - 2 & mask;
    } else {
      value[1] = (value[0] ^ f.zero(random.nextInt(2))) + random.nextInt(5) - 2 & mask;
    }
  }

  private long integer(int width) {
    long x = switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextLong() >> random.nextInt(64);
      case 2 -> (1L << random.nextInt(64)) + random.nextInt(3) - 1;
      default -> (random.nextInt(3) - 1) + (random.nextBoolean() ? 1L << random.nextInt(64) | 1L << random.nextInt(64) : 0);
    };
    return width == 64 ? x : x & 0xFFFF_FFFFL;
  }

  private long number(FpFormat f) {
    long sign = f.zero(random.nextInt(2));
    long fraction = fraction(f);
    long exponent = switch (random.nextInt(8)) {
      case 0 -> random.nextInt(f.topExponent() + 1);
      case 1 -> f.bias() + random.nextInt(9) - 4;
      case 2 -> random.nextInt(3);
      case 3 -> f.topExponent() - random.nextInt(3);
      case 4 -> Math.min(f.bias() + random.nextInt(68), f.topExponent());
      case 5 -> f.bias() / 2 + random.nextInt(9) - 4;
      case 6 -> Math.max(0, f.bias() - random.nextInt(70));
      default -> f.bias() + f.bias() / 2 + random.nextInt(5) - 2;
    };
    return sign | exponent << f.fractionBits() | fraction;
  }

  private long fraction(FpFormat f) {
    long x = switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> random.nextInt(3) - 1;
      case 2 -> 1L << random.nextInt(f.fractionBits());
      case 3 -> random.nextLong() & -1L << random.nextInt(f.fractionBits());
      default -> random.nextLong();
    };
    return f.fraction(x);
  }
}
