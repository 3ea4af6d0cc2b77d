// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * The double extended format: sign and exponent in 16 bits of an {@code int}, the significand with its explicit integer bit in a
 * {@code long} (Intel SDM vol. 1, 4.2.2 and table 8-3). Pseudo-denormals are numbers; pseudo-infinities, pseudo-NaNs and unnormals are
 * not supported and make an operation invalid.
 */
public final class Extended {
  /** Exponent bias. */
  public static final int BIAS = 16383;
  /** Exponent field of infinities and NaNs. */
  public static final int TOP = 0x7FFF;
  /** Sign and exponent of the QNaN floating-point indefinite. */
  public static final int INDEFINITE = 0xFFFF;
  /** Significand of the QNaN floating-point indefinite. */
  public static final long QUIET = 3L << 62;

  private Extended() {}

  /** 1 for negative. */
  public static int sign(int se) {
    return se >>> 15 & 1;
  }

  /** The biased exponent. */
  public static int exponent(int se) {
    return se & TOP;
  }

  /** A pseudo-infinity, a pseudo-NaN or an unnormal. */
  public static boolean isUnsupported(int se, long significand) {
    return (se & TOP) != 0 && significand >= 0;
  }

  /** A supported NaN. */
  public static boolean isNaN(int se, long significand) {
    return (se & TOP) == TOP && significand < 0 && significand << 1 != 0;
  }

  /** A supported NaN whose quiet bit is clear. */
  public static boolean isSignalling(int se, long significand) {
    return isNaN(se, significand) && (significand & 1L << 62) == 0;
  }

  /** An infinity. */
  public static boolean isInfinity(int se, long significand) {
    return (se & TOP) == TOP && significand == Long.MIN_VALUE;
  }

  /** A zero. */
  public static boolean isZero(int se, long significand) {
    return (se & TOP) == 0 && significand == 0;
  }

  /** A denormal or pseudo-denormal number. */
  public static boolean isDenormal(int se, long significand) {
    return (se & TOP) == 0 && significand != 0;
  }

  /** Neither a number nor an infinity. */
  static boolean isStrange(int se, long significand) {
    return isUnsupported(se, significand) || isNaN(se, significand);
  }

  /** Binary exponent of a finite number that isn't zero. */
  static int scale(int se, long significand) {
    return Math.max(se & TOP, 1) - BIAS - Long.numberOfLeadingZeros(significand);
  }

  /** Left-justified significand of a finite number that isn't zero. */
  static long significand(long significand) {
    return significand << Long.numberOfLeadingZeros(significand);
  }
}
