// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/**
 * What a context descriptor says of stage 1 (IHI 0070, 5.4).
 *
 * @param low            table of the low half; null if it is disabled
 * @param high           table of the high half; null if it is disabled
 * @param ignoreLowByte  whether the top byte of addresses in the low half is ignored
 * @param ignoreHighByte the same for the high half
 * @param asid           its address space
 * @param record         whether translation faults are recorded
 * @param apart          whether privileged accesses are kept off unprivileged pages (PAN)
 */
record ContextDescriptor(TranslationTable low, TranslationTable high, boolean ignoreLowByte, boolean ignoreHighByte, int asid,
    boolean record, boolean apart) {
  /** Bytes that matter: the memory attributes behind them don't. */
  static final int WORDS = 3;
  private static final long VALID = 1L << 31;
  private static final long AARCH64 = 1L << 41;
  private static final long ABORTS = 1L << 46;
  private static final long BIG_ENDIAN = 1 << 15;
  private static final long STALL = 1L << 44;
  private static final long NO_LOW = 1 << 14;
  private static final long NO_HIGH = 1 << 30;
  private static final long NO_ACCESS_FLAG_FAULTS = 1L << 35;
  private static final long TABLE = 0x000F_FFFF_FFFF_FFF0L;
  private static final int[] LOW_GRANULES = {12, 16, 14, 0};
  private static final int[] HIGH_GRANULES = {0, 14, 12, 16};

  /**
   * Reads a descriptor.
   *
   * @param halves whether the address space has a high half
   * @return null if it is invalid or not legal (5.4.2)
   */
  static ContextDescriptor of(long[] words, boolean halves) {
    long first = words[0];
    long needed = VALID | AARCH64 | ABORTS;
    if ((first & needed) != needed || (first & (BIG_ENDIAN | STALL)) != 0) {
      return null;
    }
    boolean accessFlagFaults = (first & NO_ACCESS_FLAG_FAULTS) == 0;
    int outputSize = (int) (first >>> 32) & 7;
    TranslationTable low = null;
    if ((first & NO_LOW) == 0) {
      low = TranslationTable.stage1(words[1] & TABLE, (int) first & 0x3F, LOW_GRANULES[(int) (first >>> 6) & 3], outputSize,
          accessFlagFaults);
      if (low == null) {
        return null;
      }
    }
    TranslationTable high = null;
    if (halves && (first & NO_HIGH) == 0) {
      high = TranslationTable.stage1(words[2] & TABLE, (int) (first >>> 16) & 0x3F, HIGH_GRANULES[(int) (first >>> 22) & 3], outputSize,
          accessFlagFaults);
      if (high == null) {
        return null;
      }
    }
    return new ContextDescriptor(low, high, (first & 1L << 38) != 0, (first & 1L << 39) != 0, (int) (first >>> 48),
        (first & 1L << 45) != 0, halves && (first & 1L << 40) != 0);
  }

  /** The address without a byte that is ignored: sign-extended from bit 55. */
  long plain(long address) {
    boolean ignored = (address & 1L << 55) == 0 ? ignoreLowByte : ignoreHighByte;
    return ignored ? address << 8 >> 8 : address;
  }

  /** The table for an address that {@link #plain} gave; null if none covers it. */
  TranslationTable table(long address) {
    boolean upper = (address & 1L << 55) != 0;
    TranslationTable table = upper ? high : low;
    return table == null || address >> table.inputBits() != (upper ? -1 : 0) ? null : table;
  }
}
