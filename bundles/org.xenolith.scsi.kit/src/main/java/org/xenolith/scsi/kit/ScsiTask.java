// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

/** A command under way, its data and what comes of it; used again for the next one. */
public final class ScsiTask {
  /** Most bytes of a command. */
  public static final int LONGEST_CDB = 32;
  /** Status: it was done. */
  public static final int GOOD = 0x00;
  /** Status: it was not; sense data tell why. */
  public static final int CHECK_CONDITION = 0x02;

  final byte[] cdb = new byte[LONGEST_CDB];
  private final byte[] sense = new byte[Sense.LENGTH];
  ScsiData data;
  private int status;
  private boolean overrun;
  private long worked;

  /** The command, for its transport to fill in; what is behind its own length has no meaning. */
  public byte[] cdb() {
    return cdb;
  }

  /** Begins the command that is in {@link #cdb}. */
  public ScsiTask begin(ScsiData newData) {
    data = newData;
    status = GOOD;
    overrun = false;
    worked = 0;
    return this;
  }

  /** {@link #GOOD} or {@link #CHECK_CONDITION}. */
  public int status() {
    return status;
  }

  /** Sense data in the fixed format, {@link Sense#LENGTH} bytes; they mean something only with {@link #CHECK_CONDITION}. */
  public byte[] sense() {
    return sense;
  }

  /** Whether the command moves more than there are bytes or room; it had no effect then. */
  public boolean overrun() {
    return overrun;
  }

  /** Bytes of the medium that the command has read, written or compared so far: what it is to the host. */
  public long worked() {
    return worked;
  }

  // ---- For whoever carries it out

  /** Bytes of the medium were read, written or compared. */
  void works(long bytes) {
    worked += bytes;
  }

  int opcode() {
    return cdb[0] & 0xFF;
  }

  /** An unsigned field. */
  long field(int offset, int size) {
    return Bytes.get(cdb, offset, size);
  }

  boolean bit(int offset, int mask) {
    return (cdb[offset] & mask) != 0;
  }

  /** It isn't done, and why. */
  void fail(Sense why) {
    fail(why, -1);
  }

  /** It isn't done, and why. @param block the one that it is about */
  void fail(Sense why, long block) {
    status = CHECK_CONDITION;
    why.write(sense, block);
  }

  /** Whether there are as many bytes; if not, the task has overrun. */
  boolean gives(long bytes) {
    overrun |= data.outLeft() < bytes;
    return !overrun;
  }

  /** Whether there is room for as many bytes; if not, the task has overrun. */
  boolean takes(long bytes) {
    overrun |= data.inLeft() < bytes;
    return !overrun;
  }

  /** Gives the initiator as much of an answer as it has asked for. @param allocated what its allocation length says */
  void answer(byte[] answer, int length, long allocated) {
    int count = (int) Math.min(length, allocated);
    if (takes(count)) {
      data.put(answer, 0, count);
    }
  }
}
