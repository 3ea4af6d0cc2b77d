// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * A binary floating-point number with 192 bits of significand, for the x87's transcendental instructions: three times the 64 bits that
 * are rounded to, so that the result of some dozens of operations still rounds correctly. Mutable: each operation replaces this number.
 *
 * <p>The value is {@code high.middle.low * 2^scale} with the binary point behind the top bit of {@code high}, which is set unless the
 * value is zero. Products are truncated; sums and quotients keep what they lost as a sticky bit 0, so that one minus something tiny is
 * less than one.
 */
final class X87Wide {
  static final X87Wide ONE = integer(1);
  /** Pi, truncated as are the constants below. */
  static final X87Wide PI = constant(1, 0xC90FDAA22168C234L, 0xC4C6628B80DC1CD1L, 0x29024E088A67CC74L);
  /** Natural logarithm of 2. */
  static final X87Wide LN2 = constant(-1, 0xB17217F7D1CF79ABL, 0xC9E3B39803F2F6AFL, 0x40F343267298B62DL);
  /** Binary logarithm of e. */
  static final X87Wide LOG2_E = constant(0, 0xB8AA3B295C17F0BBL, 0xBE87FED0691D3E88L, 0xEB577AA8DD695A58L);
  /** Binary logarithm of 10. */
  static final X87Wide LOG2_10 = constant(1, 0xD49A784BCD1B8AFEL, 0x492BF6FF4DAFDB4CL, 0xD96C55FE37B3AD4EL);
  /** Decimal logarithm of 2. */
  static final X87Wide LOG10_2 = constant(-2, 0x9A209A84FBCFF798L, 0x8F8959AC0B7C9178L, 0x26AD30C543D1F349L);

  int sign;
  int scale;
  long high;
  long middle;
  long low;

  private long sum;
  private long carry;

  static X87Wide constant(int scale, long high, long middle, long low) {
    return new X87Wide().set(0, scale, high, middle, low);
  }

  private static X87Wide integer(long value) {
    return new X87Wide().set(value);
  }

  /** A new number, the reciprocal of a positive integer. */
  static X87Wide reciprocal(long value) {
    return integer(1).div(integer(value));
  }

  X87Wide set(X87Wide other) {
    return set(other.sign, other.scale, other.high, other.middle, other.low);
  }

  /** A finite operand of an instruction that isn't zero, exactly. */
  X87Wide set(int signExponent, long significand) {
    return set(Extended.sign(signExponent), Extended.scale(signExponent, significand), Extended.significand(significand), 0, 0);
  }

  X87Wide set(long value) {
    long magnitude = Math.abs(value);
    int shift = Long.numberOfLeadingZeros(magnitude);
    return shift == 64 ? zero() : set(value < 0 ? 1 : 0, 63 - shift, magnitude << shift, 0, 0);
  }

  private X87Wide zero() {
    return set(0, 0, 0, 0, 0);
  }

  private X87Wide set(int sign, int scale, long high, long middle, long low) {
    this.sign = sign;
    this.scale = scale;
    this.high = high;
    this.middle = middle;
    this.low = low;
    return this;
  }

  X87Wide negate() {
    sign ^= 1;
    return this;
  }

  /** Hands the number over to be rounded; what isn't {@code exact} is taken to have more bits than are kept here. */
  void to(Unrounded u, boolean exact) {
    u.set(sign, scale, high, middle | (exact && low == 0 ? 0 : 1));
  }

  private void plus(long x) {
    sum += x;
    if (Long.compareUnsigned(sum, x) < 0) {
      carry++;
    }
  }

  private long column() {
    long done = sum;
    sum = carry;
    carry = 0;
    return done;
  }

  X87Wide mul(X87Wide b) {
    if (high == 0 || b.high == 0) {
      return zero();
    }
    long bh = b.high;
    long bm = b.middle;
    long bl = b.low;
    // Of the lowest two of the six columns only the upper halves of products are looked at.
    sum = 0;
    carry = 0;
    plus(Math.unsignedMultiplyHigh(middle, bl));
    plus(Math.unsignedMultiplyHigh(low, bm));
    plus(high * bl);
    plus(middle * bm);
    plus(low * bh);
    long fourth = column();
    plus(Math.unsignedMultiplyHigh(high, bl));
    plus(Math.unsignedMultiplyHigh(middle, bm));
    plus(Math.unsignedMultiplyHigh(low, bh));
    plus(high * bm);
    plus(middle * bh);
    long third = column();
    plus(Math.unsignedMultiplyHigh(high, bm));
    plus(Math.unsignedMultiplyHigh(middle, bh));
    plus(high * bh);
    long second = column();
    long first = Math.unsignedMultiplyHigh(high, bh) + sum;
    if (first < 0) {
      return set(sign ^ b.sign, scale + b.scale + 1, first, second, third);
    }
    return set(sign ^ b.sign, scale + b.scale, first << 1 | second >>> 63, second << 1 | third >>> 63, third << 1 | fourth >>> 63);
  }

  /** Divides by a number that isn't zero, bit by bit. */
  X87Wide div(X87Wide b) {
    if (high == 0) {
      return zero();
    }
    long bh = b.high;
    long bm = b.middle;
    long bl = b.low;
    long rh = high;
    long rm = middle;
    long rl = low;
    int newScale = scale - b.scale;
    boolean over = false;
    if (!atLeast(rh, rm, rl, bh, bm, bl)) {
      newScale--;
      over = rh < 0;
      rh = rh << 1 | rm >>> 63;
      rm = rm << 1 | rl >>> 63;
      rl <<= 1;
    }
    long qh = 0;
    long qm = 0;
    long ql = 0;
    for (int bit = 0; bit < 192; bit++) {
      qh = qh << 1 | qm >>> 63;
      qm = qm << 1 | ql >>> 63;
      ql <<= 1;
      if (over || atLeast(rh, rm, rl, bh, bm, bl)) {
        ql |= 1;
        long borrow = Long.compareUnsigned(rl, bl) < 0 ? 1 : 0;
        long next = Long.compareUnsigned(rm, bm) < 0 || rm == bm && borrow != 0 ? 1 : 0;
        rl -= bl;
        rm -= bm + borrow;
        rh -= bh + next;
      }
      over = rh < 0;
      rh = rh << 1 | rm >>> 63;
      rm = rm << 1 | rl >>> 63;
      rl <<= 1;
    }
    return set(sign ^ b.sign, newScale, qh, qm, ql | (over || (rh | rm | rl) != 0 ? 1 : 0));
  }

  private static boolean atLeast(long ah, long am, long al, long bh, long bm, long bl) {
    int order = Long.compareUnsigned(ah, bh);
    order = order != 0 ? order : Long.compareUnsigned(am, bm);
    order = order != 0 ? order : Long.compareUnsigned(al, bl);
    return order >= 0;
  }

  /** Order of the magnitudes. */
  boolean isAtLeast(X87Wide b) {
    if (high == 0 || b.high == 0) {
      return b.high == 0;
    }
    return scale > b.scale || scale == b.scale && atLeast(high, middle, low, b.high, b.middle, b.low);
  }

  X87Wide sub(X87Wide b) {
    return add(b, b.sign ^ 1);
  }

  X87Wide add(X87Wide b) {
    return add(b, b.sign);
  }

  private X87Wide add(X87Wide b, int signB) {
    if (b.high == 0) {
      return this;
    }
    if (high == 0) {
      return set(signB, b.scale, b.high, b.middle, b.low);
    }
    if (isAtLeast(b)) {
      return sum(sign, scale, high, middle, low, signB, scale - b.scale, b.high, b.middle, b.low);
    }
    return sum(signB, b.scale, b.high, b.middle, b.low, sign, b.scale - scale, high, middle, low);
  }

  /** The first operand is the greater one in magnitude; {@code distance} is how much less the second one's scale is. */
  private X87Wide sum(int signA, int scaleA, long ah, long am, long al, int signB, int distance, long bh, long bm, long bl) {
    long lost = 0;
    for (int d = Math.min(distance, 192); d > 0;) {
      int step = Math.min(d, 63);
      lost |= bl << -step;
      bl = bl >>> step | bm << -step;
      bm = bm >>> step | bh << -step;
      bh >>>= step;
      d -= step;
    }
    bl |= lost != 0 ? 1 : 0;
    if (signA == signB) {
      sum = 0;
      carry = 0;
      plus(al);
      plus(bl);
      long l = column();
      plus(am);
      plus(bm);
      long m = column();
      plus(ah);
      plus(bh);
      long h = column();
      if (sum != 0) {
        return set(signA, scaleA + 1, Long.MIN_VALUE | h >>> 1, h << 63 | m >>> 1, m << 63 | l >>> 1 | l & 1);
      }
      return set(signA, scaleA, h, m, l);
    }
    long borrow = Long.compareUnsigned(al, bl) < 0 ? 1 : 0;
    long next = Long.compareUnsigned(am, bm) < 0 || am == bm && borrow != 0 ? 1 : 0;
    return set(signA, scaleA, ah - bh - next, am - bm - borrow, al - bl).normalize();
  }

  private X87Wide normalize() {
    for (int i = 0; i < 2 && high == 0; i++) {
      high = middle;
      middle = low;
      low = 0;
      scale -= 64;
    }
    if (high == 0) {
      return zero();
    }
    int shift = Long.numberOfLeadingZeros(high);
    if (shift != 0) {
      high = high << shift | middle >>> -shift;
      middle = middle << shift | low >>> -shift;
      low <<= shift;
      scale -= shift;
    }
    return this;
  }

  /** The magnitude, which has to be below 2^63, rounded to an integer; halves go up. */
  long nearest() {
    if (high == 0 || scale < -1) {
      return 0;
    }
    return scale == -1 ? 1 : (high >>> 63 - scale) + (high >>> 62 - scale & 1);
  }
}
