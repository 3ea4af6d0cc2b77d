// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.memory.kit.TableFormat;

/**
 * Nested page tables: entries of 4-level paging, all of level 3 as nested tables must be, accessed and dirty from the beginning so that no CPU has to note it (AMD64 Architecture Programmer's Manual
 * volume 2, 5.4 and 15.25). Bits 58:55 have what software keeps.
 */
final class NestedFormat extends TableFormat {
  /** Guest physical addresses are as wide as the machine's. */
  private static final int BITS = 40;
  private static final int TYPE_SHIFT = 55;
  private static final long WRITE = 1 << 1;
  private static final long USER = 1 << 2;
  private static final long WRITE_THROUGH = 1 << 3;
  private static final long CACHE_DISABLE = 1 << 4;
  private static final long ACCESSED = 1 << 5;
  private static final long DIRTY = 1 << 6;
  private static final long PAGE_SIZE = 1 << 7;
  private static final long NO_EXECUTE = 1L << 63;

  NestedFormat() {
    super(BITS, 0, 1, WRITE, TYPE_SHIFT);
  }

  @Override
  protected long leaf(PageType type, long mfn, int level) {
    long common = mfn << 12 & OUTPUT | USER | ACCESSED | DIRTY | (level == LAST ? 0 : PAGE_SIZE) | VALID;
    return common | switch (type) {
      case RAM -> WRITE;
      case RAM_READ_ONLY -> 0;
      case DEVICE -> WRITE | NO_EXECUTE | WRITE_THROUGH | CACHE_DISABLE;
      case FOREIGN, GRANT -> WRITE | NO_EXECUTE;
      case GRANT_READ_ONLY -> NO_EXECUTE;
      case NONE -> throw new IllegalArgumentException("an entry for nothing");
    };
  }

  @Override
  protected long table(long address) {
    return address | USER | WRITE | ACCESSED | VALID;
  }

  @Override
  protected boolean isTable(long entry, int level) {
    return level < LAST && (entry & (PAGE_SIZE | VALID)) == VALID;
  }

  @Override
  protected long part(long block, int level, int index) {
    return block + ((long) index * span(level + 1) << 12) & ~(level + 1 == LAST ? PAGE_SIZE : 0);
  }

  /** Where nothing is, reads of all ones may have been noted in a TLB. */
  @Override
  protected boolean remembersAbsence() {
    return true;
  }
}
