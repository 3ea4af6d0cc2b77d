// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import org.xenolith.a64.fp.FpStatus;

/** What one instruction does to the vector registers. Immutable; never throws. */
@FunctionalInterface
public interface VectorOperation {
  /**
   * Executes it.
   *
   * @param v      register file: low half of Vn at 2n, high half at 2n + 1
   * @param fpcr   FPCR
   * @param status collects FPSR's flags
   */
  void execute(long[] v, int fpcr, FpStatus status);
}
