// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.BitSet;
import org.xenolith.hostcode.kit.HostCode;

/**
 * The code of a file, which comes to where it is executed page by page of the host's, as guests' pages are given blocks of it: a start executes a tenth of what
 * a login does.
 */
final class StoredBytes {
  /** Bytes of what comes together, as a power of two: less would touch as much of the host's memory. */
  private static final int SHIFT = 12;

  /** Bytes that are read at once. */
  private static final int PIECE = 1 << 16;

  private final FileChannel file;
  private final long from;
  private final MemorySegment piece = Arena.ofAuto().allocate(PIECE);
  private final int origin;
  private final int end;
  private final HostCode host;
  private final BitSet there = new BitSet();

  /**
   * Code that isn't anywhere yet.
   *
   * @param file   has it, until {@link #close}
   * @param from   where in the file
   * @param size   bytes
   * @param origin where it begins in the host's memory
   */
  StoredBytes(FileChannel file, long from, int size, int origin, HostCode host) {
    this.file = file;
    this.from = from;
    this.origin = origin;
    this.end = origin + size;
    this.host = host;
  }

  /**
   * Code from one place up to another is there from now on; what was there already is as it has become.
   *
   * @throws IOException if the file doesn't have it any more
   */
  void bring(int begin, int to) throws IOException {
    int last = (to - 1 >> SHIFT) + 1;
    for (int page = there.nextClearBit(begin >> SHIFT); page < last; page = there.nextClearBit(page)) {
      int known = there.nextSetBit(page);
      int behind = known < 0 ? last : Math.min(known, last);
      copy(Math.max(origin, page << SHIFT), Math.min(end, behind << SHIFT));
      there.set(page, behind);
    }
  }

  /** All code is there from now on. @throws IOException if the file doesn't have it any more */
  void bringAll() throws IOException {
    bring(origin, end);
  }

  private void copy(int begin, int to) throws IOException {
    for (int at = begin; at < to; at += PIECE) {
      int length = Math.min(PIECE, to - at);
      CodeFile.readAll(file, piece.asSlice(0, length).asByteBuffer(), from + at - origin);
      host.write(piece, at, length);
    }
  }

  /** Nothing more is brought. */
  void close() {
    try {
      file.close();
    } catch (IOException e) {
      // nothing was written
    }
  }
}
