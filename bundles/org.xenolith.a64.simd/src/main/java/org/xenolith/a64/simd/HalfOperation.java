// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import org.xenolith.a64.fp.FpStatus;

/** Lane-wise work on one 64-bit half: of the destination's old value and up to two sources. */
@FunctionalInterface
interface HalfOperation {
  long apply(long d, long n, long m, int fpcr, FpStatus status);
}
