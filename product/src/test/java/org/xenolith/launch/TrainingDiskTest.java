// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class TrainingDiskTest {
  private static final int SECTOR = 512;

  private final ByteBuffer disk = ByteBuffer.wrap(TrainingDisk.bytes()).order(ByteOrder.LITTLE_ENDIAN);

  private static int checksum(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  /** Both tables are whole, and name each other's sector. */
  @Test
  void bothTablesAreWhole() {
    int last = disk.capacity() / SECTOR - 1;
    for (int[] each : new int[][] {{1, last}, {last, 1}}) {
      int at = SECTOR * each[0];
      byte[] head = Arrays.copyOfRange(disk.array(), at, at + 92);
      Arrays.fill(head, 16, 20, (byte) 0);
      assertEquals("EFI PART", new String(head, 0, 8, StandardCharsets.US_ASCII));
      assertEquals(disk.getInt(at + 16), checksum(head));
      assertEquals(each[1], disk.getLong(at + 32));
      int entries = SECTOR * (int) disk.getLong(at + 72);
      assertEquals(disk.getInt(at + 88), checksum(Arrays.copyOfRange(disk.array(), entries, entries + 128 * 128)));
    }
  }

  /** The program is where the file system says. */
  @Test
  void theProgramIsWhereTheFileSystemSays() {
    int volume = SECTOR * (int) disk.getLong(SECTOR * 2 + 32);
    int fat = disk.getShort(volume + 22);
    int data = volume + SECTOR * (1 + fat + 1);
    byte[] name = Arrays.copyOfRange(disk.array(), data + SECTOR, data + SECTOR + 11);
    assertArrayEquals("BOOTAA64EFI".getBytes(StandardCharsets.US_ASCII), name);
    int program = data + SECTOR * (disk.getShort(data + SECTOR + 26) - 2);
    assertEquals('M' | 'Z' << 8, disk.getShort(program));
    assertEquals(SECTOR + TrainingProgram.SIZE, disk.getInt(data + SECTOR + 28));
    int clusters = 0;
    for (int cluster = disk.getShort(data + SECTOR + 26); cluster < 0xFF8; clusters++) {
      int pair = disk.getShort(volume + SECTOR + cluster * 3 / 2) & 0xFFFF;
      int next = cluster % 2 == 0 ? pair & 0xFFF : pair >> 4;
      assertEquals(next < 0xFF8 ? cluster + 1 : next, next);
      cluster = next;
    }
    assertEquals(SECTOR + TrainingProgram.SIZE, SECTOR * clusters);
  }
}
