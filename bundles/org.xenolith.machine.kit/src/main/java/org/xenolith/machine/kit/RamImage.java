// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.BitSet;

/** What one chunk of RAM held at a moment; any number of chunks can hold it. */
sealed interface RamImage {
  /** Physical address of the chunk. */
  long base();

  /** Its bytes. */
  int size();

  /** See {@link Ram#family}. */
  Object family();

  /** Pages that whoever it was made of shares with a file: it hasn't written them. */
  long shared();

  /** Whether a page may have been written between an earlier one of the same chunk and this. */
  default boolean written(RamImage earlier, int page) {
    return true;
  }

  /** Nobody makes a chunk of this any more. */
  void drop();

  /**
   * A part of a file, and the pages that differ from it. A chunk has memory of its own only for pages that it writes, and for those that differ.
   *
   * @param base   physical address of the chunk
   * @param size   its bytes
   * @param family of the chunk
   * @param part   what it was until it was written; this has it
   * @param others the pages that differ; this has them
   */
  record Mapped(long base, int size, Object family, MemoryFile.Part part, PageCopies others) implements RamImage {
    @Override
    public long shared() {
      BitSet pages = (BitSet) part.data().clone();
      pages.andNot(others.pages());
      return pages.cardinality();
    }

    @Override
    public void drop() {
      part.drop();
      others.drop();
    }
  }

  /**
   * A copy, of which others of the same chunk have what they have in common. A chunk has memory of its own for all of it.
   *
   * @param base physical address of the chunk
   * @param size its bytes
   * @param family of the chunk
   * @param copy what it held; this has it
   */
  record Copied(long base, int size, Object family, ChunkCopy copy) implements RamImage {
    @Override
    public long shared() {
      return 0;
    }

    @Override
    public boolean written(RamImage earlier, int page) {
      return !(earlier instanceof Copied other) || other.base != base || other.size != size || copy.written(other.copy, page);
    }

    @Override
    public void drop() {
      copy.drop();
    }
  }
}
