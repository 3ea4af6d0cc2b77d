// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.scenario.file.Action.FailDisk;
import org.xenolith.testkit.block.MemoryDisk;

/** What isn't to fail reaches the disk behind, and what fails touches nothing. */
class FaultyDiskTest {
  private static final int SECTOR = BlockDevice.SECTOR;
  private final MemoryDisk behind = new MemoryDisk(64);
  private final FaultyDisk disk = new FaultyDisk(behind);
  private final byte[] bytes = new byte[4 * SECTOR];

  FaultyDiskTest() {
    new Random(7).nextBytes(bytes);
  }

  private byte[] content(int sector, int count) {
    return Arrays.copyOfRange(behind.content, sector * SECTOR, (sector + count) * SECTOR);
  }

  @Test
  void writesArriveWhereTheyBelong() throws IOException {
    disk.write(5, bytes, SECTOR, 2);
    assertArrayEquals(Arrays.copyOfRange(bytes, SECTOR, 3 * SECTOR), content(5, 2));
    assertEquals(2, behind.written);
    byte[] again = new byte[3 * SECTOR];
    disk.read(5, again, SECTOR, 2);
    assertArrayEquals(content(5, 2), Arrays.copyOfRange(again, SECTOR, 3 * SECTOR));
    assertArrayEquals(new byte[SECTOR], Arrays.copyOf(again, SECTOR));
    assertEquals(64, disk.sectors());
  }

  @Test
  void allElseArrives() throws IOException {
    disk.flush();
    assertEquals(1, behind.flushes);
    assertFalse(disk.readOnly());
    behind.readOnly = true;
    assertTrue(disk.readOnly());
    Arrays.fill(behind.content, (byte) 1);
    disk.discard(8, 4);
    assertEquals(4, behind.discarded);
    assertArrayEquals(new byte[4 * SECTOR], content(8, 4));
  }

  private static void fails(long sector, Executable access) {
    assertEquals("sector " + sector + FaultyDisk.INJECTED, assertThrows(IOException.class, access).getMessage());
  }

  @Test
  void whatFailsNamesTheFirstBadSectorAndTouchesNothing() throws IOException {
    disk.fail(new FailDisk(0, 10, 11, false, true));
    fails(10, () -> disk.write(8, bytes, 0, 3));
    fails(11, () -> disk.write(11, bytes, 0, 1));
    fails(10, () -> disk.discard(0, 64));
    assertEquals(0, behind.written);
    assertEquals(0, behind.discarded);
    disk.write(8, bytes, 0, 2);
    disk.write(12, bytes, 0, 4);
    disk.read(8, bytes, 0, 4);
    disk.fail(new FailDisk(0, 10, 11, true, false));
    fails(10, () -> disk.read(9, bytes, 0, 2));
    disk.write(10, bytes, 0, 2);
    assertEquals(8, behind.written);
  }
}
