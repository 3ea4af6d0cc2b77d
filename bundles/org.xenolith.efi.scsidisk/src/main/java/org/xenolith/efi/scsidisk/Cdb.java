// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

/**
 * A command descriptor block (SPC-5, 4.2.5), whose numbers have their most significant byte first.
 *
 * @param size bytes: 6, 10 or 16
 * @param low  its first 8 bytes, the first in the lowest bits
 * @param high its last 8 bytes
 */
record Cdb(int size, long low, long high) {
  private static final int TEST_UNIT_READY = 0x00;
  private static final int MODE_SENSE_6 = 0x1A;
  private static final int READ_CAPACITY_10 = 0x25;
  private static final int READ_10 = 0x28;
  private static final int WRITE_10 = 0x2A;
  private static final int SYNCHRONIZE_CACHE_10 = 0x35;
  private static final int READ_16 = 0x88;
  private static final int WRITE_16 = 0x8A;
  private static final int SERVICE_ACTION_IN_16 = 0x9E;
  private static final int READ_CAPACITY_16 = 0x10;
  private static final long ALL_PAGES = 0x3F;

  /** Asks whether a unit is ready. */
  static Cdb testUnitReady() {
    return new Cdb(6, TEST_UNIT_READY, 0);
  }

  /** Asks for a header of mode parameters. @param room bytes */
  static Cdb modeSense(int room) {
    return new Cdb(6, MODE_SENSE_6 | ALL_PAGES << 16 | (long) room << 32, 0);
  }

  /** Asks for the last block and the size of blocks. */
  static Cdb readCapacity() {
    return new Cdb(10, READ_CAPACITY_10, 0);
  }

  /** The same with 64 bits. @param room bytes */
  static Cdb readLongCapacity(int room) {
    return new Cdb(16, SERVICE_ACTION_IN_16 | READ_CAPACITY_16 << 8, (Integer.reverseBytes(room) & 0xFFFF_FFFFL) << 16);
  }

  /** Writes caches out. */
  static Cdb synchronizeCache() {
    return new Cdb(10, SYNCHRONIZE_CACHE_10, 0);
  }

  /** Reads or writes blocks, as short as it can. @param count 1 to 65535 */
  static Cdb transfer(boolean writes, long first, long count) {
    if (first + count <= 1L << 32) {
      long address = Integer.reverseBytes((int) first) & 0xFFFF_FFFFL;
      long length = Short.reverseBytes((short) count) & 0xFFFFL;
      return new Cdb(10, (writes ? WRITE_10 : READ_10) | address << 16 | (length & 0xFF) << 56, length >>> 8);
    }
    long address = Long.reverseBytes(first);
    long length = Integer.reverseBytes((int) count) & 0xFFFF_FFFFL;
    return new Cdb(16, (writes ? WRITE_16 : READ_16) | address << 16, address >>> 48 | length << 16);
  }
}
