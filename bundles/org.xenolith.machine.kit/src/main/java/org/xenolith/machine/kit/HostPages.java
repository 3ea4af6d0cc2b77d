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
  private static final int FIXED = 0x10;
  /** MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE. */
  private static final int RESERVED = 0x4022;
  private static final int NOTHING = 0;
  private static final int NO_FILE = -1;
  private static final long REFUSED = -1;
  private static final int NOT_NEEDED = 4;
  private static final int HUGE_PAGES = 14;
  private static final int POPULATE_WRITE = 23;

  /** The same as the JVM's for its own memory outside the heap. */
  static final HostLimit LIMIT = new HostLimit(Runtime.getRuntime().maxMemory());
  private static final Optional<MemorySegment> MAP = function("mmap");
  private static final Optional<MemorySegment> UNMAP = function("munmap");
  private static final Optional<MemorySegment> ADVISE = function("madvise");

  static {
    HostUse.of("guests' memory outside of the heap", LIMIT::taken);
  }

  private HostPages() {}

  /** A function of the C library; empty where this doesn't know its arguments. */
  static Optional<MemorySegment> function(String name) {
    boolean known = System.getProperty("os.name").equals("Linux") && ValueLayout.ADDRESS.byteSize() == Long.BYTES;
    return known ? Linker.nativeLinker().defaultLookup().find(name) : Optional.empty();
  }

  /**
   * Zeroed memory at the begin of a page, which is given back when nobody refers to the segment any more.
   *
   * @throws OutOfMemoryError if the host has no more, or this process may not have more
   */
  static MemorySegment allocate(int size, int alignment) {
    if (!possible()) {
      return Arena.ofAuto().allocate(size, alignment);
    }
    return ChunkPages.own(size).bytes();
  }

  /** Whether this host's pages can be had one by one. */
  static boolean possible() {
    return MAP.isPresent() && UNMAP.isPresent() && ADVISE.isPresent();
  }

  /** Maps memory. Returns its address, or -1. */
  static long map(long address, long size, int rights, int kind, long file, long offset) {
    return HostFunction.call(MAP.get(), address, size, rights, kind, file, offset, 0);
  }

  /**
   * Zeroed pages, somewhere.
   *
   * @throws OutOfMemoryError if the host refuses them
   */
  static long anonymous(int size) {
    long address = small(size);
    advise(address, size);
    return address;
  }

  /**
   * The same for what is written page by page, and soon: a host that is short of large ones takes ten times as long to make one.
   *
   * @throws OutOfMemoryError if the host refuses them
   */
  static long small(int size) {
    long address = map(0, size, READ_WRITE, PRIVATE_ANONYMOUS, NO_FILE, 0);
    if (address == REFUSED) {
      throw new OutOfMemoryError("the host refuses " + size + " bytes (mmap)");
    }
    return address;
  }

  /** Zeroed pages instead of what is at an address. */
  static void anonymous(long address, int size) {
    small(address, size);
    advise(address, size);
  }

  /** The same for what is written page by page, and soon. */
  static void small(long address, long size) {
    long done = map(address, size, READ_WRITE, PRIVATE_ANONYMOUS | FIXED, NO_FILE, 0);
    if (done == REFUSED) {
      throw new OutOfMemoryError("the host refuses " + size + " bytes (mmap)");
    }
  }

  /**
   * Addresses where something will be mapped.
   *
   * @throws OutOfMemoryError if the host refuses them
   */
  static long reserve(int size) {
    long address = map(0, size, NOTHING, RESERVED, NO_FILE, 0);
    if (address == REFUSED) {
      throw new OutOfMemoryError("the host refuses " + size + " bytes of addresses (mmap); a process may have as many mappings as"
          + " sysctl vm.max_map_count says, and each fork takes one for each 16 MiB of RAM");
    }
    return address;
  }

  /** A host takes longer to give 512 pages than one of their size. Advice only: what it says to it doesn't matter. */
  private static void advise(long address, int size) {
    HostFunction.call(ADVISE.get(), address, size, HUGE_PAGES, 0, 0, 0, 0);
  }

  /** Has the host give all pages of a segment, which begins with one, at once; one that can't gives them one by one. Source: madvise(2), MADV_POPULATE_WRITE. */
  static void give(MemorySegment pages) {
    ADVISE.ifPresent(advise -> HostFunction.call(advise, pages.address(), pages.byteSize(), POPULATE_WRITE, 0, 0, 0, 0));
  }

  /** Has the host take back all pages of a segment, which begins with one: they are zero when they are touched again. Returns whether it has. Source: madvise(2), MADV_DONTNEED. */
  static boolean takeBack(MemorySegment pages) {
    return ADVISE.isPresent() && HostFunction.call(ADVISE.get(), pages.address(), pages.byteSize(), NOT_NEEDED, 0, 0, 0, 0) == 0;
  }

  /** The same of pages at an address. */
  static boolean takeBack(long address, long size) {
    return HostFunction.call(ADVISE.get(), address, size, NOT_NEEDED, 0, 0, 0, 0) == 0;
  }

  /** Nothing is at an address any more. */
  static void unmap(long address, long size) {
    long done = HostFunction.call(UNMAP.get(), address, size, 0, 0, 0, 0, 0);
    assert done == 0;
  }
}
