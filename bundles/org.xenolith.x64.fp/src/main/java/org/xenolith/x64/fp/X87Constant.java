// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ: the constants an x87 loads (Intel SDM vol. 2; vol. 1, 8.3.2). */
public enum X87Constant {
  /** FLD1: 1. */
  ONE(X87Wide.ONE),
  /** FLDL2T: the binary logarithm of 10. */
  LOG2_10(X87Wide.LOG2_10),
  /** FLDL2E: the binary logarithm of e. */
  LOG2_E(X87Wide.LOG2_E),
  /** FLDPI: pi. */
  PI(X87Wide.PI),
  /** FLDLG2: the decimal logarithm of 2. */
  LOG10_2(X87Wide.LOG10_2),
  /** FLDLN2: the natural logarithm of 2. */
  LN2(X87Wide.LN2),
  /** FLDZ: +0. */
  ZERO(null);

  private final X87Wide value;

  X87Constant(X87Wide value) {
    this.value = value;
  }

  /** Rounds the constant by the rounding control; precision control has no effect, and no flag is set. */
  public void load(int cw, X87Result r) {
    if (value == null) {
      r.zero(0);
    } else {
      value.to(r.unrounded, true);
      r.round(64, cw);
    }
    r.flags = 0;
  }
}
