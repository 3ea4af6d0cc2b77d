// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** The configuration of the device (Virtual I/O Device 1.2, 5.6.4): what it is, and the two sizes that the driver may choose. */
final class Settings {
  /** Most bytes of a command, as the field for it has them. */
  static final int LONGEST_CDB = 255;
  /** Most bytes of sense data. */
  static final int LONGEST_SENSE = 255;
  /** Bytes of an event. */
  static final int EVENT = 16;
  static final int LENGTH = 36;
  private static final int SENSE_SIZE = 20;
  private static final int CDB_SIZE = 24;
  private static final int USUAL_SENSE = 96;
  private static final int USUAL_CDB = 32;

  private final LongCell senseSize;
  private final LongCell cdbSize;
  private final byte[] fields = new byte[LENGTH];

  /**
   * The fields.
   *
   * @param queues  request queues
   * @param entries of each, as many as there may be commands under way
   * @param targets that there may be
   */
  Settings(DeviceState state, int queues, int entries, int targets) {
    senseSize = state.cell("sense-size", USUAL_SENSE);
    cdbSize = state.cell("cdb-size", USUAL_CDB);
    put(fields, 0, 4, queues);
    put(fields, 4, 4, entries - 2); // Segments beside header and response.
    put(fields, 8, 4, 0xFFFF); // Most sectors of a command.
    put(fields, 12, 4, entries / 2); // Commands under way for a unit.
    put(fields, 16, 4, EVENT);
    put(fields, 30, 2, targets - 1);
    put(fields, 32, 4, 0x3FFF); // The last LUN that may be asked for.
  }

  int senseSize() {
    return (int) senseSize.value;
  }

  int cdbSize() {
    return (int) cdbSize.value;
  }

  /** The driver has reset the device. */
  void clear() {
    senseSize.value = USUAL_SENSE;
    cdbSize.value = USUAL_CDB;
  }

  long read(int offset, int size) {
    put(fields, SENSE_SIZE, 4, senseSize.value);
    put(fields, CDB_SIZE, 4, cdbSize.value);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      int at = offset + i;
      value = value << 8 | (at >= 0 && at < LENGTH ? fields[at] & 0xFF : 0);
    }
    return value;
  }

  /** Legacy drivers write byte by byte. @return false if that can't be */
  boolean write(int offset, int size, long value) {
    boolean sense = offset >= SENSE_SIZE && offset + size <= SENSE_SIZE + 4;
    boolean cdb = offset >= CDB_SIZE && offset + size <= CDB_SIZE + 4;
    LongCell cell = sense ? senseSize : cdbSize;
    int shift = 8 * (offset - (sense ? SENSE_SIZE : CDB_SIZE));
    if (!sense && !cdb) {
      return false;
    }
    long mask = (1L << 8 * size) - 1;
    long merged = cell.value & ~(mask << shift) | (value & mask) << shift;
    boolean possible = merged <= (sense ? LONGEST_SENSE : LONGEST_CDB) && (sense || merged > 0);
    cell.value = possible ? merged : cell.value;
    return possible;
  }

  /** A little-endian field. */
  static void put(byte[] bytes, int offset, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[offset + i] = (byte) (value >>> 8 * i);
    }
  }

  /** A little-endian field. */
  static long get(byte[] bytes, int offset, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[offset + i] & 0xFF;
    }
    return value;
  }
}
