// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;

/**
 * Where a PVH guest has memory: RAM from 0 to the hole below 4 GiB that local interrupt controllers and tables are in, the rest from 4 GiB on, and eight special pages at the hole's end (libxenguest's
 * places, which are no ABI: guests find them by parameters).
 *
 * @param low  RAM below the hole, in bytes
 * @param high RAM from 4 GiB on, in bytes
 */
record PvhMap(long low, long high) {
  private static final long PAGE = 4096;
  private static final long HOLE = 0xF000_0000L;
  private static final long FOUR_GIB = 1L << 32;
  /** Where tables are. */
  static final long TABLES = 0xFC00_0000L;
  /** Bytes that there are for tables. */
  static final long TABLES_SIZE = 4 * PAGE;
  private static final int ACPI = 3;
  private static final long SPECIAL_END = 0xFF00_0000L;
  private static final long SPECIAL = SPECIAL_END - 8 * PAGE;
  /** The page of the console's ring. */
  static final long CONSOLE = SPECIAL + 7 * PAGE;
  /** The page of the store's ring. */
  static final long STORE = SPECIAL + 4 * PAGE;

  /** Addresses. */
  record Range(long from, long size) {}

  /**
   * The map of a guest.
   *
   * @param bytes of RAM, a multiple of 4 KiB
   * @throws IllegalArgumentException if it isn't
   */
  static PvhMap of(long bytes) {
    if (bytes <= 0 || bytes % PAGE != 0) {
      throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB, got " + bytes + " bytes");
    }
    return new PvhMap(Math.min(bytes, HOLE), Math.max(0, bytes - HOLE));
  }

  /** What is populated. */
  List<Range> populated() {
    List<Range> all = new ArrayList<>();
    all.add(new Range(0, low));
    if (high > 0) {
      all.add(new Range(FOUR_GIB, high));
    }
    all.add(new Range(TABLES, TABLES_SIZE));
    all.add(new Range(SPECIAL, SPECIAL_END - SPECIAL));
    return all;
  }

  /** What the guest is told. */
  List<MemoryEntry> entries() {
    List<MemoryEntry> all = new ArrayList<>();
    all.add(new MemoryEntry(0, low, MemoryEntry.RAM));
    all.add(new MemoryEntry(TABLES, TABLES_SIZE, ACPI));
    all.add(new MemoryEntry(SPECIAL, SPECIAL_END - SPECIAL, MemoryEntry.RESERVED));
    if (high > 0) {
      all.add(new MemoryEntry(FOUR_GIB, high, MemoryEntry.RAM));
    }
    return all;
  }
}
