// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** The integer estimates of Advanced SIMD, on unsigned fixed-point numbers with 32 fraction bits; no flags. */
public final class FpEstimate {
  private FpEstimate() {}

  /** URECPE (UnsignedRecipEstimate): all ones for operands below one half. */
  public static int urecpe(int n) {
    return n >= 0 ? -1 : SoftEstimate.recip(n >>> 23) << 23;
  }

  /** URSQRTE (UnsignedRSqrtEstimate): all ones for operands below one quarter. */
  public static int ursqrte(int n) {
    return n >>> 30 == 0 ? -1 : SoftEstimate.recipSqrt(n >>> 23) << 23;
  }
}
