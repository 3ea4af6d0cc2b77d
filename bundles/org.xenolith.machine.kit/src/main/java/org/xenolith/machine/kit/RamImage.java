// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.BitSet;

/**
 * What one chunk of RAM held at a moment: a part of a file, and the pages that differ from it. Any number of chunks can hold it, each of which has memory of its own only for pages
 * that it writes, and for those that differ.
 *
 * @param base   physical address of the chunk
 * @param size   its bytes
 * @param part   what it was until it was written; this has it
 * @param others the pages that differ; this has them
 */
record RamImage(long base, int size, MemoryFile.Part part, PageCopies others) {
  /** Pages that whoever it was made of shares with the file: it hasn't written them. */
  long shared() {
    BitSet pages = (BitSet) part.data().clone();
    pages.andNot(others.pages());
    return pages.cardinality();
  }

  /** Nobody makes a chunk of this any more. */
  void drop() {
    part.drop();
    others.drop();
  }
}
