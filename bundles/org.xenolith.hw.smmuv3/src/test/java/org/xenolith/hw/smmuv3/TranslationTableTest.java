// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** Which fields are legal together, and what follows from them (Arm IHI 0070, 5.2 and 5.4; DDI 0487, D8.2). */
class TranslationTableTest {
  private static final long BASE = 0x1234_5678_9AB0L;
  private static final int[] GRANULES = {12, 14, 16};

  /** A level has granule - 3 bits: as many levels as the bits above a page need. */
  @Test
  void stageOneBeginsWhereItsBitsDo() {
    for (int granule : GRANULES) {
      for (int bits = 25; bits <= 48; bits++) {
        TranslationTable table = TranslationTable.stage1(BASE, 64 - bits, granule, 5, true);
        int start = 3;
        for (int covered = granule + granule - 3; covered < bits; covered += granule - 3) {
          start--;
        }
        assertEquals(start, table.start(), bits + " bits of granule " + granule);
        assertEquals(bits, table.inputBits());
        assertEquals(granule, table.granule());
        int entries = bits - table.shift(start);
        assertEquals(BASE >>> entries + 3 << entries + 3, table.base(), "aligned to its size");
      }
    }
  }

  @Test
  void regionsOfStageOneHaveTwentyFiveToFortyEightBits() {
    for (int granule : GRANULES) {
      assertNull(TranslationTable.stage1(BASE, 15, granule, 5, true));
      assertNotNull(TranslationTable.stage1(BASE, 16, granule, 5, true));
      assertNotNull(TranslationTable.stage1(BASE, 39, granule, 5, true));
      assertNull(TranslationTable.stage1(BASE, 40, granule, 5, true));
    }
    assertNull(TranslationTable.stage1(BASE, 25, 0, 5, true), "no such granule");
  }

  /** @param from and to: bits that may begin at that field SL0 */
  private static void fits(int granule, int level, int start, int from, int to) {
    for (int bits = 20; bits <= 50; bits++) {
      TranslationTable table = TranslationTable.stage2(BASE, 64 - bits, level, granule, 5, true);
      String which = bits + " bits of granule " + granule + " from SL0 " + level;
      if (bits >= from && bits <= to) {
        assertNotNull(table, which);
        assertEquals(start, table.start(), which);
        int entries = bits - table.shift(start);
        assertEquals(BASE >>> entries + 3 << entries + 3, table.base(), which);
      } else {
        assertNull(table, which);
      }
    }
  }

  /** Up to sixteen tables side by side at the first level. */
  @Test
  void stageTwoBeginsWhereItSays() {
    fits(12, 0, 2, 25, 34);
    fits(12, 1, 1, 31, 43);
    fits(12, 2, 0, 40, 48);
    fits(14, 0, 3, 25, 29);
    fits(14, 1, 2, 26, 40);
    fits(14, 2, 1, 37, 48);
    fits(16, 0, 3, 25, 33);
    fits(16, 1, 2, 30, 46);
    fits(16, 2, 1, 43, 48);
    for (int granule : GRANULES) {
      for (int bits = 25; bits <= 48; bits++) {
        assertNull(TranslationTable.stage2(BASE, 64 - bits, 3, granule, 5, true), "no such level");
      }
    }
    assertNull(TranslationTable.stage2(BASE, 24, 1, 0, 5, true), "no such granule");
  }

  @Test
  void tablesLieWithinFortyEightBits() {
    assertNotNull(TranslationTable.stage1(0xFFFF_FFFF_F000L, 25, 12, 5, true));
    assertNull(TranslationTable.stage1(0x1_0000_0000_0000L, 25, 12, 5, true));
    assertNull(TranslationTable.stage2(0x8_0000_0000_0000L, 24, 1, 12, 5, true));
  }

  @Test
  void theFieldOfTheSizeSaysHowManyBitsComeOut() {
    int[] bits = {32, 36, 40, 42, 44, 48, 48, 48};
    for (int size = 0; size < 8; size++) {
      assertEquals(bits[size], TranslationTable.stage1(BASE, 25, 12, size, true).outputBits());
    }
    assertEquals(true, TranslationTable.stage1(BASE, 25, 12, 5, true).accessFlagFaults());
    assertEquals(false, TranslationTable.stage2(BASE, 24, 1, 12, 5, false).accessFlagFaults());
  }

  @Test
  void blocksAreOfTheLevelsThatTheGranuleHasThemAt() {
    int[][] levels = {{1, 2}, {2}, {2}};
    for (int i = 0; i < GRANULES.length; i++) {
      TranslationTable table = TranslationTable.stage1(BASE, 16, GRANULES[i], 5, true);
      for (int level = 0; level < 4; level++) {
        int at = level;
        assertEquals(java.util.Arrays.stream(levels[i]).anyMatch(each -> each == at), table.blocks(level), "level " + level + " of granule "
            + GRANULES[i]);
      }
      assertEquals(GRANULES[i], table.shift(3));
      assertEquals(2 * GRANULES[i] - 3, table.shift(2));
    }
  }
}
