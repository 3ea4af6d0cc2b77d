// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import java.util.stream.IntStream;

/** Numbers of the model-specific registers of performance monitoring (Intel SDM volume 4, table 2-2). */
final class PerfmonMsr {
  /** IA32_PMC0; the others follow. */
  static final int PMC0 = 0xC1;
  /** IA32_PERFEVTSEL0; the others follow. */
  static final int PERFEVTSEL0 = 0x186;
  /** IA32_FIXED_CTR0; the others follow. */
  static final int FIXED_CTR0 = 0x309;
  static final int PERF_CAPABILITIES = 0x345;
  static final int FIXED_CTR_CTRL = 0x38D;
  static final int PERF_GLOBAL_STATUS = 0x38E;
  static final int PERF_GLOBAL_CTRL = 0x38F;
  static final int PERF_GLOBAL_OVF_CTRL = 0x390;
  /** IA32_A_PMC0, of full width; the others follow. */
  static final int A_PMC0 = 0x4C1;

  private PerfmonMsr() {}

  /** All that there are with so many counters. */
  static int[] claimed(int general, int fixed) {
    IntStream single = IntStream.of(PERF_CAPABILITIES, FIXED_CTR_CTRL, PERF_GLOBAL_STATUS, PERF_GLOBAL_CTRL, PERF_GLOBAL_OVF_CTRL);
    IntStream each = IntStream.range(0, general).flatMap(n -> IntStream.of(PMC0 + n, PERFEVTSEL0 + n, A_PMC0 + n));
    return IntStream.concat(IntStream.concat(single, each), IntStream.range(FIXED_CTR0, FIXED_CTR0 + fixed)).toArray();
  }
}
