// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.rng;

import java.nio.charset.StandardCharsets;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * A generator of bytes that follow from a seed alone: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014). Good enough to look random to a guest, and of no use to keep a secret: anybody who knows the seed has the bytes.
 */
final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
  private final LongCell position;

  /** @param name of whose bytes these are: others have others of the same seed */
  SplitMix(DeviceState state, long seed, String name) {
    long start = seed;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      start = mix(start + GOLDEN_GAMMA ^ b);
    }
    position = state.cell("position", start);
  }

  private static long mix(long z) {
    long y = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    long x = (y ^ y >>> 27) * 0x94D0_49BB_1331_11EBL;
    return x ^ x >>> 31;
  }

  /** Fills the first bytes; what is left of the last eight is dropped. */
  void fill(byte[] bytes, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      position.value += GOLDEN_GAMMA;
      long eight = mix(position.value);
      for (int j = i; j < Math.min(i + Long.BYTES, length); j++) {
        bytes[j] = (byte) (eight >>> 8 * (j - i));
      }
    }
  }
}
