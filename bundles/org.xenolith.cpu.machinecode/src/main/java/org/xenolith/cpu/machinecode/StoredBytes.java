// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The code of a file, which comes to where it is executed piece by piece, as pages are given blocks of it: a start executes a tenth of what a login
 * does.
 */
final class StoredBytes {
  private final MemorySegment stored;
  private final int origin;
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
    this.host = host;
  }

  /** The block that begins at a place is there from now on, with all that was translated together with it. */
  void bring(int place) {
    // What is translated at once has less than a piece, so it is in this one and the next.
    int piece = (place - origin) / Translations.MARGIN;
    bringPiece(piece);
    bringPiece(piece + 1);
  }

  /** All code is there from now on. */
  void bringAll() {
    for (int piece = 0; (long) piece * Translations.MARGIN < stored.byteSize(); piece++) {
      bringPiece(piece);
    }
  }

  private void bringPiece(int piece) {
    long from = (long) piece * Translations.MARGIN;
    if (there.get(piece) || from >= stored.byteSize()) {
      return;
    }
    there.set(piece);
    int length = (int) Math.min(Translations.MARGIN, stored.byteSize() - from);
    ByteBuffer to = host.bytes(origin + (int) from, origin + (int) from + length);
    to.put(stored.asSlice(from, length).asByteBuffer());
    host.settle();
  }
}
