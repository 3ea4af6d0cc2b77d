// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.simd;

/** Shifts of lanes by one count for all (Intel SDM volume 2, PSLLW, PSRLW, PSRAW and their kin). The count is unsigned. */
public final class PackedShifts {
  private PackedShifts() {}

  /** PSLLW, PSLLD, PSLLQ. @param lane bits of a lane: 16, 32 or 64 */
  public static long left(long a, long count, int lane) {
    if (Long.compareUnsigned(count, lane) >= 0) {
      return 0;
    }
    return a << count & lanes(-1L << count, lane);
  }

  /** PSRLW, PSRLD, PSRLQ. */
  public static long right(long a, long count, int lane) {
    if (Long.compareUnsigned(count, lane) >= 0) {
      return 0;
    }
    return a >>> count & lanes(-1L >>> 64 - lane >>> count, lane);
  }

  /** PSRAW, PSRAD. */
  public static long arithmetic(long a, long count, int lane) {
    int by = Long.compareUnsigned(count, lane) >= 0 ? lane - 1 : (int) count;
    long z = 0;
    for (int i = 0; i < 64; i += lane) {
      z |= (a << 64 - lane - i >> 64 - lane >> by & -1L >>> 64 - lane) << i;
    }
    return z;
  }

  /** A lane's mask in each lane. */
  private static long lanes(long mask, int lane) {
    long one = mask & -1L >>> 64 - lane;
    return switch (lane) {
      case 16 -> one * 0x0001_0001_0001_0001L;
      case 32 -> one * 0x0000_0001_0000_0001L;
      default -> one;
    };
  }
}
