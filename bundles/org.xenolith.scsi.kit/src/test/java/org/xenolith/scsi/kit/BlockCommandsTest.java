// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What disks do with their blocks (SBC-3). */
class BlockCommandsTest {
  private static final int DISK = Initiator.DISK;
  private static final int BLOCK = 512;
  private final Initiator initiator = new Initiator(true);

  private byte[] blocks(long seed, int count) {
    byte[] bytes = new byte[count * BLOCK];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private byte[] onDisk(int block, int count) {
    return Arrays.copyOfRange(initiator.disk.content, block * BLOCK, (block + count) * BLOCK);
  }

  @Test
  void everyFormReadsAndWrites() {
    String[][] forms = {{"0a 00 00 10 02 00", "08 00 00 10 02 00"}, {"2a 00 00 00 00 20 00 00 02 00", "28 00 00 00 00 20 00 00 02 00"},
        {"aa 00 00 00 00 30 00 00 00 02 00 00", "a8 00 00 00 00 30 00 00 00 02 00 00"},
        {"8a 00 00 00 00 00 00 00 00 40 00 00 00 02 00 00", "88 00 00 00 00 00 00 00 00 40 00 00 00 02 00 00"},
        {"2e 00 00 00 00 50 00 00 02 00", "28 00 00 00 00 50 00 00 02 00"}};
    int at = 0;
    for (String[] form : forms) {
      at += 0x10;
      byte[] bytes = blocks(at, 2);
      initiator.giving(bytes).ok(DISK, form[0]);
      assertArrayEquals(bytes, onDisk(at, 2), form[0]);
      assertArrayEquals(bytes, initiator.ok(DISK, form[1]), form[1]);
    }
    assertEquals(256 * BLOCK, initiator.ok(DISK, "08 00 00 00 00 00").length, "no length means 256 blocks in the short form");
    assertEquals(0, initiator.ok(DISK, "28 00 00 00 00 00 00 00 00 00").length, "and none in the others");
  }

  @Test
  void longTransfersGoInPieces() {
    byte[] bytes = blocks(5, 600);
    initiator.giving(bytes).ok(DISK, "2a 00 00 00 00 01 00 02 58 00");
    assertArrayEquals(bytes, onDisk(1, 600));
    assertArrayEquals(bytes, initiator.ok(DISK, "28 00 00 00 00 01 00 02 58 00"));
  }

  @Test
  void blocksBehindTheEndAreRefused() {
    initiator.fails("5/21/00", DISK, "28 00 00 00 04 00 00 00 01 00");
    assertEquals(0x400, initiator.information());
    initiator.fails("5/21/00", DISK, "28 00 00 00 03 ff 00 00 02 00");
    assertEquals(0x400, initiator.information(), "the first that isn't there");
    initiator.ok(DISK, "28 00 00 00 03 ff 00 00 01 00");
    initiator.ok(DISK, "28 00 00 00 04 00 00 00 00 00");
    initiator.fails("5/21/00", DISK, "88 00 ff ff ff ff ff ff ff ff 00 00 00 01 00 00");
    initiator.fails("5/21/00", DISK, "88 00 7f ff ff ff ff ff ff ff ff ff ff ff 00 00");
    initiator.giving(blocks(1, 1));
    initiator.fails("5/21/00", DISK, "2a 00 ff ff ff ff 00 00 01 00");
    initiator.fails("5/21/00", DISK, "8f 00 00 00 00 00 00 00 04 00 00 00 00 01 00 00");
    initiator.fails("5/21/00", DISK, "35 00 00 00 04 01 00 00 00 00");
    initiator.fails("5/21/00", DISK, "2b 00 00 00 04 00 00 00 00 00");
  }

  @Test
  void lessRoomOrDataThanACommandMovesIsAnOverrun() {
    initiator.room(BLOCK).fails("overrun", DISK, "28 00 00 00 00 00 00 00 02 00");
    initiator.giving(blocks(1, 1)).fails("overrun", DISK, "2a 00 00 00 00 00 00 00 02 00");
    assertArrayEquals(new byte[2 * BLOCK], onDisk(0, 2), "nothing was done");
  }

  @Test
  void protectionInformationThereIsNone() {
    initiator.fails("5/24/00", DISK, "28 20 00 00 00 00 00 00 01 00");
    initiator.giving(blocks(1, 1)).fails("5/24/00", DISK, "2a 20 00 00 00 00 00 00 01 00");
  }

  @Test
  void capacityIsTheLastBlock() {
    assertEquals("00 00 03 ff 00 00 02 00", Initiator.hex(initiator.ok(DISK, "25 00 00 00 00 00 00 00 00 00")));
    byte[] wide = initiator.ok(DISK, "9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00");
    assertEquals("00 00 00 00 00 00 03 ff 00 00 02 00 00 00 80", Initiator.hex(Arrays.copyOf(wide, 15)));
    assertEquals(32, wide.length);
    assertEquals(12, initiator.ok(DISK, "9e 10 00 00 00 00 00 00 00 00 00 00 00 0c 00 00").length);
    initiator.fails("5/24/00", DISK, "25 00 00 00 00 01 00 00 00 00");
    initiator.fails("5/24/00", DISK, "9e 12 00 00 00 00 00 00 00 00 00 00 00 20 00 00");
  }

  @Test
  void cachesAreFlushed() {
    initiator.ok(DISK, "35 00 00 00 00 00 00 00 00 00");
    initiator.ok(DISK, "91 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    initiator.giving(blocks(1, 1)).ok(DISK, "2a 08 00 00 00 00 00 00 01 00");
    assertEquals(3, initiator.disk.flushes);
  }

  @Test
  void verifyComparesIfItIsAskedTo() {
    byte[] bytes = blocks(3, 2);
    initiator.giving(bytes).ok(DISK, "2a 00 00 00 00 08 00 00 02 00");
    initiator.ok(DISK, "2f 00 00 00 00 08 00 00 02 00");
    initiator.giving(bytes).ok(DISK, "2f 02 00 00 00 08 00 00 02 00");
    bytes[700]++;
    initiator.giving(bytes).fails("e/1d/00", DISK, "2f 02 00 00 00 08 00 00 02 00");
    assertEquals(700, initiator.information());
    initiator.fails("5/24/00", DISK, "2f 04 00 00 00 08 00 00 02 00");
  }

  @Test
  void mediaErrorsNameTheBlock() {
    initiator.disk.broken = true;
    initiator.fails("3/11/00", DISK, "28 00 00 00 00 09 00 00 01 00");
    assertEquals(9, initiator.information());
    initiator.giving(blocks(1, 1)).fails("3/0c/00", DISK, "2a 00 00 00 00 07 00 00 01 00");
    assertEquals(7, initiator.information());
    initiator.fails("3/0c/00", DISK, "35 00 00 00 00 00 00 00 00 00");
    assertEquals(3, initiator.events.size());
    assertTrue(initiator.events.getFirst().startsWith("disk-error unit 0: "), initiator.events.getFirst());
  }

  @Test
  void readOnlyDisksAreProtected() {
    initiator.disk.readOnly = true;
    initiator.giving(blocks(1, 1)).fails("7/27/00", DISK, "2a 00 00 00 00 00 00 00 01 00");
    initiator.giving(blocks(1, 1)).fails("7/27/00", DISK, "41 00 00 00 00 00 00 00 01 00");
    initiator.giving(new byte[24]).fails("7/27/00", DISK, "42 00 00 00 00 00 00 00 18 00");
    initiator.ok(DISK, "28 00 00 00 00 00 00 00 01 00");
  }

  private static byte[] ranges(long... blockAndCount) {
    byte[] list = new byte[8 + blockAndCount.length * 8];
    Bytes.put(list, 0, 2, list.length - 2);
    Bytes.put(list, 2, 2, list.length - 8);
    for (int i = 0; i < blockAndCount.length; i += 2) {
      Bytes.put(list, 8 + i * 8, 8, blockAndCount[i]);
      Bytes.put(list, 16 + i * 8, 4, blockAndCount[i + 1]);
    }
    return list;
  }

  @Test
  void unmapDiscardsAllRangesOrNone() {
    initiator.giving(ranges(0, 16, 32, 8)).ok(DISK, "42 00 00 00 00 00 00 00 28 00");
    assertEquals(24, initiator.disk.discarded);
    initiator.giving(ranges(0, 16, 1024, 1)).fails("5/21/00", DISK, "42 00 00 00 00 00 00 00 28 00");
    assertEquals(24, initiator.disk.discarded);
    initiator.ok(DISK, "42 00 00 00 00 00 00 00 00 00");
    initiator.giving(ranges(0, 1)).fails("5/1a/00", DISK, "42 00 00 00 00 00 00 00 07 00");
    initiator.fails("overrun", DISK, "42 00 00 00 00 00 00 00 18 00");
    initiator.giving(ranges(0, 1)).fails("5/24/00", DISK, "42 01 00 00 00 00 00 00 18 00");
    byte[] many = ranges(new long[512]);
    initiator.giving(many).fails("5/26/00", DISK, "42 00 00 00 00 00 00 10 08 00");
    initiator.giving(ranges(0, 16, 32, 8)).ok(DISK, "42 00 00 00 00 00 00 00 18 00");
    assertEquals(40, initiator.disk.discarded, "what was given of the list");
  }

  @Test
  void writeSameRepeatsABlock() {
    byte[] block = blocks(6, 1);
    initiator.giving(block).ok(DISK, "41 00 00 00 00 10 00 01 2c 00");
    assertArrayEquals(block, onDisk(0x10, 1));
    assertArrayEquals(block, onDisk(0x10 + 299, 1));
    assertArrayEquals(new byte[BLOCK], onDisk(0x10 + 300, 1));
    initiator.ok(DISK, "93 01 00 00 00 00 00 00 00 10 00 00 00 02 00 00");
    assertArrayEquals(new byte[2 * BLOCK], onDisk(0x10, 2), "zeros without data");
    assertArrayEquals(block, onDisk(0x12, 1));
    initiator.giving(new byte[BLOCK]).ok(DISK, "93 08 00 00 00 00 00 00 00 12 00 00 00 01 00 00");
    assertArrayEquals(new byte[BLOCK], onDisk(0x12, 1), "freed or not, it reads as it was written");
    initiator.giving(block).ok(DISK, "41 00 00 00 03 fe 00 00 00 00");
    assertArrayEquals(block, onDisk(1023, 1), "to the end");
    initiator.fails("overrun", DISK, "41 00 00 00 00 10 00 00 01 00");
    initiator.giving(block).fails("5/21/00", DISK, "41 00 00 00 03 ff 00 00 02 00");
    initiator.giving(block).fails("5/24/00", DISK, "93 10 00 00 00 00 00 00 00 12 00 00 00 01 00 00");
  }
}
