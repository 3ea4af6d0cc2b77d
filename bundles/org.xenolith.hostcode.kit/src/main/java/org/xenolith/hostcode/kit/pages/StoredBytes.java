// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.xenolith.hostcode.kit.HostCode;

/**
 * The code of a file, which comes to where it is executed page by page of the host's, as guests' pages are given blocks of it: a start executes a tenth of what
 * a login does.
 */
final class StoredBytes {
  /** Bytes of what comes together, as a power of two: less would touch as much of the host's memory. */
  private static final int SHIFT = 12;

  private final MemorySegment stored;
  private final int origin;
  private final int end;
  private final HostCode host;
  private final BitSet there = new BitSet();

  /**
   * Code that isn't anywhere yet.
   *
   * @param origin where it begins in the host's memory
   */
  StoredBytes(MemorySegment stored, int origin, HostCode host) {
    this.stored = stored;
    this.origin = origin;
    this.end = origin + (int) stored.byteSize();
    this.host = host;
  }

  /** Code from one place up to another is there from now on; what was there already is as it has become. */
  void bring(int from, int to) {
    int last = (to - 1 >> SHIFT) + 1;
    for (int piece = there.nextClearBit(from >> SHIFT); piece < last; piece = there.nextClearBit(piece)) {
      int known = there.nextSetBit(piece);
      int behind = known < 0 ? last : Math.min(known, last);
      copy(Math.max(origin, piece << SHIFT), Math.min(end, behind << SHIFT));
      there.set(piece, behind);
    }
  }

  /** All code is there from now on. */
  void bringAll() {
    bring(origin, end);
  }

  private void copy(int from, int to) {
    if (from < to) {
      host.write(stored.asSlice(from - origin), from, to - from);
    }
  }
}
