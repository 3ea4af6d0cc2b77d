// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/**
 * Where a tree of VMSAv8-64 tables begins and what it covers.
 *
 * @param base             address of the first table
 * @param inputBits        bits of an address that it translates
 * @param granule          log2 of the bytes of a page and a table
 * @param start            level of the first table, 0 to 3
 * @param outputBits       bits that addresses in the tables may have
 * @param accessFlagFaults whether a clear access flag is a fault
 */
record TranslationTable(long base, int inputBits, int granule, int start, int outputBits, boolean accessFlagFaults) {
  /** Bits of a physical address (IDR5.OAS), and of an intermediate one. */
  static final int ADDRESS_BITS = 48;
  /** Log2 of the most tables that stage 2 puts side by side at its first level. */
  private static final int SIDE_BY_SIDE = 4;
  private static final int SMALLEST_REGION = 39;
  private static final int LARGEST_REGION = 16;
  private static final int LAST_LEVEL = 3;
  private static final int[] OUTPUT_BITS = {32, 36, 40, 42, 44, 48, 48, 48};

  /**
   * A table of stage 1.
   *
   * @param size the field TxSZ
   * @return null if the fields are not legal together
   */
  static TranslationTable stage1(long base, int size, int granule, int outputSize, boolean accessFlagFaults) {
    if (size < LARGEST_REGION || size > SMALLEST_REGION || granule == 0) {
      return null;
    }
    int bits = 64 - size;
    int stride = granule - 3;
    int levels = (bits - granule + stride - 1) / stride;
    return aligned(base, bits, granule, LAST_LEVEL + 1 - levels, outputSize, accessFlagFaults);
  }

  /**
   * A table of stage 2.
   *
   * @param size  the field S2T0SZ
   * @param level the field S2SL0
   * @return null if the fields are not legal together
   */
  static TranslationTable stage2(long base, int size, int level, int granule, int outputSize, boolean accessFlagFaults) {
    if (size < LARGEST_REGION || size > SMALLEST_REGION || granule == 0 || level > 2) {
      return null;
    }
    int bits = 64 - size;
    int start = (granule == 12 ? 2 : 3) - level;
    int stride = granule - 3;
    int first = bits - granule - (LAST_LEVEL - start) * stride;
    return first < 1 || first > stride + SIDE_BY_SIDE ? null : aligned(base, bits, granule, start, outputSize, accessFlagFaults);
  }

  private static TranslationTable aligned(long base, int bits, int granule, int start, int outputSize, boolean accessFlagFaults) {
    if (base >>> ADDRESS_BITS != 0) {
      return null;
    }
    int shift = granule + (LAST_LEVEL - start) * (granule - 3);
    return new TranslationTable(base & -(8L << bits - shift), bits, granule, start, OUTPUT_BITS[outputSize], accessFlagFaults);
  }

  /** Address bits below those that index a table of that level. */
  int shift(int level) {
    return granule + (LAST_LEVEL - level) * (granule - 3);
  }

  /** Whether a table of that level may have blocks (without 52-bit addresses). */
  boolean blocks(int level) {
    return level == 2 || level == 1 && granule == 12;
  }
}
