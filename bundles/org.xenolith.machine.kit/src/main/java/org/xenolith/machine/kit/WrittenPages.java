// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Optional;

/**
 * Pages of a private mapping of a file that the process has for itself, since it has written them. A host that can't be asked for all of
 * them ({@link PageScan}) is asked page by page. Source: Linux' admin-guide/mm/pagemap.rst.
 */
final class WrittenPages {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  /** Bits of an entry of the map: present, in the swap, of a file. */
  private static final int PRESENT_BIT = 63;
  private static final int SWAPPED_BIT = 62;
  private static final int FILE_BIT = 61;
  /** Entries that are read at once. */
  private static final int ENTRIES = 4096;

  private static final Optional<MemorySegment> READ_AT = HostPages.function("pread");
  private static volatile boolean scans = PageScan.possible();

  private WrittenPages() {}

  /** Whether this host tells. */
  static boolean known() {
    return PageScan.MAP >= 0 && READ_AT.isPresent();
  }

  /** Those of a mapping, by their numbers in it. */
  static BitSet of(long address, int size) {
    BitSet written = new BitSet();
    if (!scans || !PageScan.pages(address, size, written, 0, PageScan.OF_THE_FILE, PageScan.OF_THE_FILE, PageScan.THERE)) {
      scans = false;
      written.clear();
      read(address, size, written);
    }
    return written;
  }

  /** The other way, on a host that could scan, for tests. */
  static BitSet readOneByOne(long address, int size) {
    BitSet written = new BitSet();
    read(address, size, written);
    return written;
  }

  private static void read(long address, int size, BitSet written) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entries = arena.allocate((long) ENTRIES * Long.BYTES, Long.BYTES);
      int pages = size / PAGE;
      for (int at = 0; at < pages;) {
        long bytes = Math.min(ENTRIES, pages - at) * (long) Long.BYTES;
        long done = HostFunction.call(READ_AT.get(), PageScan.MAP, entries.address(), bytes, (address / PAGE + at) * Long.BYTES, 0, 0, 0);
        if (done <= 0 || done % Long.BYTES != 0) {
          throw new OutOfMemoryError("the host doesn't tell which pages were written (/proc/self/pagemap)");
        }
        for (long i = 0; i < done / Long.BYTES; i++) {
          long entry = entries.getAtIndex(ValueLayout.JAVA_LONG, i);
          if ((entry >>> PRESENT_BIT | entry >>> SWAPPED_BIT & 1) != 0 && (entry >>> FILE_BIT & 1) == 0) {
            written.set(at + (int) i);
          }
        }
        at += (int) (done / Long.BYTES);
      }
    }
  }
}
