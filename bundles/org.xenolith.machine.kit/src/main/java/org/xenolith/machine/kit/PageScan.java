// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the host for pages of this process by what they are. Source: Linux' admin-guide/mm/pagemap.rst and linux/fs.h, PAGEMAP_SCAN, which a host has from 6.7 on. */
final class PageScan {
  /** PAGE_IS_WRITTEN: it isn't protected by a userfaultfd. */
  static final long WRITTEN = 1 << 1;
  /** PAGE_IS_FILE: it is the file's, not the process' own. */
  static final long OF_THE_FILE = 1 << 2;
  /** PAGE_IS_PRESENT or PAGE_IS_SWAPPED. */
  static final long THERE = 1 << 3 | 1 << 4;
  /** PM_SCAN_WP_MATCHING and PM_SCAN_CHECK_WPASYNC: what is found is protected at once. */
  static final long PROTECT = 3;

  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final int READ_CLOSE_ON_EXEC = 0x80000;
  /** {@code _IOWR('f', 16, struct pm_scan_arg)}. */
  private static final long SCAN = 0xC060_6610L;
  private static final int ARGUMENT = 96;
  private static final int REGION = 24;
  /** Regions that are asked for at once. */
  private static final int REGIONS = 256;
  /** Of each thread: an argument, and behind it regions. A fork of a large machine asks for hundreds of mappings. */
  private static final ThreadLocal<MemorySegment> ROOM = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ARGUMENT + (long) REGION
      * REGIONS, Long.BYTES));
  private static final Optional<MemorySegment> CONTROL = HostPages.function("ioctl");
  /** The map of this process; negative if the host has none. It stays open. */
  static final long MAP = open();

  private PageScan() {}

  private static long open() {
    Optional<MemorySegment> open = HostPages.function("open");
    try (Arena arena = Arena.ofConfined()) {
      return open.isEmpty() ? -1 : (int) HostFunction.call(open.get(), arena.allocateFrom("/proc/self/pagemap").address(),
          READ_CLOSE_ON_EXEC, 0, 0, 0, 0, 0);
    }
  }

  /** Whether there is something to ask; the host may refuse nevertheless. */
  static boolean possible() {
    return MAP >= 0 && CONTROL.isPresent();
  }

  /**
   * The pages of a mapping.
   *
   * @param found    gets their numbers in the mapping
   * @param flags    0 or {@link #PROTECT}
   * @param inverted of {@code all}, what a page must not be
   * @param all      what it must be, but for what is inverted
   * @param any      of what it must be one
   * @return whether the host has told
   */
  static boolean pages(long address, int size, BitSet found, long flags, long inverted, long all, long any) {
    MemorySegment argument = ROOM.get();
    MemorySegment regions = argument.asSlice(ARGUMENT);
    long end = address + size;
    for (long from = address; from < end;) {
      long[] words = {ARGUMENT, flags, from, end, 0, regions.address(), REGIONS, 0, inverted, all, any, any};
      MemorySegment.copy(words, 0, argument, ValueLayout.JAVA_LONG, 0, words.length);
      long count = HostFunction.call(CONTROL.get(), MAP, SCAN, argument.address(), 0, 0, 0, 0) & 0xFFFF_FFFFL;
      long walked = argument.get(ValueLayout.JAVA_LONG, 4 * Long.BYTES);
      if (count > REGIONS || walked <= from) {
        return false;
      }
      for (long i = 0; i < count; i++) {
        found.set(page(regions.get(ValueLayout.JAVA_LONG, i * REGION) - address), page(regions.get(ValueLayout.JAVA_LONG, i * REGION
            + Long.BYTES) - address));
      }
      from = walked;
    }
    return true;
  }

  /** Pages that the host has given; the others are zeros, of a mapping of no file. Null if the host doesn't tell. */
  static @Nullable BitSet there(long address, int size) {
    BitSet found = new BitSet();
    return possible() && pages(address, size, found, 0, 0, 0, THERE) ? found : null;
  }

  private static int page(long offset) {
    return (int) (offset / PAGE);
  }
}
