// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.util.BitSet;
import org.xenolith.machine.kit.Ram;

/**
 * Where the file of a snapshot has a chunk of memory.
 *
 * @param base   physical address of the chunk
 * @param size   its bytes
 * @param offset of its first byte in the file
 * @param pages  those that it has, by their numbers, where the others are as in the snapshot below; null if it has all
 */
record RamChunk(long base, int size, long offset, BitSet pages) {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final String NONE = "-";

  /** The place in the file behind it. */
  long end() {
    return offset + size;
  }

  /** As a line of the manifest has it. */
  String line() {
    String text = "chunk 0x" + Long.toHexString(base) + ' ' + size;
    return pages == null ? text : text + ' ' + runs(pages);
  }

  private static String runs(BitSet pages) {
    StringBuilder text = new StringBuilder();
    for (int first = pages.nextSetBit(0); first >= 0;) {
      int next = pages.nextClearBit(first);
      text.append(text.isEmpty() ? "" : ",").append(first).append('-').append(next - 1);
      first = pages.nextSetBit(next);
    }
    return text.isEmpty() ? NONE : text.toString();
  }

  /**
   * Reads a line.
   *
   * @param fields of it
   * @param last   the one before; null if there is none
   * @throws IllegalArgumentException if it isn't one, or none that can follow that; the message says why
   */
  static RamChunk of(String[] fields, RamChunk last) {
    long base = fields[1].startsWith("0x") ? Long.parseUnsignedLong(fields[1].substring(2), 16) : -1;
    int size = Integer.parseInt(fields[2]);
    if (size < PAGE || Integer.bitCount(size) != 1 || base % size != 0) {
      throw new IllegalArgumentException("a chunk of RAM at " + fields[1] + " with " + size
          + " bytes: expected a power of two at a multiple of it");
    }
    // A chunk that comes again and again costs a damaged file nothing, and the host hours.
    if (last != null && Long.compareUnsigned(base, last.base + last.size) < 0) {
      throw new IllegalArgumentException("a chunk of RAM at " + fields[1] + ", out of order");
    }
    return new RamChunk(base, size, last == null ? 0 : last.end(), fields.length > 3 ? pages(fields[3], size / PAGE) : null);
  }

  private static BitSet pages(String text, int count) {
    BitSet pages = new BitSet();
    if (text.equals(NONE)) {
      return pages;
    }
    for (String run : text.split(",", -1)) {
      String[] ends = run.split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = ends.length == 2 ? Integer.parseInt(ends[1]) : -1;
      if (first < pages.length() || last < first || last >= count) {
        throw new IllegalArgumentException("pages '" + RecordText.shown(run) + "' of a chunk of RAM that has " + count);
      }
      pages.set(first, last + 1);
    }
    return pages;
  }
}
