// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * Elementary functions on {@link X87Wide}, good for some 180 bits: power series with as many terms as that takes, on reduced arguments.
 * Arguments are overwritten by results. An {@link X87Result} owns an instance, whose numbers are the work space.
 */
final class X87Series {
  /** Terms of sine and cosine up to pi/4: 0.79^44/44! is below 2^-190. */
  private static final int CIRCULAR = 22;
  /** Terms of the exponential up to ln 2: 0.70^45/45! is below 2^-200. */
  private static final int EXPONENTIAL = 45;
  /** Terms of the inverse hyperbolic tangent up to 0.172: 0.172^74 is below 2^-185. */
  private static final int HYPERBOLIC = 37;
  /** Terms of the arc tangent up to 2^-20. */
  private static final int SMALL = 5;
  private static final X87Wide[] RECIPROCAL = new X87Wide[2 * HYPERBOLIC + 2];
  /** At n: 1 / (n (n + 1)). */
  private static final X87Wide[] RECIPROCAL_PAIR = new X87Wide[2 * CIRCULAR + 2];
  /** Half of pi as 66 bits know it (SDM vol. 1, 8.3.8), which arguments are reduced by. */
  private static final X87Wide HALF_PI_66 = X87Wide.constant(0, 0xC90FDAA22168C234L, 0xC000000000000000L, 0);
  private static final X87Wide QUARTER_PI_66 = X87Wide.constant(-1, HALF_PI_66.high, HALF_PI_66.middle, 0);
  private static final X87Wide INVERSE_HALF_PI_66 = new X87Wide().set(X87Wide.ONE).div(HALF_PI_66);
  private static final X87Wide ROOT_HALF = X87Wide.constant(-1, 0xB504F333F9DE6484L, 0, 0);

  static {
    for (int n = 1; n < RECIPROCAL.length; n++) {
      RECIPROCAL[n] = X87Wide.reciprocal(n);
    }
    for (int n = 1; n < RECIPROCAL_PAIR.length; n++) {
      RECIPROCAL_PAIR[n] = X87Wide.reciprocal(n * (n + 1));
    }
  }

  /** First operand and result. */
  final X87Wide x = new X87Wide();
  /** Second operand and result. */
  final X87Wide y = new X87Wide();
  private final X87Wide square = new X87Wide();
  private final X87Wide term = new X87Wide();
  private final X87Wide factor = new X87Wide();
  private final X87Wide near = new X87Wide();
  private final X87Wide ratio = new X87Wide();

  /** Takes multiples of pi/2 off {@link #x}, below 2^63 in magnitude; what is left is exact, up to pi/4 and never zero. Returns the multiple. */
  long reduce() {
    if (!x.isAtLeast(QUARTER_PI_66)) {
      return 0;
    }
    long n = factor.set(x).mul(INVERSE_HALF_PI_66).nearest();
    n = x.sign != 0 ? -n : n;
    x.sub(factor.set(n).mul(HALF_PI_66));
    return n;
  }

  /** Sine of {@link #x} up to pi/4 to x and its cosine to {@link #y}. */
  void sineAndCosine() {
    square.set(x).mul(x);
    y.set(X87Wide.ONE);
    factor.set(X87Wide.ONE);
    for (int n = CIRCULAR; n > 0; n--) {
      oneMinus(y, RECIPROCAL_PAIR[2 * n - 1]);
      oneMinus(factor, RECIPROCAL_PAIR[2 * n]);
    }
    x.mul(factor);
  }

  private void oneMinus(X87Wide s, X87Wide coefficient) {
    term.set(s).mul(square).mul(coefficient);
    s.set(X87Wide.ONE).sub(term);
  }

  /** Tangent of {@link #x} up to pi/4 to x; if {@code odd}, minus the cotangent. */
  void tangent(boolean odd) {
    if (x.scale < -64 && !odd) {
      // x + x^3/3: the quotient's last bits don't say on which side of x the result lies
      square.set(x).mul(x).mul(RECIPROCAL[3]);
      x.mul(square.add(X87Wide.ONE));
      return;
    }
    sineAndCosine();
    if (odd) {
      x.set(term.set(y).div(x)).negate();
    } else {
      x.div(y);
    }
  }

  /** 2 to the power of {@link #x}, up to 1 in magnitude, minus 1. */
  void powerMinusOne() {
    x.mul(X87Wide.LN2);
    factor.set(X87Wide.ONE);
    for (int n = EXPONENTIAL; n > 1; n--) {
      factor.mul(x).mul(RECIPROCAL[n]).add(X87Wide.ONE);
    }
    x.mul(factor);
  }

  /** Binary logarithm of {@link #x}, positive; exact if that is an integer. */
  void logarithm() {
    int exponent = x.scale;
    x.scale = -1;
    if (x.isAtLeast(ROOT_HALF)) {
      exponent++;
    } else {
      x.scale = 0;
    }
    x.sub(X87Wide.ONE);
    logarithmPlusOne();
    x.add(factor.set(exponent));
  }

  /** Binary logarithm of {@link #x} + 1, x being greater than -1. */
  void logarithmOfOnePlus() {
    if (x.scale < -2) {
      logarithmPlusOne();
    } else {
      x.add(X87Wide.ONE);
      logarithm();
    }
  }

  /** Binary logarithm of {@link #x} + 1, x being from sqrt(1/2) - 1 to sqrt(2) - 1. */
  private void logarithmPlusOne() {
    if (x.high == 0) {
      return;
    }
    // ln(1 + x) = 2 artanh(x / (2 + x))
    factor.set(2).add(x);
    x.div(factor);
    square.set(x).mul(x);
    factor.set(RECIPROCAL[2 * HYPERBOLIC + 1]);
    for (int n = HYPERBOLIC - 1; n >= 0; n--) {
      factor.mul(square).add(RECIPROCAL[2 * n + 1]);
    }
    x.mul(factor).mul(X87Wide.LOG2_E);
    x.scale++;
  }

  /** Angle of the point with ordinate {@link #y} and abscissa {@link #x}, neither zero, to y. */
  void angle() {
    int sign = y.sign;
    boolean left = x.sign != 0;
    x.sign = 0;
    y.sign = 0;
    boolean steep = y.isAtLeast(x);
    if (steep) {
      term.set(x);
      x.set(y);
      y.set(term);
    }
    y.div(x);
    arcTangent();
    // steep: pi/2 - y on the right, pi/2 + y on the left; flat: y and pi - y
    if (steep || left) {
      if (steep != left) {
        y.negate();
      }
      term.set(X87Wide.PI);
      if (steep) {
        term.scale--;
      }
      y.add(term);
    }
    y.sign = sign;
  }

  /** Arc tangent of {@link #y}, in (0, 1], to y. */
  private void arcTangent() {
    if (y.scale < -20) {
      smallArcTangent();
      return;
    }
    // An angle good for 50 bits, and by its sine and cosine what is missing: tan(a - b) = (tan a - tan b) / (1 + tan a tan b)
    double estimate = StrictMath.atan((y.high >>> 11) * 0x1p-52 * (1.0 / (1 << -y.scale)));
    long bits = (long) (estimate * 0x1p62);
    x.set(bits);
    x.scale -= 62;
    near.set(x);
    ratio.set(y);
    sineAndCosine();
    factor.set(ratio).mul(y).sub(x);
    y.add(term.set(ratio).mul(x));
    y.set(factor.div(y));
    if (y.high != 0) {
      smallArcTangent();
    }
    y.add(near);
  }

  private void smallArcTangent() {
    square.set(y).mul(y);
    factor.set(RECIPROCAL[2 * SMALL + 1]);
    for (int n = SMALL - 1; n >= 0; n--) {
      term.set(factor).mul(square);
      factor.set(RECIPROCAL[2 * n + 1]).sub(term);
    }
    y.mul(factor);
  }
}
