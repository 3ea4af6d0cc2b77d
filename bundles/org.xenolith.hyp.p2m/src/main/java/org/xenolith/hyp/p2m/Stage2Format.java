// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m;

import org.xenolith.hyp.api.PageType;

/**
 * Stage-2 descriptors with the 4 KiB granule, and how many levels there are (Arm ARM DDI 0487, D8.3). Frames and levels, not
 * addresses: a table of level 3 maps 512 frames, each level above 512 times as many.
 *
 * <p>The bits that are left to software hold what a page is: 57:55 the ordinal of its {@link PageType}, 58 that it counts as
 * one of the domain's own.
 */
final class Stage2Format {
  static final int LAST = 3;
  static final int ENTRIES = 512;
  static final long VALID = 1;
  /** In a level above the last: a table, not a block. In the last: a page; without it the entry is reserved. */
  static final long TABLE = 2;
  static final long WRITE = 1 << 7;
  static final long OUTPUT = 0xFFFF_FFFF_F000L;
  static final long OWN = 1L << 58;
  private static final long READ = 1 << 6;
  private static final long OUTER_SHAREABLE = 2 << 8;
  private static final long INNER_SHAREABLE = 3 << 8;
  private static final long ACCESSED = 1 << 10;
  private static final long EXECUTE_NEVER = 1L << 54;
  private static final long NORMAL_WRITE_BACK = 15 << 2;
  private static final long DEVICE_NGNRE = 1 << 2;
  private static final int TYPE_SHIFT = 55;
  private static final PageType[] TYPES = PageType.values();
  /** Bits of machine addresses that a descriptor holds, without large addresses. */
  static final int FRAME_BITS = 48 - 12;

  /** Bits of intermediate physical addresses: 40, or 44 for boards that have something above 1 TiB. */
  final int bits;
  /** The level of the root. */
  final int start;
  /** Tables side by side that make the root. */
  final int rootFrames;

  Stage2Format(int bits) {
    this.bits = bits;
    // 40 bits: two tables of level 1 side by side, so that a walk has three levels. 44 bits would need 32 of them; 16 are allowed.
    start = bits <= 40 ? 1 : 0;
    rootFrames = start == 1 ? 1 << Math.max(0, bits - 39) : 1;
  }

  /** Frames that an entry of a level stands for. */
  static long span(int level) {
    return 1L << 9 * (LAST - level);
  }

  /** The first guest frame that is too high. */
  long limit() {
    return 1L << bits - 12;
  }

  /** Index of a guest frame in a table of a level; that of the root's level may be wider than 9 bits. */
  long index(long gfn, int level) {
    long index = gfn >>> 9 * (LAST - level);
    return level == start ? index : index & ENTRIES - 1;
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

  /**
   * The descriptor of a page or block.
   *
   * @param own whether it counts as one of the domain's own
   */
  static long leaf(PageType type, long mfn, int level, boolean own) {
    long common = mfn << 12 & OUTPUT | (long) type.ordinal() << TYPE_SHIFT | (own ? OWN : 0) | ACCESSED | READ
        | (level == LAST ? TABLE : 0) | VALID;
    return common | switch (type) {
      case RAM -> NORMAL_WRITE_BACK | INNER_SHAREABLE | WRITE;
      case RAM_READ_ONLY -> NORMAL_WRITE_BACK | INNER_SHAREABLE;
      case DEVICE -> DEVICE_NGNRE | OUTER_SHAREABLE | WRITE | EXECUTE_NEVER;
      case FOREIGN, GRANT -> NORMAL_WRITE_BACK | INNER_SHAREABLE | WRITE | EXECUTE_NEVER;
      case GRANT_READ_ONLY -> NORMAL_WRITE_BACK | INNER_SHAREABLE | EXECUTE_NEVER;
      case NONE -> throw new IllegalArgumentException("a descriptor for nothing");
    };
  }

  /** The entry of a block's part in the level below. */
  static long part(long block, int level, int index) {
    return block + ((long) index * span(level + 1) << 12) | (level + 1 == LAST ? TABLE : 0);
  }

  static boolean isTable(long descriptor, int level) {
    return level < LAST && (descriptor & (TABLE | VALID)) == (TABLE | VALID);
  }

  /** What an entry maps; a block or page's. */
  static PageType type(long descriptor) {
    int ordinal = (int) (descriptor >>> TYPE_SHIFT) & 7;
    return (descriptor & VALID) == 0 || ordinal >= TYPES.length ? PageType.NONE : TYPES[ordinal];
  }

  /** The first machine frame of a block or page. */
  static long frame(long descriptor) {
    return (descriptor & OUTPUT) >>> 12;
  }

  static boolean isRam(PageType type) {
    return type == PageType.RAM || type == PageType.RAM_READ_ONLY;
  }
}
