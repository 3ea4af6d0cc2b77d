// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.regs.DeviceState;

/** What RDRAND and RDSEED give: a sequence that is the same in each run (SplitMix64, Steele, Lea and Flood, OOPSLA 2014), and state of the CPU. */
public final class RandomNumbers {
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;
  private long seed;

  RandomNumbers(DeviceState state) {
    state.value("random", 0, () -> seed, value -> seed = value);
  }

  /** The next 64 bits. */
  public long next() {
    seed += GAMMA;
    long z = (seed ^ seed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
