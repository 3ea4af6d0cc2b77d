// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import org.xenolith.a64.fp.FpStatus;

/** Work on one single-precision lane. */
@FunctionalInterface
interface SingleOperation {
  int apply(int d, int n, int m, int fpcr, FpStatus status);

  /** On both lanes of a half. */
  default HalfOperation onLanes() {
    return (d, n, m, c, s) -> apply((int) d, (int) n, (int) m, c, s) & 0xFFFF_FFFFL
        | (long) apply((int) (d >>> 32), (int) (n >>> 32), (int) (m >>> 32), c, s) << 32;
  }

  /** On the low lane, the other cleared. */
  default HalfOperation onLow() {
    return (d, n, m, c, s) -> apply((int) d, (int) n, (int) m, c, s) & 0xFFFF_FFFFL;
  }
}
