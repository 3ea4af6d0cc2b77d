// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.util.random.RandomGenerator;

/** Operand values that find mistakes sooner than random bits: edges, and numbers that arithmetic treats specially. */
final class Values {
  private static final long[] DOUBLES = {0, 0x8000000000000000L, 0x3FF0000000000000L, 0xBFF0000000000000L, 0x7FF0000000000000L,
      0xFFF0000000000000L, 0x7FF8000000000000L, 0xFFF8000000001234L, 0x7FF0000000000001L, 0xFFF4000000000000L, 1,
      0x8000000000000001L, 0x000FFFFFFFFFFFFFL, 0x0010000000000000L, 0x8010000000000000L, 0x7FEFFFFFFFFFFFFFL,
      0xFFEFFFFFFFFFFFFFL, 0x4000000000000000L, 0x3FE0000000000000L, 0x3FF8000000000000L, 0x4004000000000000L,
      0x41DFFFFFFFC00000L, 0x41E0000000000000L, 0xC1E0000000200000L, 0x41EFFFFFFFE00000L, 0x43E0000000000000L,
      0xC3E0000000000000L, 0x43F0000000000000L, 0x3FEFFFFFFFFFFFFFL, 0x3CA0000000000000L, 0x1FF0000000000000L,
      0x47EFFFFFE0000000L, 0x47EFFFFFF0000000L, 0x3810000000000000L, 0x36A0000000000000L, 0x3690000000000001L};
  private static final int[] SINGLES = {0, 0x80000000, 0x3F800000, 0xBF800000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC01234,
      0x7F800001, 0xFFA00000, 1, 0x80000001, 0x007FFFFF, 0x00800000, 0x80800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x40000000, 0x3F000000,
      0x3FC00000, 0x40200000, 0x4EFFFFFF, 0x4F000000, 0xCF000001, 0x4F7FFFFF, 0x4F800000, 0x5F000000, 0xDF000000, 0x3F7FFFFF,
      0x477FE000, 0x477FF000, 0x38800000, 0x33800000, 0x33000001, 0x1F800000};
  private static final int[] HALVES = {0, 0x8000, 0x3C00, 0x7C00, 0xFC00, 0x7E00, 0x7D00, 0xFD01, 1, 0x8001, 0x03FF, 0x0400,
      0x7BFF, 0xFBFF, 0x3555};
  private final RandomGenerator random;

  Values(RandomGenerator random) {
    this.random = random;
  }

  /** For a general register. */
  long general() {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      case 3 -> Long.MAX_VALUE;
      case 4 -> Integer.MIN_VALUE;
      case 5 -> Integer.MAX_VALUE;
      case 6 -> random.nextInt(130) - 65;
      case 7 -> 1L << random.nextInt(64);
      case 8 -> (1L << random.nextInt(64)) - 1;
      case 9 -> random.nextInt() & 0xFFFF_FFFFL;
      default -> random.nextLong();
    };
  }

  /** For half of a vector register. */
  long half() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> DOUBLES[random.nextInt(DOUBLES.length)];
      case 3, 4, 5 -> single() & 0xFFFF_FFFFL | single() << 32;
      case 6 -> sixteen() | sixteen() << 16 | sixteen() << 32 | sixteen() << 48;
      case 7 -> {
        long lanes = 0;
        for (int i = 0; i < 64; i += 8) {
          lanes |= (switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 0xFF;
            case 2 -> 0x80;
            case 3 -> 0x7F;
            default -> random.nextInt() & 0xFFL;
          }) << i;
        }
        yield lanes;
      }
      // A number of moderate size, so that sums and products of two have something to round.
      case 8 -> random.nextLong() & 0x800F_FFFF_FFFF_FFFFL | 0x3FE0_0000_0000_0000L + ((long) random.nextInt(4) << 52);
      default -> random.nextLong();
    };
  }

  private long single() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextInt() & 0x807F_FFFF | 0x3F00_0000 + (random.nextInt(4) << 23);
      default -> SINGLES[random.nextInt(SINGLES.length)];
    };
  }

  private long sixteen() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt() & 0xFFFF;
      case 1 -> random.nextBoolean() ? 0x7FFF : 0xFFFF;
      default -> HALVES[random.nextInt(HALVES.length)];
    };
  }
}
