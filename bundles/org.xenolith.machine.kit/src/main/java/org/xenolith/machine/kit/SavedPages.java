// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;

/**
 * A file that holds nothing in most places, and takes no room of the disk for these. Where the host doesn't tell, it is one that holds something everywhere. Source: lseek(2), SEEK_DATA and SEEK_HOLE,
 * and open(2).
 */
public final class SavedPages implements AutoCloseable {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final int READ_CLOSE_ON_EXEC = 0x80000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final Optional<MemorySegment> OPEN = HostPages.function("open");
  private static final Optional<MemorySegment> SEEK = HostPages.function("lseek");
  private static final Optional<MemorySegment> CLOSE = HostPages.function("close");

  private final FileChannel channel;
  private final Path file;
  private final long size;
  /** Negative if the host doesn't tell where it holds nothing. */
  private final long descriptor;

  /** Opens a file to be read. */
  public SavedPages(Path file) throws IOException {
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.READ);
    size = channel.size();
    descriptor = SEEK.isPresent() ? descriptor(file) : -1;
  }

  /** The number by which this process has a file that it reads; negative if it can't, or the host has no such numbers. */
  static long descriptor(Path file) {
    if (OPEN.isEmpty() || CLOSE.isEmpty()) {
      return -1;
    }
    try (Arena arena = Arena.ofConfined()) {
      return (int) HostFunction.call(OPEN.get(), arena.allocateFrom(file.toAbsolutePath().toString()).address(), READ_CLOSE_ON_EXEC, 0, 0,
          0, 0, 0);
    }
  }

  /** Its bytes, those of nothing among them. */
  public long size() {
    return size;
  }

  Path file() {
    return file;
  }

  /** Reads bytes, which are all there. */
  public void read(long offset, ByteBuffer to) throws IOException {
    for (long at = offset; to.hasRemaining();) {
      int more = channel.read(to, at);
      if (more < 0) {
        throw new IOException(file + ": ends early");
      }
      at += more;
    }
  }

  /**
   * The pages of a part that may hold something, by their numbers in it.
   *
   * @param offset of the part, at the begin of a page
   */
  public BitSet data(long offset, int length) {
    BitSet pages = new BitSet();
    if (descriptor < 0) {
      pages.set(0, length / PAGE);
      return pages;
    }
    long end = offset + length;
    for (long at = offset; at < end;) {
      long first = HostFunction.call(SEEK.get(), descriptor, at, SEEK_DATA, 0, 0, 0, 0);
      if (first < 0 || first >= end) {
        return pages;
      }
      long hole = HostFunction.call(SEEK.get(), descriptor, first, SEEK_HOLE, 0, 0, 0, 0);
      long next = hole < 0 ? end : Math.min(end, hole);
      pages.set((int) ((first - offset) / PAGE), (int) ((next - offset + PAGE - 1) / PAGE));
      at = next;
    }
    return pages;
  }

  @Override
  public void close() throws IOException {
    if (descriptor >= 0) {
      HostFunction.call(CLOSE.get(), descriptor, 0, 0, 0, 0, 0, 0);
    }
    channel.close();
  }
}
