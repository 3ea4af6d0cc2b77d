// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import org.xenolith.hyp.kit.MachineMemory;

/**
 * The device table in frames of the hypervisor (48882, 2.2.2). Each entry is valid: what isn't attached may neither read nor write, and none of
 * its messages pass, so that what it tries is an event.
 */
final class DeviceTable {
  /** Log2 of the bytes of an entry. */
  private static final int ENTRY_SHIFT = 5;
  private static final long VALID = 1;
  /** TV: the entry's words on translation hold. */
  private static final long TRANSLATES = 1 << 1;
  private static final int LEVELS = 9;
  /** Nested tables of 4-level paging. */
  private static final long FOUR_LEVELS = 4L << LEVELS;
  private static final long READ_AND_WRITE = 3L << 61;
  private static final long ROOT = 0xFFFF_FFFF_F000L;
  /** IV: the entry's words on messages hold. With nothing else none pass. */
  private static final long MESSAGES_VALID = 1;
  /** Tables of 256 entries. */
  private static final long MESSAGES_LENGTH = 8 << 1;
  /** IntCtl: messages pass that the table has. */
  private static final long MESSAGES_MAPPED = 2L << 60;
  private static final long MESSAGES = 0xFFFF_FFFF_FFC0L;

  private final MachineMemory memory;
  private long base;
  private long pages;

  DeviceTable(MachineMemory memory) {
    this.memory = memory;
  }

  /** Pages of a table up to a stream. */
  static int pages(long highest) {
    return (int) ((Math.max(0, highest) << ENTRY_SHIFT) >>> 12) + 1;
  }

  /** Where it is. */
  void at(long newBase, long newPages) {
    base = newBase;
    pages = newPages;
  }

  /** Makes it: nobody reaches anything, and no messages pass. */
  void clear() {
    for (long stream = 0; stream < pages << 12 - ENTRY_SHIFT; stream++) {
      memory.write64(entry(stream), VALID | TRANSLATES);
      memory.write64(entry(stream) + 8, 0);
      memory.write64(entry(stream) + 16, MESSAGES_VALID);
      memory.write64(entry(stream) + 24, 0);
    }
  }

  /** DEVICE_TABLE. */
  long register() {
    return base | pages - 1;
  }

  private long entry(long stream) {
    return base + (stream << ENTRY_SHIFT);
  }

  /** Whether the stream has a place in it. */
  boolean covers(long stream) {
    return stream >= 0 && stream < pages << 12 - ENTRY_SHIFT;
  }

  /** The messages of who is no function pass as they are: only the hypervisor writes what an I/O interrupt controller sends. */
  void trustMessages(long stream) {
    if (covers(stream)) {
      memory.write64(entry(stream) + 16, 0);
    }
  }

  /** It reaches nothing any more; its messages are as they were. */
  void closeMemory(long stream) {
    memory.write64(entry(stream), VALID | TRANSLATES);
  }

  /** It reaches what a domain does. Its number was written with its messages. @param tables the number (63:48), and where its tables are */
  void openMemory(long stream, long tables) {
    memory.write64(entry(stream), VALID | TRANSLATES | FOUR_LEVELS | READ_AND_WRITE | tables & ROOT);
  }

  /** Whether it reaches something. */
  boolean opensMemory(long stream) {
    return (memory.read64(entry(stream)) & READ_AND_WRITE) != 0;
  }

  /** It neither reaches anything nor sends anything. */
  void close(long stream) {
    closeMemory(stream);
    memory.write64(entry(stream) + 16, MESSAGES_VALID);
  }

  /**
   * Whose it is, and which messages pass.
   *
   * @param tables   as {@link #openMemory} has it
   * @param messages the table of its messages, of 256 entries
   */
  void give(long stream, long tables, long messages) {
    memory.write64(entry(stream) + 8, tables >>> 48);
    memory.write64(entry(stream) + 16, MESSAGES_VALID | MESSAGES_LENGTH | messages | MESSAGES_MAPPED);
    openMemory(stream, tables);
  }

  /** The table of a stream's messages; 0 if it has none. */
  long messages(long stream) {
    return memory.read64(entry(stream) + 16) & MESSAGES;
  }
}
