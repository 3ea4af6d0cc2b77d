// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A logical unit of SCSI for tests of hosts: it keeps the commands that come, and answers each as it was told. */
public final class FakeScsiUnit {
  /**
   * What came.
   *
   * @param block the command descriptor block, and zeros behind it if a host sends more
   * @param data  what goes to the unit
   * @param room  bytes that it may give
   */
  public record Command(byte[] block, byte[] data, int room) {}

  /**
   * What the unit answers.
   *
   * @param data   what it gives, no more than there is room
   * @param taken  bytes that it took of what goes to it
   * @param status its status (SAM-5, 5.3.1)
   * @param sense  its sense data
   */
  public record Answer(byte[] data, int taken, int status, byte[] sense) {
    /** Bytes that it gave or took. */
    public int moved() {
      return data.length + taken;
    }
  }

  private final List<Command> commands = new ArrayList<>();
  private int most = Integer.MAX_VALUE;
  private int status;
  private byte[] sense = {};

  /** The commands that came so far. */
  public List<Command> commands() {
    return commands;
  }

  /** From now on it gives and takes no more than so many bytes. */
  public void moves(int bytes) {
    most = bytes;
  }

  /** What it says of commands from now on. */
  public void says(int code, byte[] data) {
    status = code;
    sense = data.clone();
  }

  /** What it gives if there is room for so many bytes. */
  public byte[] gives(int room) {
    byte[] bytes = new byte[Math.min(room, most)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + 1 ^ i >> 8);
    }
    return bytes;
  }

  /** A command comes. */
  public Answer execute(byte[] block, byte[] data, int room) {
    commands.add(new Command(block.clone(), data.clone(), room));
    return new Answer(gives(room), Math.min(data.length, most), status, sense.clone());
  }

  /** Forgets the commands that came. */
  public void forget() {
    commands.clear();
  }

  /** Whether a block is what came last, with nothing but zeros behind it. */
  public boolean got(byte[] block) {
    byte[] last = commands.getLast().block;
    return last.length >= block.length && Arrays.equals(Arrays.copyOf(block, last.length), last);
  }
}
