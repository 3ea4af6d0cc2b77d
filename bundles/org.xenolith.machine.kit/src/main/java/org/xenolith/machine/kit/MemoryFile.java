// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file with what chunks of RAM held at a moment: it is mapped where they are, and each who writes a page gets one of their own from the host. One that is in memory and nowhere else gives
 * its memory back part by part, when nobody has one any more; one of a disk is the disk's. Source: memfd_create(2), mmap(2), fallocate(2), and Linux' asm-generic/mman-common.h, linux/falloc.h.
 */
final class MemoryFile {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final int CLOSE_ON_EXEC = 1;
  private static final int READ_WRITE = 3;
  /** MAP_PRIVATE and MAP_NORESERVE: of what could be written hardly anything is. */
  private static final int PRIVATE = 0x4002;
  /** The same with MAP_FIXED. */
  private static final int PRIVATE_FIXED = 0x4012;
  private static final int SHARED = 1;
  private static final int READ = 1;
  /** With FALLOC_FL_KEEP_SIZE, without which it is refused. */
  private static final int PUNCH_HOLE = 3;
  /** Bytes that are written by one call: no thread can stop the JVM meanwhile. */
  private static final int PIECE = 1 << 20;
  private static final long REFUSED = -1;

  private static final Optional<MemorySegment> CREATE = HostPages.function("memfd_create");
  private static final Optional<MemorySegment> RESIZE = HostPages.function("ftruncate");
  private static final Optional<MemorySegment> WRITE_AT = HostPages.function("pwrite");
  private static final Optional<MemorySegment> ALLOCATE = HostPages.function("fallocate");
  private static final Optional<MemorySegment> CLOSE = HostPages.function("close");
  private static final Optional<MemorySegment> PAGE_SIZE = HostPages.function("getpagesize");

  private final long file;
  /** Whether it is in memory and nowhere else. */
  private final boolean ofMemory;
  /** Parts that somebody has, and one for who makes them. */
  private final AtomicInteger users = new AtomicInteger(1);
  private long size;

  private MemoryFile(long file, boolean ofMemory) {
    this.file = file;
    this.ofMemory = ofMemory;
  }

  /** Whether this host has such files, with pages as small as a guest's. */
  static boolean possible() {
    return HostMemory.OUTSIDE && CREATE.isPresent() && RESIZE.isPresent() && WRITE_AT.isPresent() && ALLOCATE.isPresent() && CLOSE
        .isPresent() && PAGE_SIZE.isPresent() && (int) HostFunction.call(PAGE_SIZE.get(), 0, 0, 0, 0, 0, 0, 0) == PAGE;
  }

  /**
   * An empty one. Its parts keep it; who made it calls {@link #complete}.
   *
   * @throws OutOfMemoryError if the host refuses one
   */
  static MemoryFile create() {
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) HostFunction.call(CREATE.get(), arena.allocateFrom("xenolith-ram").address(), CLOSE_ON_EXEC, 0, 0, 0, 0, 0);
      if (file < 0) {
        throw new OutOfMemoryError("the host refuses a file in memory (memfd_create); the limit of open files (ulimit -n) may be met");
      }
      return new MemoryFile(file, true);
    }
  }

  /**
   * One of a disk, that nobody changes as long as somebody has a part. Who made it calls {@link #complete}.
   *
   * @throws OutOfMemoryError if the host refuses it
   */
  static MemoryFile open(Path path) {
    long file = SavedPages.descriptor(path);
    if (file < 0) {
      throw new OutOfMemoryError("the host refuses to open " + path + " once more; the limit of open files (ulimit -n) may be met");
    }
    return new MemoryFile(file, false);
  }

  /** What is in a file of a disk. @param data the pages that may hold something */
  Part part(long from, int bytes, BitSet data, PageStore counts) {
    users.incrementAndGet();
    return new Part(from, bytes, data, 0, counts);
  }

  /** No part is made any more. */
  void complete() {
    release();
  }

  private void release() {
    if (users.decrementAndGet() == 0) {
      HostFunction.call(CLOSE.get(), file, 0, 0, 0, 0, 0, 0);
    }
  }

  /**
   * Keeps what is at an address of this process.
   *
   * @param data   the pages that aren't all zeros
   * @param counts what is kept for the same machine
   * @throws OutOfMemoryError if the host has no memory, or this process may not have more
   */
  Part add(long address, int bytes, BitSet data, PageStore counts) {
    long taken = (long) data.cardinality() * PAGE;
    HostPages.LIMIT.take(taken);
    long from = size;
    boolean done = (int) HostFunction.call(RESIZE.get(), file, from + bytes, 0, 0, 0, 0, 0) == 0;
    for (int first = data.nextSetBit(0); done && first >= 0;) {
      int end = data.nextClearBit(first);
      done = write(address + (long) first * PAGE, from + (long) first * PAGE, (end - first) * PAGE);
      first = data.nextSetBit(end);
    }
    if (!done) {
      HostPages.LIMIT.give(taken);
      punch(from, bytes);
      throw new OutOfMemoryError("the host refuses " + taken + " bytes of a file in memory");
    }
    size = from + bytes;
    users.incrementAndGet();
    counts.inFile(taken);
    return new Part(from, bytes, data, taken, counts);
  }

  private boolean write(long address, long to, int length) {
    for (int done = 0; done < length;) {
      long more = HostFunction.call(WRITE_AT.get(), file, address + done, Math.min(PIECE, length - done), to + done, 0, 0, 0);
      if (more <= 0) {
        return false;
      }
      done += (int) more;
    }
    return true;
  }

  private void punch(long from, int bytes) {
    HostFunction.call(ALLOCATE.get(), file, PUNCH_HOLE, from, bytes, 0, 0, 0);
  }

  /** What one chunk held. Who makes it has it; each other who has it says {@link #keep}, and each {@link #drop} once. */
  final class Part {
    private final long from;
    private final int bytes;
    private final BitSet data;
    private long taken;
    private final PageStore counts;
    private final AtomicInteger owners = new AtomicInteger(1);
    /** Where it can be read; 0 while nobody has asked, or nobody may. */
    private long view;

    private Part(long from, int bytes, BitSet data, long taken, PageStore counts) {
      this.counts = counts;
      this.from = from;
      this.bytes = bytes;
      this.data = data;
      this.taken = taken;
    }

    /** The pages that weren't all zeros; nobody changes it. */
    BitSet data() {
      return data;
    }

    Part keep() {
      owners.incrementAndGet();
      return this;
    }

    /** Whether nobody but who asks has it, and its memory can be given back page by page: that of a disk isn't this process'. */
    boolean sole() {
      return ofMemory && owners.get() == 1;
    }

    /** Who alone has it needs some of its pages no more: it has memory of its own there. */
    void forget(BitSet pages) {
      BitSet gone = (BitSet) data.clone();
      gone.and(pages);
      for (int first = gone.nextSetBit(0); first >= 0;) {
        int end = gone.nextClearBit(first);
        punch(from + (long) first * PAGE, (end - first) * PAGE);
        first = gone.nextSetBit(end);
      }
      long bytes = (long) gone.cardinality() * PAGE;
      data.andNot(gone);
      taken -= bytes;
      HostPages.LIMIT.give(bytes);
      counts.inFile(-bytes);
    }

    /** Where what it held can be read as long as somebody has it; empty if the host has no mapping for that. Any thread. */
    synchronized Optional<MemorySegment> view() {
      if (view == 0) {
        if (!ChunkPages.MAPPINGS.mayTake()) {
          return Optional.empty();
        }
        long at = HostPages.map(0, bytes, READ, SHARED, file, from);
        if (at == REFUSED) {
          ChunkPages.MAPPINGS.give();
          return Optional.empty();
        }
        view = at;
      }
      return Optional.of(MemorySegment.ofAddress(view).reinterpret(bytes));
    }

    private synchronized void unview() {
      if (view != 0) {
        HostPages.unmap(view, bytes);
        ChunkPages.MAPPINGS.give();
        view = 0;
      }
    }

    /** One who had it doesn't any more, and has it mapped nowhere: when nobody has, the host gets its memory back. */
    void drop() {
      if (owners.decrementAndGet() == 0) {
        unview();
        if (ofMemory) {
          punch(from, bytes);
        }
        HostPages.LIMIT.give(taken);
        counts.inFile(-taken);
        release();
      }
    }

    /**
     * Is from now on what is at an address, instead of what is mapped there, until it is written.
     *
     * @throws OutOfMemoryError if the host refuses it: what was there still is
     */
    void map(long address) {
      map(address, PRIVATE_FIXED);
    }

    /**
     * Is from now on what is at an address where nothing was, until it is written.
     *
     * @return the address
     * @throws OutOfMemoryError if the host refuses it
     */
    long map() {
      return map(0, PRIVATE);
    }

    private long map(long address, int kind) {
      long at = HostPages.map(address, bytes, READ_WRITE, kind, file, from);
      if (at == REFUSED) {
        throw new OutOfMemoryError("the host refuses to map " + bytes + " bytes of a file once more (mmap); a process may have as"
            + " many mappings as sysctl vm.max_map_count says, and each fork takes one for each 16 MiB of RAM");
      }
      return at;
    }
  }
}
