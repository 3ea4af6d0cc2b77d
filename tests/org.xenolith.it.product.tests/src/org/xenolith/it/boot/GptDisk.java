// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32;

/** An image of a disk with one partition, as firmware looks for one (UEFI 2.10, 5.3: GUID partition table). */
final class GptDisk {
  /** GUID of the partition. */
  static final String PARTITION = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  private static final String DISK = "11111111-2222-4333-8444-555555555555";
  /** An EFI system partition. */
  private static final String TYPE = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
  private static final int SECTOR = 512;
  private static final int SECTORS = 32768;
  private static final int FIRST = 2048;
  private static final int LAST = 10239;
  private static final int ENTRIES = 128;
  private static final int ENTRY = 128;
  /** Sectors of all entries. */
  private static final int TABLE = ENTRIES * ENTRY / SECTOR;
  private static final int HEADER = 92;

  private GptDisk() {}

  /** Writes it. @return the file */
  static Path write(Path file) throws IOException {
    ByteBuffer disk = ByteBuffer.allocate(SECTORS * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    // the protective master boot record
    disk.put(446 + 4, (byte) 0xee).putInt(446 + 8, 1).putInt(446 + 12, SECTORS - 1).putShort(510, (short) 0xaa55);
    byte[] entries = entries();
    disk.put(2 * SECTOR, entries).put((SECTORS - 1 - TABLE) * SECTOR, entries);
    disk.put(SECTOR, header(1, SECTORS - 1, 2, entries)).put((SECTORS - 1) * SECTOR, header(SECTORS - 1, 1, SECTORS - 1 - TABLE, entries));
    return Files.write(file, disk.array());
  }

  private static byte[] entries() {
    ByteBuffer entries = ByteBuffer.allocate(ENTRIES * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    guid(guid(entries, TYPE), PARTITION).putLong(FIRST).putLong(LAST).putLong(0).put("esp".getBytes(StandardCharsets.UTF_16LE));
    return entries.array();
  }

  private static byte[] header(long own, long other, long table, byte[] entries) {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.put("EFI PART".getBytes(StandardCharsets.US_ASCII)).putInt(0x1_0000).putInt(HEADER).putInt(0).putInt(0).putLong(own)
        .putLong(other).putLong(2 + TABLE).putLong(SECTORS - 2 - TABLE);
    guid(header, DISK).putLong(table).putInt(ENTRIES).putInt(ENTRY).putInt(sum(entries));
    return header.putInt(16, sum(header.array())).array();
  }

  /** Its first three fields least significant byte first (UEFI 2.10, appendix A). */
  private static ByteBuffer guid(ByteBuffer out, String text) {
    UUID uuid = UUID.fromString(text);
    long first = uuid.getMostSignificantBits();
    return out.putInt((int) (first >>> 32)).putShort((short) (first >>> 16)).putShort((short) first)
        .putLong(Long.reverseBytes(uuid.getLeastSignificantBits()));
  }

  private static int sum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
