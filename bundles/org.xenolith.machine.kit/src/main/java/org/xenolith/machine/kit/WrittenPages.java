// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Optional;

/**
 * Pages of a private mapping of a file that the process has for itself, since it has written them. Source: Linux' admin-guide/mm/pagemap.rst, and linux/fs.h for PAGEMAP_SCAN, which a host
 * has from 6.7 on; one that hasn't is asked page by page.
 */
final class WrittenPages {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final int READ_CLOSE_ON_EXEC = 0x80000;
  /** {@code _IOWR('f', 16, struct pm_scan_arg)}. */
  private static final long SCAN = 0xC060_6610L;
  private static final int ARGUMENT = 96;
  private static final int REGION = 24;
  /** Regions that are asked for at once. */
  private static final int REGIONS = 256;
  /** PAGE_IS_FILE: it is the file's, not the process' own. */
  private static final long OF_THE_FILE = 1 << 2;
  /** PAGE_IS_PRESENT or PAGE_IS_SWAPPED. */
  private static final long THERE = 1 << 3 | 1 << 4;
  /** Bits of an entry of the map: present, in the swap, of a file. */
  private static final int PRESENT_BIT = 63;
  private static final int SWAPPED_BIT = 62;
  private static final int FILE_BIT = 61;
  /** Entries that are read at once. */
  private static final int ENTRIES = 4096;

  private static final Optional<MemorySegment> CONTROL = HostPages.function("ioctl");
  private static final Optional<MemorySegment> READ_AT = HostPages.function("pread");
  /** The map of this process; negative if the host has none. It stays open. */
  private static final long MAP = open();
  private static volatile boolean scans = CONTROL.isPresent();

  private WrittenPages() {}

  private static long open() {
    Optional<MemorySegment> open = HostPages.function("open");
    try (Arena arena = Arena.ofConfined()) {
      return open.isEmpty() ? -1 : (int) HostFunction.call(open.get(), arena.allocateFrom("/proc/self/pagemap").address(),
          READ_CLOSE_ON_EXEC, 0, 0,
          0, 0, 0);
    }
  }

  /** Whether this host tells. */
  static boolean known() {
    return MAP >= 0 && READ_AT.isPresent();
  }

  /** Those of a mapping, by their numbers in it. */
  static BitSet of(long address, int size) {
    BitSet written = new BitSet();
    if (!scans || !scan(address, size, written)) {
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

  private static boolean scan(long address, int size, BitSet written) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment regions = arena.allocate((long) REGION * REGIONS, Long.BYTES);
      MemorySegment argument = arena.allocate(ARGUMENT, Long.BYTES);
      long end = address + size;
      for (long from = address; from < end;) {
        long[] words = {ARGUMENT, 0, from, end, 0, regions.address(), REGIONS, 0, OF_THE_FILE, OF_THE_FILE, THERE, THERE};
        MemorySegment.copy(words, 0, argument, ValueLayout.JAVA_LONG, 0, words.length);
        long found = HostFunction.call(CONTROL.get(), MAP, SCAN, argument.address(), 0, 0, 0, 0) & 0xFFFF_FFFFL;
        long walked = argument.get(ValueLayout.JAVA_LONG, 4 * Long.BYTES);
        if (found > REGIONS || walked <= from) {
          return false;
        }
        for (long i = 0; i < found; i++) {
          written.set(page(regions.get(ValueLayout.JAVA_LONG, i * REGION) - address), page(regions.get(ValueLayout.JAVA_LONG, i * REGION
              + Long.BYTES) - address));
        }
        from = walked;
      }
      return true;
    }
  }

  private static int page(long offset) {
    return (int) (offset / PAGE);
  }

  private static void read(long address, int size, BitSet written) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entries = arena.allocate((long) ENTRIES * Long.BYTES, Long.BYTES);
      int pages = size / PAGE;
      for (int at = 0; at < pages;) {
        long bytes = Math.min(ENTRIES, pages - at) * (long) Long.BYTES;
        long done = HostFunction.call(READ_AT.get(), MAP, entries.address(), bytes, (address / PAGE + at) * Long.BYTES, 0, 0, 0);
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
