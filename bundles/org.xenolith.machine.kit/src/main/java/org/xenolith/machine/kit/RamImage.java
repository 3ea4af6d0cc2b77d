// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

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
  /** Nobody makes a chunk of this any more. */
  void drop() {
    part.drop();
    others.drop();
  }
}
