// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.efi.variables.LogPosition.Condition;

/**
 * Non-volatile variables on a disk. A change is a record behind the others; it is there when its last byte is. The disk has two halves:
 * when one is full, all that there is goes into the other as a checkpoint of the next generation, which counts from its last record on. So
 * a process that is killed at any byte leaves all changes that were acknowledged, and of the one in progress all or nothing.
 *
 * <p>A write that fails may be on the disk or not, as with any disk; it isn't in memory, and the next one takes its place.
 */
final class VariableLog {
  /** Number of the first generation, and of its first record. */
  static final long FIRST = 1;
  /** A checkpoint ends with this many sectors that say so: damage to one of them loses nothing. */
  static final int MARKS = 2;
  /** Sectors of a half that variables can't have: the end of a checkpoint, and the counter. */
  private static final int RESERVED = MARKS + 1;

  private final BlockDevice disk;
  private LogPosition position;

  /** Goes on where a position says; the disk must be the one that it was made with. */
  VariableLog(BlockDevice disk, LogPosition position) {
    this.disk = disk;
    this.position = position;
  }

  LogPosition position() {
    return position;
  }

  /** Sectors that all variables together may take. */
  static int capacity(LogPosition position) {
    return Math.max(0, position.half() - RESERVED);
  }

  /**
   * Makes a change durable.
   *
   * @param after what there is with it; asked if all of it must be written
   * @throws IOException if it can't be written; then it hasn't happened
   */
  void write(LogRecord change, Supplier<LogContents> after) throws IOException {
    if (position.condition() == Condition.SEALED) {
      throw new IOException("the medium is damaged and takes no writes, see the event of when it was attached");
    }
    LogHead head = new LogHead(position.half());
    if (position.condition() == Condition.BLANK) {
      format(head);
    }
    if (!position.renew() && position.next() + change.sectors() <= position.half()) {
      append(head, change);
    } else {
      checkpoint(head, after.get());
    }
  }

  private void append(LogHead head, LogRecord change) throws IOException {
    LogPosition p = position;
    byte[] sectors = LogFrame.sectors(change, p.generation(), p.sequence(), false);
    position = new LogPosition(p.condition(), p.half(), p.generation(), p.newest(), p.sequence() + 1, p.next(), false);
    disk.write(head.start(p.generation()) + p.next(), sectors, 0, change.sectors());
    disk.flush();
    position = new LogPosition(p.condition(), p.half(), p.generation(), p.newest(), p.sequence() + 1, p.next() + change.sectors(), false);
  }

  /** The last step counts: until then the generation before this one does. */
  private void checkpoint(LogHead head, LogContents contents) throws IOException {
    mend(head);
    LogPosition p = position;
    long generation = p.newest() + ((p.newest() + 1 - p.generation() & 1) == 1 ? 1 : 2);
    long sequence = p.sequence();
    // Whether or not this succeeds, its numbers aren't used again.
    int records = contents.records().size() + MARKS;
    position = new LogPosition(p.condition(), p.half(), p.generation(), generation, sequence + records, p.next(), true);
    if (p.renew()) {
      forget(head.start(generation), p);
    }
    int at = 0;
    for (LogRecord record : contents.records()) {
      if (at + record.sectors() + MARKS > p.half()) {
        throw new IOException("the checkpoint needs more than " + p.half() + " sectors");
      }
      disk.write(head.start(generation) + at, LogFrame.sectors(record, generation, sequence++, true), 0, record.sectors());
      at += record.sectors();
    }
    disk.flush();
    disk.write(head.start(generation) + at, marks(generation, sequence), 0, MARKS);
    disk.flush();
    position = new LogPosition(p.condition(), p.half(), generation, generation, sequence + MARKS, at + MARKS, false);
  }

  /** A checkpoint that failed may be there all the same: it mustn't count any more when its sectors are written over. */
  private void forget(long start, LogPosition before) throws IOException {
    byte[] sector = new byte[BlockDevice.SECTOR];
    for (int i = 0; i < before.half(); i++) {
      disk.read(start + i, sector, 0, 1);
      LogFrame frame = LogFrame.read(sector, 0);
      if (frame != null && frame.kind() == LogRecord.Kind.CHECKPOINT && frame.generation() > before.generation()) {
        disk.write(start + i, new byte[BlockDevice.SECTOR], 0, 1);
      }
    }
    disk.flush();
  }

  /** The sectors that say that a checkpoint is complete; the first number is the first record's. */
  static byte[] marks(long generation, long sequence) {
    byte[] marks = new byte[MARKS * BlockDevice.SECTOR];
    for (int i = 0; i < MARKS; i++) {
      System.arraycopy(LogFrame.sectors(LogRecord.checkpoint(), generation, sequence + i, true), 0, marks, i * BlockDevice.SECTOR,
          BlockDevice.SECTOR);
    }
    return marks;
  }

  /** Whatever is killed here leaves a medium that is blank, or one that has all of this. */
  private void format(LogHead head) throws IOException {
    disk.write(head.start(FIRST), marks(FIRST, FIRST), 0, MARKS);
    disk.flush();
    disk.write(head.copy(), head.toBytes(), 0, 1);
    disk.flush();
    disk.write(0, head.toBytes(), 0, 1);
    disk.flush();
    position = new LogPosition(Condition.READY, head.half(), FIRST, FIRST, FIRST + MARKS, MARKS, false);
  }

  /** Writes a head again that is damaged. */
  private void mend(LogHead head) throws IOException {
    byte[] whole = head.toBytes();
    byte[] there = new byte[BlockDevice.SECTOR];
    for (long at : new long[] {0, head.copy()}) {
      disk.read(at, there, 0, 1);
      if (!Arrays.equals(whole, there)) {
        disk.write(at, whole, 0, 1);
        disk.flush();
      }
    }
  }
}
