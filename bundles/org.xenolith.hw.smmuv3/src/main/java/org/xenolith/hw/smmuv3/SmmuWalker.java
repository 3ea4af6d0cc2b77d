// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/** Walks VMSAv8-64 tables of either stage down to a page or block. What it found stays until the next walk. */
final class SmmuWalker {
  /** Reads a descriptor. */
  interface Tables {
    long fetch(long address) throws Fault;
  }

  private static final long ADDRESS = 0x0000_FFFF_FFFF_F000L;
  private static final long ACCESS_FLAG = 1 << 10;
  private static final int LAST_LEVEL = 3;

  private final Tables tables;
  private long leaf;
  private long output;
  private long inherited;
  private int shift;

  SmmuWalker(Tables tables) {
    this.tables = tables;
  }

  /**
   * Walks.
   *
   * @param address within the table's region
   * @return what is wrong; null if there is a page or block
   * @throws Fault if a descriptor can't be fetched
   */
  EventKind walk(TranslationTable table, long address) throws Fault {
    long input = address & (1L << table.inputBits()) - 1;
    long at = table.base();
    long below = input;
    inherited = 0;
    for (int level = table.start();; level++) {
      shift = table.shift(level);
      long descriptor = tables.fetch(at + (below >>> shift << 3));
      boolean tableOrPage = (descriptor & 2) != 0;
      if ((descriptor & 1) == 0 || !tableOrPage && !table.blocks(level)) {
        return EventKind.F_TRANSLATION;
      }
      below = input & (1L << shift) - 1;
      boolean last = !tableOrPage || level == LAST_LEVEL;
      long next = descriptor & ADDRESS & -(1L << (last ? shift : table.granule()));
      if (next >>> table.outputBits() != 0) {
        return EventKind.F_ADDR_SIZE;
      }
      if (last) {
        leaf = descriptor;
        output = next | below;
        return table.accessFlagFaults() && (descriptor & ACCESS_FLAG) == 0 ? EventKind.F_ACCESS : null;
      }
      inherited |= descriptor;
      at = next;
    }
  }

  /** The descriptor of the page or block. */
  long leaf() {
    return leaf;
  }

  /** The address that came out. */
  long output() {
    return output;
  }

  /** The table descriptors on the way, or-ed: their limits hold for all below. */
  long inherited() {
    return inherited;
  }

  /** Log2 of the size of the page or block. */
  int shift() {
    return shift;
  }
}
