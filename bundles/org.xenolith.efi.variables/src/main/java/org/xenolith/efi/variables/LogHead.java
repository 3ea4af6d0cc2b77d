// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.xenolith.block.api.BlockDevice;

/**
 * The first sector of a medium, and the one behind the log: which medium this is and how it is divided. It is written when the medium is
 * used first and never changes. Little-endian: "XENLVARS", u32 CRC32C of the bytes behind it, u32 version 1, u32 sectors of each half.
 *
 * @param half sectors of each half of the log; the first one begins behind this head
 */
record LogHead(int half) {
  private static final byte[] MAGIC = "XENLVARS".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int CHECKED = 12;
  private static final int SMALLEST_HALF = 16;
  /** 8 MiB: a log is read as a whole. */
  private static final int LARGEST_HALF = 16_384;
  /** Sectors of the smallest medium. */
  static final int SMALLEST = 2 + 2 * SMALLEST_HALF;

  /** How a medium of so many sectors is divided; null if it is too small. */
  static LogHead of(long sectors) {
    return sectors < SMALLEST ? null : new LogHead((int) Math.min(LARGEST_HALF, (sectors - 2) / 2));
  }

  /** Sectors that are used, both heads included. */
  long sectors() {
    return 2L + 2L * half;
  }

  /** Where the copy of this head is. */
  long copy() {
    return 1L + 2L * half;
  }

  /** Where the half of a generation begins. */
  long start(long generation) {
    return 1 + (generation & 1) * half;
  }

  byte[] toBytes() {
    byte[] sector = new byte[BlockDevice.SECTOR];
    ByteBuffer out = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putInt(0).putInt(VERSION).putInt(half);
    out.putInt(MAGIC.length, crc(sector));
    return sector;
  }

  /** The head in a sector; null if it is none, see {@link #reason}. */
  static LogHead read(byte[] sector) {
    return reason(sector) == null ? new LogHead(half(sector)) : null;
  }

  private static int half(byte[] sector) {
    return ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN).getInt(16);
  }

  /** Why a sector is no head; null if it is one. */
  static String reason(byte[] sector) {
    ByteBuffer in = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
    if (!Arrays.equals(MAGIC, Arrays.copyOf(sector, MAGIC.length))) {
      return LogFrame.isBlank(sector, 0) ? "it is blank" : "it isn't the head of a variable store";
    } else if (in.getInt(8) != crc(sector)) {
      return "its CRC32C is 0x%08x and should be 0x%08x".formatted(in.getInt(8), crc(sector));
    } else if (in.getInt(12) != VERSION) {
      return "it is of version " + in.getInt(12) + ", and this is " + VERSION;
    }
    int half = half(sector);
    return half >= SMALLEST_HALF && half <= LARGEST_HALF ? null : "it divides the store into halves of " + half + " sectors";
  }

  private static int crc(byte[] sector) {
    CRC32C crc = new CRC32C();
    crc.update(sector, CHECKED, sector.length - CHECKED);
    return (int) crc.getValue();
  }
}
