// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import org.xenolith.a64.fp.FpStatus;

/** Makes one half of two. */
@FunctionalInterface
interface NarrowOperation {
  long apply(long low, long high, int fpcr, FpStatus status);
}
