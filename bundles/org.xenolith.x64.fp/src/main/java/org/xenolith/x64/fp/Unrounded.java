// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * A result before rounding, with 128 bits of significand, and the operations that make one of finite operands that aren't zero.
 *
 * <p>The value is {@code high.low * 2^scale} with the binary point behind the top bit of {@code high}, which is set unless the value is
 * zero; bit 0 of {@code low} is sticky. Operands are a sign, a scale and a left-justified significand of 64 bits.
 */
final class Unrounded {
  int sign;
  int scale;
  long high;
  long low;
  /** The remainder that {@link #divide} left. */
  private long rest;

  void set(int sign, int scale, long high, long low) {
    this.sign = sign;
    this.scale = scale;
    this.high = high;
    this.low = low;
  }

  /** The sum; {@code high} is 0 if the operands cancel. */
  void add(int signA, int scaleA, long a, int signB, int scaleB, long b) {
    if (scaleA < scaleB || scaleA == scaleB && Long.compareUnsigned(a, b) < 0) {
      add(signB, scaleB, b, signA, scaleA, a);
      return;
    }
    int distance = scaleA - scaleB;
    long smallHigh = distance > 63 ? 0 : b >>> distance;
    long smallLow = distance == 0 ? 0 : distance < 64 ? b << -distance : jam(b, distance - 64);
    sign = signA;
    scale = scaleA;
    if (signA == signB) {
      low = smallLow;
      high = a + smallHigh;
      if (Long.compareUnsigned(high, a) < 0) {
        low = high << 63 | low >>> 1 | low & 1;
        high = high >>> 1 | Long.MIN_VALUE;
        scale++;
      }
      return;
    }
    low = -smallLow;
    high = a - smallHigh - (smallLow != 0 ? 1 : 0);
    normalize();
  }

  /** Shifts left until the top bit is set; zero stays. */
  void normalize() {
    if (high == 0) {
      high = low;
      low = 0;
      scale -= 64;
      if (high == 0) {
        return;
      }
    }
    int shift = Long.numberOfLeadingZeros(high);
    if (shift != 0) {
      high = high << shift | low >>> -shift;
      low <<= shift;
      scale -= shift;
    }
  }

  void mul(int sign, int scaleA, long a, int scaleB, long b) {
    set(sign, scaleA + scaleB + 1, Math.unsignedMultiplyHigh(a, b), a * b);
    normalize();
  }

  void div(int sign, int scaleA, long a, int scaleB, long b) {
    int s = scaleA - scaleB;
    long q;
    if (Long.compareUnsigned(a, b) < 0) {
      s--;
      q = divide(a, 0, b);
    } else {
      q = divide(a >>> 1, a << 63, b);
    }
    long next = divide(rest, 0, b);
    set(sign, s, q, next | (rest != 0 ? 1 : 0));
  }

  void sqrt(int scaleA, long a) {
    // The radicand in [1, 4) has its point behind bit 126 of 128; one bit of the root for each pair.
    long top = (scaleA & 1) != 0 ? a : a >>> 1;
    long bottom = (scaleA & 1) != 0 ? 0 : a << 63;
    long root = 0;
    long restHigh = 0;
    long restLow = 0;
    for (int bit = 0; bit < 64; bit++) {
      restHigh = restHigh << 2 | restLow >>> 62;
      restLow = restLow << 2 | top >>> 62;
      top = top << 2 | bottom >>> 62;
      bottom <<= 2;
      long trialHigh = root >>> 62;
      long trialLow = root << 2 | 1;
      root <<= 1;
      if (restHigh > trialHigh || restHigh == trialHigh && Long.compareUnsigned(restLow, trialLow) >= 0) {
        restHigh -= trialHigh + (Long.compareUnsigned(restLow, trialLow) < 0 ? 1 : 0);
        restLow -= trialLow;
        root |= 1;
      }
    }
    // A root is never half way: it is above exactly if the rest exceeds the root.
    boolean above = restHigh != 0 || Long.compareUnsigned(restLow, root) > 0;
    set(0, scaleA >> 1, root, (above ? Long.MIN_VALUE : 0) | (restHigh != 0 || restLow != 0 ? 1 : 0));
  }

  /** 128 bits by 64 with {@code high < divisor} and the divisor's top bit set, in two digits of 32 bits (Knuth's algorithm D). */
  long divide(long high, long low, long divisor) {
    long upper = digit(high, low >>> 32, divisor);
    long middle = (high << 32 | low >>> 32) - upper * divisor;
    long lower = digit(middle, low & 0xFFFF_FFFFL, divisor);
    rest = (middle << 32 | low & 0xFFFF_FFFFL) - lower * divisor;
    return upper << 32 | lower;
  }

  long remainder() {
    return rest;
  }

  private static long digit(long high, long next, long divisor) {
    long q = Long.divideUnsigned(high, divisor >>> 32);
    long r = high - q * (divisor >>> 32);
    while (q >>> 32 != 0 || Long.compareUnsigned(q * (divisor & 0xFFFF_FFFFL), r << 32 | next) > 0) {
      q--;
      r += divisor >>> 32;
      if (r >>> 32 != 0) {
        break;
      }
    }
    return q;
  }

  /** Logical shift right by any distance; bit 0 of the result is set if a one was pushed out. */
  static long jam(long x, int distance) {
    if (distance == 0) {
      return x;
    }
    return distance > 63 ? (x != 0 ? 1 : 0) : x >>> distance | (x << -distance != 0 ? 1 : 0);
  }
}
