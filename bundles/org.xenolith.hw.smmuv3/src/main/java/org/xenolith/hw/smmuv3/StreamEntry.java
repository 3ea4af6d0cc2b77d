// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/**
 * What a stream table entry says (IHI 0070, 5.2).
 *
 * @param path        what becomes of the stream's accesses
 * @param context     address of the context descriptor; an intermediate physical one if stage 2 translates, too
 * @param stage1      whether stage 1 translates
 * @param table       where the tables of stage 2 begin; null if it doesn't translate
 * @param vmid        its virtual machine
 * @param el2         whether stage 1 is that of EL2
 * @param privileged  whether accesses count as privileged
 * @param noDeviceTables whether stage 1 tables in device memory are refused
 * @param record      whether faults of stage 2 are recorded
 */
record StreamEntry(Path path, long context, boolean stage1, TranslationTable table, int vmid, boolean el2, boolean privileged,
    boolean noDeviceTables, boolean record) {
  /** What becomes of accesses. */
  enum Path {
    ABORT,
    BYPASS,
    TRANSLATE
  }

  /** Words that matter, of 64 bits. */
  static final int WORDS = 4;
  private static final long CONTEXT = 0x000F_FFFF_FFFF_FFC0L;
  private static final long TABLE = 0x000F_FFFF_FFFF_FFF0L;
  private static final long AARCH64 = 1L << 51;
  private static final long BIG_ENDIAN = 1L << 52;
  private static final long NO_ACCESS_FLAG_FAULTS = 1L << 53;
  private static final long NO_DEVICE_TABLES = 1L << 54;
  private static final long STALL = 1L << 57;
  private static final long RECORD = 1L << 58;
  private static final int ALWAYS_PRIVILEGED = 3;
  private static final int[] GRANULES = {12, 16, 14, 0};

  /**
   * Reads an entry.
   *
   * @return null if it is invalid or not legal
   */
  static StreamEntry of(long[] words) {
    long first = words[0];
    long second = words[1];
    long third = words[2];
    if ((first & 1) == 0) {
      return null;
    }
    int config = (int) (first >>> 1) & 7;
    if (config < 4) {
      return plain(Path.ABORT);
    }
    if (config == 4) {
      return plain(Path.BYPASS);
    }
    boolean stage1 = (config & 1) != 0;
    boolean stage2 = (config & 2) != 0;
    int world = stage2 ? 0 : (int) (second >>> 30) & 3;
    if ((world & 1) != 0) {
      return null;
    }
    TranslationTable table = null;
    if (stage2) {
      table = (third & (AARCH64 | BIG_ENDIAN | STALL)) != AARCH64 ? null
          : TranslationTable.stage2(words[3] & TABLE, (int) (third >>> 32) & 0x3F, (int) (third >>> 38) & 3,
              GRANULES[(int) (third >>> 46) & 3], (int) (third >>> 48) & 7, (third & NO_ACCESS_FLAG_FAULTS) == 0);
      if (table == null) {
        return null;
      }
    }
    return new StreamEntry(Path.TRANSLATE, first & CONTEXT, stage1, table, (int) third & 0xFFFF, world != 0,
        ((second >>> 48) & 3) == ALWAYS_PRIVILEGED, (third & NO_DEVICE_TABLES) != 0, (third & RECORD) != 0);
  }

  private static StreamEntry plain(Path path) {
    return new StreamEntry(path, 0, false, null, 0, false, false, false, false);
  }
}
