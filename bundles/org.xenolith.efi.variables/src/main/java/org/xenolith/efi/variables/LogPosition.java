// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.nio.ByteBuffer;

/**
 * Where the next record goes. What a log knows besides its disk, so that it goes on in another version and from a snapshot.
 *
 * @param condition  what can be done with the medium
 * @param half       sectors of each half
 * @param generation which counts
 * @param newest     the highest that was ever begun on this medium
 * @param sequence   of the next record
 * @param next       sector in the half of the generation
 * @param renew      whether the next write is to begin a generation: the last one that was begun may be there or not
 */
record LogPosition(Condition condition, int half, long generation, long newest, long sequence, int next, boolean renew) {
  private static final int SIZE = 7 * Long.BYTES;

  /** What can be done with a medium; the ordinal is in snapshots. */
  enum Condition {
    /** There is none. */
    ABSENT,
    /** It is blank; the first write makes a log of it. */
    BLANK,
    /** It is read and written. */
    READY,
    /** It can't be read, or not as a whole: a write would lose what may be mended. */
    SEALED
  }

  /** Of a medium without a log. */
  static LogPosition of(Condition condition, int half) {
    return new LogPosition(condition, half, 0, 0, 1, 0, false);
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(SIZE).putLong(condition.ordinal()).putLong(half).putLong(generation).putLong(newest).putLong(sequence)
        .putLong(next).putLong(renew ? 1 : 0).array();
  }

  /** @throws IllegalArgumentException if these can't be the numbers of one */
  static LogPosition ofBytes(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("the position of a log has " + SIZE + " bytes, got " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long condition = in.getLong();
    long half = in.getLong();
    LogPosition position = new LogPosition(Condition.values()[Math.clamp(condition, 0, Condition.values().length - 1)], (int) half,
        in.getLong(), in.getLong(), in.getLong(), (int) in.getLong(), in.getLong() != 0);
    if (condition != position.condition.ordinal() || half < 0 || half != position.half || position.next < 0 || position.next > half
        || position.generation < 0 || position.newest < position.generation || position.sequence < 1) {
      throw new IllegalArgumentException("no log has the position " + position);
    }
    return position;
  }
}
