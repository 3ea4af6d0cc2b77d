// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.testkit.efi.FakeRam;

/** Chains of clusters in tables of 12, 16 and 32 bits (Microsoft, FAT 1.03, 4). */
class TableTest {
  private static final int CLUSTERS = 30;
  private static final int SIZE = 1024;
  private final FakeRam memory = new FakeRam();
  private int bits;
  private Table table;

  private void begin(int ofBits) {
    bits = ofBits;
    table = new Table(memory, FakeRam.BASE, new Volume(bits, SIZE, 0, 0, 0, 0, 0, 0, CLUSTERS, 0, ""));
    for (int at = 0; at < 256; at += 8) {
      memory.put64(FakeRam.BASE + at, 0);
    }
  }

  private void put(int cluster, int next) {
    long at = FakeRam.BASE + (bits == 12 ? cluster * 3 / 2 : cluster * bits / 8);
    if (bits == 12) {
      int pair = memory.get16(at);
      memory.put16(at, cluster % 2 == 0 ? pair & 0xF000 | next & 0xFFF : pair & 0xF | next << 4);
    } else if (bits == 16) {
      memory.put16(at, next);
    } else {
      memory.put32(at, next);
    }
  }

  @ParameterizedTest @ValueSource(ints = {12, 16, 32})
  void aChainIsCountedToItsEnd(int ofBits) {
    begin(ofBits);
    int end = ofBits == 12 ? 0xFF8 : ofBits == 16 ? 0xFFF8 : 0x0FFF_FFF8;
    int last = ofBits == 32 ? -1 : (1 << ofBits) - 1;
    for (int mark : new int[] {end, last}) {
      put(2, 5);
      put(5, 3);
      put(3, 31);
      put(31, mark);
      assertEquals(4, table.clusters(2));
      assertEquals(1, table.clusters(31), "the last one there is");
      assertTrue(table.isGood(2));
    }
    for (int bad : new int[] {end - 1, 32, 1, 0, 2}) {
      put(31, bad);
      assertEquals(0, table.clusters(2), "0x" + Integer.toHexString(bad));
      assertFalse(table.isGood(31));
    }
    assertEquals(0, table.clusters(32));
    assertEquals(0, table.clusters(1));
  }

  @ParameterizedTest @ValueSource(ints = {12, 16, 32})
  void aChainOfAllClustersIsNoCircle(int ofBits) {
    begin(ofBits);
    for (int cluster = 2; cluster < CLUSTERS + 1; cluster++) {
      put(cluster, cluster + 1);
    }
    put(CLUSTERS + 1, -1);
    assertEquals(CLUSTERS, table.clusters(2));
    put(CLUSTERS + 1, 2);
    assertEquals(0, table.clusters(2));
  }

  @ParameterizedTest @ValueSource(ints = {12, 16, 32})
  void oneGoesAlongAChain(int ofBits) {
    begin(ofBits);
    put(2, 9);
    put(9, 4);
    put(4, -1);
    assertEquals(2, table.along(2, 0));
    assertEquals(9, table.along(2, 1));
    assertEquals(4, table.along(2, 2));
    for (int steps : new int[] {3, 4, 1000}) {
      EfiError error = assertThrows(EfiError.class, () -> table.along(2, steps));
      assertEquals(EfiStatus.VOLUME_CORRUPTED, error.status());
    }
    assertThrows(EfiError.class, () -> table.along(32, 0));
    assertThrows(EfiError.class, () -> table.along(1, 0));
  }

  @ParameterizedTest @ValueSource(ints = {12, 16, 32})
  void whatLiesTogetherIsReadTogether(int ofBits) {
    begin(ofBits);
    put(2, 3);
    put(3, 4);
    put(4, 6);
    put(6, 7);
    put(7, -1);
    assertEquals(3 * SIZE, table.together(2, 10 * SIZE));
    assertEquals(2 * SIZE, table.together(2, 2 * SIZE), "no more than was asked for");
    assertEquals(3 * SIZE, table.together(2, 2 * SIZE + 1), "in whole clusters");
    assertEquals(SIZE, table.together(2, 1));
    assertEquals(SIZE, table.together(4, 10 * SIZE), "what is next lies elsewhere");
    assertEquals(2 * SIZE, table.together(6, 10 * SIZE), "its chain ends");
    put(31, 32);
    assertEquals(SIZE, table.together(31, 10 * SIZE), "there is no cluster 32");
  }

  @Test
  void entriesOfThirtyTwoBitsHaveTwentyEight() {
    begin(32);
    put(2, 0xF000_0003);
    put(3, 0xFFFF_FFF8);
    put(4, 0xF000_0000);
    assertEquals(2, table.clusters(2));
    assertEquals(CLUSTERS - 2, table.free());
  }

  @ParameterizedTest @ValueSource(ints = {12, 16, 32})
  void clustersWithoutAChainAreFree(int ofBits) {
    begin(ofBits);
    assertEquals(CLUSTERS, table.free());
    put(0, -1);
    put(1, -1);
    put(2, -1);
    put(31, 5);
    assertEquals(CLUSTERS - 2, table.free(), "of those that there are");
  }
}
