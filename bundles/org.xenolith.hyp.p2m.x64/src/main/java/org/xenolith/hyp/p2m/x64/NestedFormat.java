// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.memory.kit.TableFormat;

/**
 * Nested page tables: entries of 4-level paging, all of level 3 as nested tables must be, accessed and dirty from the beginning so that no CPU has to note it (AMD64 Architecture Programmer's Manual
 * volume 2, 5.4 and 15.25).
 *
 * <p>The same tables are host page tables of AMD's IOMMUs (48882, 2.2.3): what these read, next level and permissions, is in bits that CPUs leave to software, and they ignore CPUs' bits. They want
 * bits 58:52 clear, so that nothing is left there for what a page is: the kinds of pages are told apart by what they permit, and by the bit that means global pages elsewhere and nothing in a nested
 * table.
 */
final class NestedFormat extends TableFormat {
  /** Guest physical addresses are as wide as the machine's. */
  private static final int BITS = 40;
  private static final long WRITE = 1 << 1;
  private static final long USER = 1 << 2;
  private static final long WRITE_THROUGH = 1 << 3;
  private static final long CACHE_DISABLE = 1 << 4;
  private static final long ACCESSED = 1 << 5;
  private static final long DIRTY = 1 << 6;
  private static final long PAGE_SIZE = 1 << 7;
  /** RAM that is the domain's own, or a page that is foreign and not granted. */
  private static final long MARK = 1 << 8;
  /** IOMMUs: the level of the table that an entry leads to, 0 for a page. */
  private static final int NEXT_LEVEL = 9;
  /** IOMMUs: devices may read. */
  private static final long DEVICES_READ = 1L << 61;
  /** IOMMUs: devices may write. */
  private static final long DEVICES_WRITE = 1L << 62;
  private static final long NO_EXECUTE = 1L << 63;

  NestedFormat() {
    super(BITS, 0, 1, WRITE, 0);
  }

  @Override
  protected long leaf(PageType type, long mfn, int level) {
    long common = mfn << 12 & OUTPUT | USER | ACCESSED | DIRTY | (level == LAST ? 0 : PAGE_SIZE) | DEVICES_READ | VALID;
    return common | switch (type) {
      case RAM -> WRITE | DEVICES_WRITE;
      case RAM_READ_ONLY -> 0;
      case DEVICE -> WRITE | DEVICES_WRITE | NO_EXECUTE | WRITE_THROUGH | CACHE_DISABLE;
      case FOREIGN, GRANT -> WRITE | DEVICES_WRITE | NO_EXECUTE;
      case GRANT_READ_ONLY -> NO_EXECUTE;
      case NONE -> throw new IllegalArgumentException("an entry for nothing");
    };
  }

  @Override
  protected long mark(PageType type, boolean counts) {
    return counts || type == PageType.FOREIGN ? MARK : 0;
  }

  @Override
  public PageType type(long entry) {
    if ((entry & VALID) == 0) {
      return PageType.NONE;
    }
    if ((entry & NO_EXECUTE) == 0) {
      return (entry & WRITE) != 0 ? PageType.RAM : PageType.RAM_READ_ONLY;
    }
    if ((entry & CACHE_DISABLE) != 0) {
      return PageType.DEVICE;
    }
    if ((entry & WRITE) == 0) {
      return PageType.GRANT_READ_ONLY;
    }
    return (entry & MARK) != 0 ? PageType.FOREIGN : PageType.GRANT;
  }

  @Override
  protected boolean isOwn(long entry) {
    return (entry & (NO_EXECUTE | MARK)) == MARK;
  }

  /** For CPUs alone. */
  @Override
  protected long table(long address) {
    return address | USER | WRITE | ACCESSED | VALID;
  }

  @Override
  protected long table(long address, int level) {
    return table(address) | DEVICES_READ | DEVICES_WRITE | (long) LAST - level << NEXT_LEVEL;
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
