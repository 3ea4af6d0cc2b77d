// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** First sectors, by Microsoft's FAT: General Overview of On-Disk Format, 1.03. */
class VolumeTest {
  private final byte[] sector = new byte[512];
  private final ByteBuffer out = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);

  /** A volume of 512 bytes a sector and a cluster, a reserved sector, one table and a root directory of a sector. */
  private VolumeTest with(int clusters, int perTable) {
    Arrays.fill(sector, 43, 54, (byte) ' ');
    Arrays.fill(sector, 71, 82, (byte) ' ');
    sector[0] = (byte) 0xEB;
    out.putShort(11, (short) 512).put(13, (byte) 1).putShort(14, (short) 1).put(16, (byte) 1).putShort(17, (short) 16);
    sectors(clusters + 2 + perTable);
    perTable(perTable);
    return this;
  }

  private void sectors(int count) {
    out.putShort(19, (short) (count < 0x1_0000 ? count : 0)).putInt(32, count < 0x1_0000 ? 0 : count);
  }

  private void perTable(int count) {
    out.putShort(22, (short) count);
  }

  /** The same with 32 bits: the root directory is a chain. */
  private VolumeTest wide(int clusters, int perTable) {
    with(clusters, perTable);
    out.putShort(17, (short) 0).putShort(22, (short) 0).putInt(36, perTable).putInt(44, 2);
    sectors(clusters + 1 + perTable);
    return this;
  }

  private boolean is() {
    return Volume.of(sector, Long.MAX_VALUE).isPresent();
  }

  private Volume volume() {
    return Volume.of(sector, Long.MAX_VALUE).orElseThrow();
  }

  @Test
  void theNumberOfClustersSaysHowManyBitsTheTableHas() {
    assertEquals(12, with(1, 12).volume().bits());
    assertEquals(12, with(4084, 12).volume().bits());
    assertEquals(16, with(4085, 16).volume().bits());
    assertEquals(16, with(65524, 256).volume().bits());
    assertEquals(32, wide(65525, 512).volume().bits());
    assertEquals(4084, with(4084, 12).volume().clusters());
    assertEquals(65525, wide(65525, 512).volume().clusters());
  }

  @Test
  void aVolumeHasAtLeastOneCluster() {
    assertTrue(with(1, 1).is());
    assertFalse(with(0, 1).is());
    assertFalse(with(-1, 1).is());
  }

  @Test
  void aTableHasAnEntryForEachCluster() {
    assertTrue(with(4094, 16).is(), "and two more");
    assertFalse(with(4095, 16).is());
    assertTrue(with(339, 1).is(), "341 of 12 bits");
    assertFalse(with(340, 1).is());
    assertTrue(wide(65534, 512).is());
    assertFalse(wide(65535, 512).is());
  }

  @Test
  void partsFollowEachOther() {
    with(4085, 16);
    out.put(16, (byte) 2).putShort(14, (short) 3).putShort(17, (short) 17).put(13, (byte) 4);
    sectors(3 + 32 + 2 + 4 * 4085 + 3);
    Volume volume = volume();
    assertEquals(new Volume(16, 2048, 3 * 512, 16 * 512, 35 * 512, 2 * 512, 0, 37 * 512, 4085, (3 + 32 + 2 + 4 * 4085 + 3) * 512L, ""),
        volume);
    assertEquals(37 * 512, volume.place(2));
    assertEquals(37 * 512 + 2048, volume.place(3));
    assertFalse(volume.has(1));
    assertTrue(volume.has(2));
    assertTrue(volume.has(4086));
    assertFalse(volume.has(4087));
  }

  @Test
  void labelsAreWhereTheKindOfVolumeHasThem() {
    with(100, 1);
    System.arraycopy("SMALL      ".getBytes(StandardCharsets.US_ASCII), 0, sector, 43, 11);
    assertEquals("SMALL", volume().label());
    wide(65525, 512);
    System.arraycopy("LARGE VOLUM".getBytes(StandardCharsets.US_ASCII), 0, sector, 71, 11);
    assertEquals("LARGE VOLUM", volume().label());
  }

  @Test
  void aVolumeOfThirtyTwoBitsHasItsRootInAChain() {
    wide(65525, 512);
    out.putInt(44, 0xF000_0007);
    Volume volume = volume();
    assertEquals(7, volume.rootCluster(), "28 bits");
    assertEquals(0, volume.rootAt());
    assertEquals(0, volume.rootSize());
    assertEquals((1 + 512) * 512, volume.dataAt());
    for (int no : new int[] {0, 1, 0xF000_0001}) {
      out.putInt(44, no);
      assertFalse(is());
    }
    out.putInt(44, 2).putShort(17, (short) 16);
    sectors(65525 + 2 + 512);
    assertFalse(is(), "a root directory of its own besides");
    with(4085, 16);
    out.putShort(17, (short) 0);
    sectors(4085 + 1 + 16);
    assertFalse(is(), "none at all");
  }

  @Test
  void onlyWhatCanBeAFirstSectorIsOne() {
    with(100, 1);
    sector[0] = (byte) 0xE9;
    assertTrue(is());
    sector[0] = 0;
    assertFalse(is());
    int[][] places = {{11, 2}, {13, 1}, {14, 2}, {16, 1}, {19, 2}, {22, 2}};
    for (int[] place : places) {
      with(100, 1);
      for (int i = 0; i < place[1]; i++) {
        sector[place[0] + i] = 0;
      }
      assertFalse(is(), "byte " + place[0]);
    }
  }

  @Test
  void sectorsAndClustersArePowersOfTwoUpToALimit() {
    for (int bytes = 256; bytes <= 8192; bytes *= 2) {
      with(100, 1);
      out.putShort(11, (short) bytes);
      sectors(103);
      assertEquals(bytes >= 512 && bytes <= 4096, is(), bytes + " bytes");
      out.putShort(11, (short) (bytes + 16));
      assertFalse(is());
    }
    for (int perCluster = 1; perCluster <= 128; perCluster *= 2) {
      with(100, 1);
      out.put(13, (byte) perCluster);
      sectors(100 * perCluster + 3);
      assertEquals(512 * perCluster, volume().cluster());
      out.putShort(11, (short) 4096);
      sectors(100 * perCluster + 30);
      assertEquals(perCluster <= 64, is(), "256 KiB at most");
    }
    with(100, 1);
    out.put(13, (byte) 3);
    assertFalse(is());
  }

  @Test
  void longVolumesCountTheirSectorsInThirtyTwoBits() {
    wide(65525, 512);
    out.putInt(32, 0xFFFF_FFFF).putInt(36, 0x10_0000).put(13, (byte) 32);
    Volume volume = volume();
    assertEquals(0xFFFF_FFFFL * 512, volume.size());
    assertEquals((0xFFFF_FFFFL - 1 - 0x10_0000) / 32, volume.clusters());
  }
}
