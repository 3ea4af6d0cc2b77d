// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Pages of the host that take no memory until they are written: the JVM's own memory outside the heap is written with zeros when it is allocated.
 * Source: mmap(2), and the values of its arguments in Linux' asm-generic/mman-common.h.
 */
final class HostPages {
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int NO_FILE = -1;
  private static final long REFUSED = -1;
  private static final int NOT_NEEDED = 4;
  private static final int HUGE_PAGES = 14;
  private static final int POPULATE_WRITE = 23;

  /** The same as the JVM's for its own memory outside the heap. */
  private static final HostLimit LIMIT = new HostLimit(Runtime.getRuntime().maxMemory());
  private static final Optional<MemorySegment> MAP = function("mmap");
  private static final Optional<MemorySegment> UNMAP = function("munmap");
  private static final Optional<MemorySegment> ADVISE = function("madvise");

  static {
    HostUse.of("guests' memory outside of the heap", LIMIT::taken);
  }

  private HostPages() {}

  private static Optional<MemorySegment> function(String name) {
    boolean known = System.getProperty("os.name").equals("Linux") && ValueLayout.ADDRESS.byteSize() == Long.BYTES;
    return known ? Linker.nativeLinker().defaultLookup().find(name) : Optional.empty();
  }

  /**
   * Zeroed memory at the begin of a page, which is given back when nobody refers to the segment any more.
   *
   * @throws OutOfMemoryError if the host has no more, or this process may not have more
   */
  static MemorySegment allocate(int size, int alignment) {
    if (MAP.isEmpty() || UNMAP.isEmpty()) {
      return Arena.ofAuto().allocate(size, alignment);
    }
    LIMIT.take(size);
    long address = HostFunction.call(MAP.get(), 0, size, READ_WRITE, PRIVATE_ANONYMOUS, NO_FILE, 0, 0);
    if (address == REFUSED) {
      LIMIT.give(size);
      throw new OutOfMemoryError("the host refuses " + size + " bytes (mmap)");
    }
    // A host takes longer to give 512 pages than one of their size. Advice only: what it says to it doesn't matter.
    ADVISE.ifPresent(advise -> HostFunction.call(advise, address, size, HUGE_PAGES, 0, 0, 0, 0));
    return MemorySegment.ofAddress(address).reinterpret(size, Arena.ofAuto(), HostPages::unmap);
  }

  /** Has the host give all pages of a segment, which begins with one, at once; one that can't gives them one by one. Source: madvise(2), MADV_POPULATE_WRITE. */
  static void give(MemorySegment pages) {
    ADVISE.ifPresent(advise -> HostFunction.call(advise, pages.address(), pages.byteSize(), POPULATE_WRITE, 0, 0, 0, 0));
  }

  /** Has the host take back all pages of a segment, which begins with one: they are zero when they are touched again. Returns whether it has. Source: madvise(2), MADV_DONTNEED. */
  static boolean takeBack(MemorySegment pages) {
    return ADVISE.isPresent() && HostFunction.call(ADVISE.get(), pages.address(), pages.byteSize(), NOT_NEEDED, 0, 0, 0, 0) == 0;
  }

  private static void unmap(MemorySegment pages) {
    long done = HostFunction.call(UNMAP.get(), pages.address(), pages.byteSize(), 0, 0, 0, 0, 0);
    assert done == 0;
    LIMIT.give(pages.byteSize());
  }
}
