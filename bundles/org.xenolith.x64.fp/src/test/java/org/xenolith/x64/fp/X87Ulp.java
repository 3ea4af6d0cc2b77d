// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import java.math.BigInteger;

/** Distances between numbers of the double extended format, in units of the last place. */
final class X87Ulp {
  private X87Ulp() {}

  /** How many numbers apart two finite ones or infinities are. */
  static long distance(int a, long sigA, int b, long sigB) {
    return ordinal(a, sigA).subtract(ordinal(b, sigB)).abs().min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
  }

  /** Position among all numbers: those of exponent 0 and 1 follow each other, those of each exponent after are 2^63. */
  private static BigInteger ordinal(int se, long significand) {
    BigInteger fraction = new BigInteger(Long.toUnsignedString(significand));
    BigInteger magnitude = BigInteger.valueOf(Math.max(Extended.exponent(se), 1) - 1).shiftLeft(63).add(fraction);
    return Extended.sign(se) != 0 ? magnitude.negate() : magnitude;
  }
}
