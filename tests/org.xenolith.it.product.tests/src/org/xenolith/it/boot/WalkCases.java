// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random translation tables, tables of stage 2 over them, and random ways to walk them, from a seed: what {@link WalkComparisonTest}
 * has two machines do. An area of 256 KiB for each level, of the 4 KiB granule and of the others, is full of entries that lead to
 * any place in the next one. Blocks are only where a granule has them: QEMU 7.2 takes those at other levels too.
 */
final class WalkCases {
  /** The address at which both machines load a kernel. */
  static final long IMAGE = 0x4020_0000L;
  /** Where the tables lie in the image. */
  static final int TABLES = 0x1_0000;
  /** Words of a case: operation, address, TCR_EL1, TTBR0_EL1, TTBR1_EL1, VTCR_EL2, VTTBR_EL2, HCR_EL2. */
  static final int WORDS = 8;
  /** AT S1E1R, S1E1W, S1E0R, S1E0W, S12E1R, S12E1W, S12E0R, S12E0W: in the order of the program's branches. */
  private static final int OPERATIONS = 8;
  private static final int AREA = 1 << 18;
  private static final int TREE = 8 * AREA;
  private static final long TREE_AT = IMAGE + TABLES;
  private static final long HCR = 1L << 31;
  private static final int[] GRANULES = {12, 16, 14};
  private static final int[] HIGH_ENCODINGS = {2, 3, 1};

  private final Random random;
  private final ByteBuffer tables = ByteBuffer.allocate(6 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final List<long[]> stage2 = new ArrayList<>();
  private final List<long[]> cases = new ArrayList<>();
  private int next = TREE;

  WalkCases(long seed, int count) {
    random = new Random(seed);
    for (int at = 0; at < TREE; at += 8) {
      tables.putLong(at, entry(at / AREA));
    }
    // granule, first level, bits of input: one table, some and sixteen side by side, as many levels as there may be
    for (int[] shape : new int[][] {{0, 1, 36}, {0, 1, 43}, {0, 0, 44}, {0, 2, 32}, {1, 2, 40}, {1, 3, 33}, {1, 1, 44}, {2, 2, 36},
        {2, 1, 44}, {2, 2, 40}}) {
      guest(shape[0], shape[1], shape[2]);
    }
    for (int i = 0; i < count; i++) {
      cases.add(one());
    }
  }

  /** The tables, and behind them the cases with their number before them. */
  byte[] bytes() {
    ByteBuffer all = ByteBuffer.allocate(casesAt() + 8 + cases.size() * WORDS * 8).order(ByteOrder.LITTLE_ENDIAN);
    all.put(tables.array(), 0, casesAt()).putLong(cases.size());
    for (long[] one : cases) {
      for (long word : one) {
        all.putLong(word);
      }
    }
    return all.array();
  }

  /** Where the cases lie behind {@link #TABLES}. */
  int casesAt() {
    return next;
  }

  /** A case in words, for a message. */
  String text(int index) {
    long[] w = cases.get(index);
    return "case %d: operation %d, address 0x%x, TCR_EL1 0x%x, TTBR0_EL1 0x%x, TTBR1_EL1 0x%x, VTCR_EL2 0x%x, HCR_EL2 0x%x"
        .formatted(index, w[0], w[1], w[2], w[3], w[4], w[5], w[7]);
  }

  /** @param area 0 to 3 for the levels of the 4 KiB granule, 4 to 7 for those of the others */
  private long entry(int area) {
    long attributes = random.nextLong() & 0xF870_0000_0000_0BFCL | (random.nextInt(8) != 0 ? 1 << 10 : 0);
    // What is no memory must never be a table's address, so that no walk ends in an external abort.
    long beyond = random.nextInt(16) == 0 ? 1L + random.nextInt(15) << 44 : 0;
    boolean blocks = area % 4 == 2 || area == 1;
    boolean last = area % 4 == 3;
    long inside = TREE_AT + (last ? random.nextInt(TREE) : (area + 1) * AREA + random.nextInt(AREA)) & -4096;
    return switch (random.nextInt(last || blocks ? 16 : 12)) {
      case 0 -> random.nextLong() & ~1;
      case 12, 13, 14 -> attributes | random.nextLong() & 0xFFFF_FFFF_F000L & (random.nextBoolean() ? -1 : 0xFFFF_FFFFL) | 1;
      default -> attributes | inside | beyond | 3;
    };
  }

  /** Stage 2 that maps the random tables to themselves, some with less rights or not at all, and nothing else. */
  private void guest(int encoding, int start, int bits) {
    int granule = GRANULES[encoding];
    int stride = granule - 3;
    int root = take(Math.max(1 << granule, 8 << bits - (granule + (3 - start) * stride)));
    for (long ipa = TREE_AT; ipa < TREE_AT + TREE; ipa += 1 << granule) {
      long rights = switch (random.nextInt(12)) {
        case 0 -> 0x7BC;
        case 1 -> 0x77C;
        case 2 -> 0x3FC;
        case 3 -> 0;
        default -> 0x7FC;
      };
      int table = root;
      for (int level = start; level <= 3; level++) {
        int shift = granule + (3 - level) * stride;
        int index = (int) (ipa >>> shift) & (1 << (level == start ? bits - shift : stride)) - 1;
        if (level == 3) {
          tables.putLong(table + index * 8, rights == 0 ? random.nextInt(4) & ~1 : ipa | rights | 3);
        } else {
          if (tables.getLong(table + index * 8) == 0) {
            tables.putLong(table + index * 8, TREE_AT + take(1 << granule) | 3);
          }
          table = (int) ((tables.getLong(table + index * 8) & -4096) - TREE_AT);
        }
      }
    }
    long startLevel = encoding == 0 ? 2 - start : 3 - start;
    stage2.add(new long[] {1L << 31 | 4 << 16 | (long) encoding << 14 | startLevel << 6 | 64 - bits, TREE_AT + root});
  }

  private int take(int size) {
    int at = next + size - 1 & -size;
    next = at + size;
    return at;
  }

  private long[] one() {
    int low = random.nextInt(3);
    int high = random.nextInt(3);
    long lowSize = 16 + random.nextInt(24);
    long highSize = 16 + random.nextInt(24);
    long ignored = random.nextInt(4);
    long tcr = lowSize | highSize << 16 | (long) low << 14 | (long) HIGH_ENCODINGS[high] << 30 | (long) random.nextInt(5) << 32
        | ignored << 37 | (random.nextInt(16) == 0 ? 1 << 7 : 0) | (random.nextInt(16) == 0 ? 1 << 23 : 0);
    boolean upper = random.nextBoolean();
    long bits = 64 - (upper ? highSize : lowSize);
    long va = random.nextLong() & (1L << bits) - 1;
    if (random.nextInt(16) == 0) {
      va |= 1L << bits + random.nextInt(4);
    }
    if (upper) {
      va |= -1L << bits;
    }
    if (random.nextInt(8) == 0) {
      va ^= (long) random.nextInt(256) << 56;
    }
    long[] guest = stage2.get(random.nextInt(stage2.size()));
    int operation = random.nextInt(OPERATIONS);
    boolean under = operation >= 4 || random.nextInt(4) == 0;
    return new long[] {operation, va, tcr, root(low, lowSize), root(high, highSize), guest[0], guest[1], HCR | (under ? 1 : 0)};
  }

  /** A place in the area of the level at which so many bits begin. */
  private long root(int encoding, long size) {
    int granule = GRANULES[encoding];
    int stride = granule - 3;
    int level = 4 - ((int) (64 - size) - granule + stride - 1) / stride;
    return TREE_AT + (encoding == 0 ? level : 4 + level) * AREA + (random.nextInt(AREA) & -4096);
  }
}
