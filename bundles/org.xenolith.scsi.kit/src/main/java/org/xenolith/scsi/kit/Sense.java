// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.util.Arrays;

/** Why a command didn't do what it was to do: sense key, additional sense code and its qualifier (SPC-4, 4.5.6 and annex F). */
public enum Sense {
  /** Nothing to tell. */
  NO_SENSE(0, 0, 0),
  /** Stopped; START STOP UNIT is needed. */
  NOT_STARTED(2, 0x04, 0x02),
  /** No disc, and the tray is open. */
  TRAY_OPEN(2, 0x3A, 0x02),
  /** The medium can't be written. */
  WRITE_ERROR(3, 0x0C, 0x00),
  /** The medium can't be read. */
  READ_ERROR(3, 0x11, 0x00),
  /** Fewer bytes came with the command than it says. */
  PARAMETER_LIST_LENGTH(5, 0x1A, 0x00),
  /** No such command. */
  INVALID_OPCODE(5, 0x20, 0x00),
  /** A block that isn't there. */
  OUT_OF_RANGE(5, 0x21, 0x00),
  /** A field of the command makes no sense. */
  INVALID_FIELD(5, 0x24, 0x00),
  /** Nobody is at this number. */
  NO_SUCH_UNIT(5, 0x25, 0x00),
  /** A field of what came with the command makes no sense. */
  INVALID_PARAMETER(5, 0x26, 0x00),
  /** Nothing is kept over a loss of power. */
  NOTHING_SAVED(5, 0x39, 0x00),
  /** The initiator has forbidden to take the medium out. */
  REMOVAL_PREVENTED(5, 0x53, 0x02),
  /** There may be another medium. */
  MEDIUM_CHANGED(6, 0x28, 0x00),
  /** The unit was switched on or reset. */
  POWER_ON(6, 0x29, 0x00),
  /** The unit was reset by task management. */
  UNIT_RESET(6, 0x29, 0x03),
  /** What MODE SENSE tells has changed. */
  MODE_CHANGED(6, 0x2A, 0x01),
  /** It can't be written. */
  WRITE_PROTECTED(7, 0x27, 0x00),
  /** What is on the medium isn't what was to be there. */
  MISCOMPARE(14, 0x1D, 0x00);

  /** Bytes of sense data in the fixed format. */
  public static final int LENGTH = 18;
  private static final int CURRENT = 0x70;
  private static final int VALID = 0x80;

  private final int key;
  private final int code;
  private final int qualifier;

  Sense(int key, int code, int qualifier) {
    this.key = key;
    this.code = code;
    this.qualifier = qualifier;
  }

  /**
   * The sense data in the fixed format (SPC-4, 4.5.3).
   *
   * @param into        where they go to, from the first byte on
   * @param information a block's number that goes with it; -1 for none
   */
  public void write(byte[] into, long information) {
    Arrays.fill(into, 0, LENGTH, (byte) 0);
    // A number that doesn't fit isn't told.
    boolean valid = information >= 0 && information <= 0xFFFF_FFFFL;
    into[0] = (byte) (CURRENT | (valid ? VALID : 0));
    into[2] = (byte) key;
    Bytes.put(into, 3, 4, valid ? information : 0);
    into[7] = LENGTH - 8;
    into[12] = (byte) code;
    into[13] = (byte) qualifier;
  }
}
