// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.memory.kit.TableFormat;

/**
 * Stage-2 descriptors with the 4 KiB granule, and how many levels there are (Arm ARM DDI 0487, D8.3). Bits 58:55 are left to software.
 */
final class Stage2Format extends TableFormat {
  /** In a level above the last: a table, not a block. In the last: a page; without it the entry is reserved. */
  private static final long TABLE = 2;
  private static final long READ = 1 << 6;
  private static final long WRITE = 1 << 7;
  private static final long OUTER_SHAREABLE = 2 << 8;
  private static final long INNER_SHAREABLE = 3 << 8;
  private static final long ACCESSED = 1 << 10;
  private static final long EXECUTE_NEVER = 1L << 54;
  private static final long NORMAL_WRITE_BACK = 15 << 2;
  private static final long DEVICE_NGNRE = 1 << 2;
  private static final int TYPE_SHIFT = 55;

  /** @param bits of intermediate physical addresses: 40, or 44 or 48 for boards that have something above 1 TiB or 16 TiB */
  Stage2Format(int bits) {
    // 40 bits: two tables of level 1 side by side, so that a walk has three levels. 44 bits would need 32 of them; 16 are allowed.
    int start = bits <= 40 ? 1 : 0;
    super(bits, start, start == 1 ? 1 << Math.max(0, bits - 39) : 1, WRITE, TYPE_SHIFT);
  }

  /**
   * VTCR_EL2: tables are Normal write-back inner shareable, 8-bit VMIDs.
   *
   * @param physicalSize as ID_AA64MMFR0_EL1.PARange encodes it
   */
  long control(int physicalSize) {
    long startLevel = 2 - start;
    return 1L << 31 | (long) physicalSize << 16 | 3 << 12 | 1 << 10 | 1 << 8 | startLevel << 6 | 64 - bits;
  }

  @Override
  protected long leaf(PageType type, long mfn, int level) {
    long common = mfn << 12 & OUTPUT | ACCESSED | READ | (level == LAST ? TABLE : 0) | VALID;
    return common | switch (type) {
      case RAM -> NORMAL_WRITE_BACK | INNER_SHAREABLE | WRITE;
      case RAM_READ_ONLY -> NORMAL_WRITE_BACK | INNER_SHAREABLE;
      case DEVICE -> DEVICE_NGNRE | OUTER_SHAREABLE | WRITE | EXECUTE_NEVER;
      case FOREIGN, GRANT -> NORMAL_WRITE_BACK | INNER_SHAREABLE | WRITE | EXECUTE_NEVER;
      case GRANT_READ_ONLY -> NORMAL_WRITE_BACK | INNER_SHAREABLE | EXECUTE_NEVER;
      case NONE -> throw new IllegalArgumentException("a descriptor for nothing");
    };
  }

  @Override
  protected long table(long address) {
    return address | TABLE | VALID;
  }

  @Override
  protected boolean isTable(long descriptor, int level) {
    return level < LAST && (descriptor & (TABLE | VALID)) == (TABLE | VALID);
  }

  @Override
  protected long part(long block, int level, int index) {
    return block + ((long) index * span(level + 1) << 12) | (level + 1 == LAST ? TABLE : 0);
  }
}
