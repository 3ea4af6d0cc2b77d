// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;


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

  private static ListedRegister row(String name, int number) {
    return ListedRegister.of("IA32_" + name, number, Long.BYTES, "SDM volume 4, table 2-2").saidBy(PerfmonMsr.class);
  }

  /** All that there are with so many counters. */
  static List<ListedRegister> all(int general, int fixed) {
    List<ListedRegister> all = new ArrayList<>(List.of(row("PERF_CAPABILITIES", PERF_CAPABILITIES), row("FIXED_CTR_CTRL", FIXED_CTR_CTRL),
        row("PERF_GLOBAL_STATUS", PERF_GLOBAL_STATUS), row("PERF_GLOBAL_CTRL", PERF_GLOBAL_CTRL), row("PERF_GLOBAL_OVF_CTRL",
            PERF_GLOBAL_OVF_CTRL)));
    for (int n = 0; n < general; n++) {
      all.add(row("PMC" + n, PMC0 + n));
      all.add(row("PERFEVTSEL" + n, PERFEVTSEL0 + n));
      all.add(row("A_PMC" + n, A_PMC0 + n));
    }
    for (int n = 0; n < fixed; n++) {
      all.add(row("FIXED_CTR" + n, FIXED_CTR0 + n));
    }
    return all;
  }
}
