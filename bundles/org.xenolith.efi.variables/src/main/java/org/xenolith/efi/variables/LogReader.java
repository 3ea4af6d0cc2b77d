// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.efi.variables.LogPosition.Condition;
import org.xenolith.efi.variables.LogRecord.Kind;

/** Reads a medium, whatever is on it, and changes nothing. */
final class LogReader {
  private static final int CHUNK = 64;

  private final BlockDevice disk;
  private final List<String> findings = new ArrayList<>();
  private final LogContents contents = new LogContents();
  /** Of both halves, by sector from 1 on: the frame, or null and why there is none; neither where it is blank or behind the end. */
  private LogFrame[] frames;
  private String[] reasons;

  /**
   * What was read.
   *
   * @param position where the log goes on
   * @param contents what it says
   * @param findings what is damaged: where, why, and what that means
   */
  record Found(LogPosition position, LogContents contents, List<String> findings) {}

  /** A record all of whose sectors are there, from a sector on. */
  private record Whole(int at, LogFrame first, byte[] payload) {
    int end() {
      return at + first.count();
    }

    /** Whether a generation counts: its checkpoint is complete, or something is behind that. */
    boolean establishes() {
      return first.kind() == Kind.CHECKPOINT || !first.checkpoint();
    }
  }

  private LogReader(BlockDevice disk) {
    this.disk = disk;
  }

  /** Reads all of it. */
  static Found read(BlockDevice disk) {
    LogReader reader = new LogReader(disk);
    LogPosition position = reader.position();
    return new Found(position, reader.contents, List.copyOf(reader.findings));
  }

  private LogPosition position() {
    LogHead expected = LogHead.of(disk.sectors());
    byte[] first = disk.sectors() == 0 ? null : sector(0);
    byte[] copy = expected == null ? null : sector(expected.copy());
    String damage = first == null ? "it can't be read" : LogHead.reason(first);
    if (damage != null && expected == null) {
      findings.add("the medium has " + disk.sectors() * BlockDevice.SECTOR + " bytes, and a variable store needs "
          + LogHead.SMALLEST * BlockDevice.SECTOR + " at least; attach a larger one");
      return LogPosition.of(Condition.SEALED, 0);
    }
    LogHead head = damage == null ? LogHead.read(first) : copy == null ? null : LogHead.read(copy);
    if (head == null) {
      return withoutHead(expected, first, copy, damage);
    }
    if (damage != null) {
      findings.add("offset 0: the head is damaged, " + damage + "; its copy at offset " + offset(expected.copy()) + " is used");
    }
    scan(head, Math.min(head.sectors(), disk.sectors()));
    boolean cut = disk.sectors() < head.sectors();
    if (cut) {
      findings.add("offset " + offset(disk.sectors()) + ": the medium ends here, and the variable store has " + offset(head.sectors())
          + " bytes; what was behind is lost, and nothing is written until it has its length again");
    }
    return position(head, cut);
  }

  /** What was never used, or was killed in its first write, is blank; anything else isn't touched. */
  private LogPosition withoutHead(LogHead expected, byte[] first, byte[] copy, String damage) {
    byte[] begun = VariableLog.marks(VariableLog.FIRST, VariableLog.FIRST);
    boolean blank = first != null && copy != null && LogFrame.isBlank(first, 0) && isBegun(copy, expected.toBytes());
    for (long at = 1; blank && at < expected.copy(); at++) {
      byte[] sector = sector(at);
      long mark = at - expected.start(VariableLog.FIRST);
      blank = sector != null && (mark >= 0 && mark < VariableLog.MARKS
          ? isBegun(sector, Arrays.copyOfRange(begun, (int) mark * BlockDevice.SECTOR, (int) (mark + 1) * BlockDevice.SECTOR))
          : LogFrame.isBlank(sector, 0));
    }
    if (blank) {
      return LogPosition.of(Condition.BLANK, expected.half());
    }
    findings.add("offset 0: neither this is the head of a variable store (" + damage + ") nor its copy at offset "
        + offset(expected.copy()) + " (" + (copy == null ? "it can't be read" : LogHead.reason(copy))
        + "); nothing is read or written. Attach another medium, or a blank one");
    return LogPosition.of(Condition.SEALED, expected.half());
  }

  /** Whether these are the first bytes of others, and zeros behind. */
  private static boolean isBegun(byte[] sector, byte[] whole) {
    int same = Arrays.mismatch(sector, whole);
    if (same < 0) {
      return true;
    }
    for (int i = same; i < sector.length; i++) {
      if (sector[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void scan(LogHead head, long end) {
    frames = new LogFrame[2 * head.half() + 1];
    reasons = new String[frames.length];
    byte[] chunk = new byte[CHUNK * BlockDevice.SECTOR];
    for (int at = 1; at < Math.min(end, frames.length); at += CHUNK) {
      int count = (int) Math.min(CHUNK, Math.min(end, frames.length) - at);
      try {
        disk.read(at, chunk, 0, count);
        for (int i = 0; i < count; i++) {
          put(at + i, chunk, i * BlockDevice.SECTOR);
        }
      } catch (IOException e) {
        for (int i = 0; i < count; i++) {
          one(at + i);
        }
      }
    }
  }

  private void one(int at) {
    byte[] bytes = new byte[BlockDevice.SECTOR];
    try {
      disk.read(at, bytes, 0, 1);
      put(at, bytes, 0);
    } catch (IOException e) {
      reasons[at] = "it can't be read: " + e.getMessage(); // own words: what BlockDevice says
    }
  }

  private void put(int at, byte[] bytes, int offset) {
    frames[at] = LogFrame.read(bytes, offset);
    reasons[at] = frames[at] == null && !LogFrame.isBlank(bytes, offset) ? LogFrame.reason(bytes, offset) : null;
  }

  private byte[] sector(long at) {
    byte[] bytes = new byte[BlockDevice.SECTOR];
    try {
      disk.read(at, bytes, 0, 1);
      return bytes;
    } catch (IOException e) {
      return null;
    }
  }

  private LogPosition position(LogHead head, boolean cut) {
    long newest = 0;
    long sequence = 0;
    for (LogFrame frame : frames) {
      if (frame != null) {
        newest = Math.max(newest, frame.generation());
        sequence = Math.max(sequence, frame.sequence());
      }
    }
    List<Whole> whole = new ArrayList<>(whole(head, 0));
    whole.addAll(whole(head, 1));
    long generation = whole.stream().filter(Whole::establishes).mapToLong(record -> record.first.generation()).max().orElse(0);
    if (generation == 0) {
      findings.add("offset " + offset(1) + ": there is no complete checkpoint (" + reason((int) head.start(VariableLog.FIRST))
          + "); nothing is read or written. Attach another medium, or a blank one");
      return LogPosition.of(Condition.SEALED, head.half());
    }
    int next = replay(head, generation, whole.stream().filter(record -> record.first.generation() == generation).toList());
    return new LogPosition(cut ? Condition.SEALED : Condition.READY, head.half(), generation, newest, sequence + 1, next, false);
  }

  /** The whole records of a half, from its beginning to its end. */
  private List<Whole> whole(LogHead head, int parity) {
    List<Whole> whole = new ArrayList<>();
    int start = (int) head.start(parity);
    for (int at = start; at < start + head.half(); at++) {
      LogFrame first = frames[at];
      if (first != null && first.index() == 0 && (first.generation() & 1) == parity) {
        byte[] payload = payload(at, start + head.half());
        if (payload != null) {
          whole.add(new Whole(at, first, payload));
          at += first.count() - 1;
        }
      }
    }
    return whole;
  }

  /** What a record holds that begins in a sector; null if one of its sectors isn't there. */
  private byte[] payload(int at, int end) {
    LogFrame first = frames[at];
    if (first.count() == 0 || at + first.count() > end) {
      return null;
    }
    byte[] payload = new byte[0];
    for (int i = 0; i < first.count(); i++) {
      LogFrame part = frames[at + i];
      if (part == null || !part.continues(first, i)) {
        return null;
      }
      int before = payload.length;
      payload = Arrays.copyOf(payload, before + part.payload().length);
      System.arraycopy(part.payload(), 0, payload, before, part.payload().length);
    }
    return payload;
  }

  /** Takes the records of the generation in order, and says what isn't one among them. Returns where the next one goes. */
  private int replay(LogHead head, long generation, List<Whole> records) {
    int start = (int) head.start(generation);
    int at = start;
    long last = 0;
    for (Whole record : records) {
      // What an earlier write left that failed, or was killed, has a lower number than what is before it.
      if (record.first.sequence() > last) {
        lost(at, record.at, "what it held is lost, records behind it are read");
        apply(record);
        last = record.first.sequence();
        at = record.end();
      }
    }
    int end = at;
    while (end < start + head.half() && isTorn(end, generation, last)) {
      end++;
    }
    lost(at, end, "the last write isn't whole, and is left out");
    return at - start;
  }

  /** Whether a sector behind the last record is the rest of a later one. */
  private boolean isTorn(int at, long generation, long last) {
    LogFrame frame = frames[at];
    return frame == null ? reasons[at] != null : frame.generation() == generation && frame.sequence() > last;
  }

  private void lost(int from, int to, String meaning) {
    if (from < to) {
      LogFrame frame = frames[from];
      findings.add("offset " + offset(from) + ": " + (to - from) + (to - from == 1 ? " sector of the log is" : " sectors of the log are")
          + " damaged, " + (frame == null ? reason(from)
              : "part " + (frame.index() + 1) + " of " + frame.count() + " of a record that isn't whole") + "; " + meaning);
    }
  }

  private String reason(int at) {
    return reasons[at] != null ? reasons[at] : frames[at] == null ? "it is blank" : "there is another record";
  }

  private void apply(Whole record) {
    try {
      contents.apply(new LogRecord(record.first.kind(), record.payload));
    } catch (IllegalArgumentException e) {
      findings.add("offset " + offset(record.at) + ": the record can't be read: " + e.getMessage());
    }
  }

  private static String offset(long sector) {
    return "0x" + Long.toHexString(sector * BlockDevice.SECTOR);
  }
}
