// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Which SMMUs can be driven, and which tables of stage 2 they walk (Arm IHI 0070, 6.3.1, 6.3.2 and 6.3.6; DDI 0487, VTCR_EL2). */
class FeaturesTest {
  /** S2P, TTF = AArch64, VMID16, TTENDIAN = little-endian. */
  private static final long IDR0 = 1 | 2 << 2 | 1 << 18 | 2 << 21;
  /** GRAN4K, OAS = 48 bits. */
  private static final long IDR5 = 1 << 4 | 5;
  private static final String GRANULE = "its granule of pages and that of stage 2 differ";

  private static Features idr0(long value) {
    return new Features(value, 0, IDR5);
  }

  private static Features idr5(long value) {
    return new Features(IDR0, 0, value);
  }

  /** VTCR_EL2 of so many bits that begins with a level. @param level as SL0 has it: 0 is level 2, 2 is level 0 */
  private static long control(int bits, int level) {
    return 1L << 31 | 5 << 16 | 3 << 12 | level << 6 | 64 - bits;
  }

  @Test
  void whatHasNoStageTwoOfLittleEndianTablesIsNotDriven() {
    assertNull(idr0(IDR0).unfit());
    assertNull(idr0(IDR0 | 1 << 2).unfit(), "AArch32's, too");
    assertNull(idr0(IDR0 & ~(3L << 21)).unfit(), "of either order");
    assertEquals("it has no stage 2", idr0(IDR0 & ~1).unfit());
    assertEquals("it walks no AArch64 tables", idr0(1 | 1 << 2 | 2 << 21).unfit());
    assertEquals("it walks no AArch64 tables", idr0(1 | 2 << 21).unfit());
    assertEquals("its tables are big-endian", idr0(IDR0 | 3 << 21).unfit());
  }

  @Test
  void whatHasItsTablesOrQueuesPresetIsNotDriven() {
    for (int preset = 1; preset < 4; preset++) {
      assertEquals("its tables or queues are at fixed places", new Features(IDR0, (long) preset << 29, IDR5).unfit());
    }
    assertNull(new Features(IDR0, 1 << 28 | 0xF << 25, IDR5).unfit(), "REL and what else there is");
  }

  @Test
  void fieldsAreWhereTheRegistersHaveThem() {
    int[] bits = {32, 36, 40, 42, 44, 48, 52, 52};
    for (int size = 0; size < 8; size++) {
      assertEquals(bits[size], idr5(1 << 4 | size).outputBits());
    }
    assertTrue(idr0(1 << 13).messages());
    assertFalse(idr0(~(1L << 13)).messages());
    assertTrue(idr0(1 << 27).twoLevels());
    assertFalse(idr0(0).twoLevels());
    assertFalse(idr0(2 << 27).twoLevels(), "reserved");
    assertTrue(idr0(1 << 9).el2());
    assertFalse(idr0(~(1L << 9)).el2());
    Features queues = new Features(IDR0, 0x13 << 21 | 0x0E << 16 | 0x20, IDR5);
    assertEquals(0x13, queues.commandBits());
    assertEquals(0x0E, queues.eventBits());
    assertEquals(32, queues.streamBits());
    assertEquals(32, new Features(IDR0, 0x3F, IDR5).streamBits(), "no more than there can be");
    assertEquals(7, new Features(IDR0, 7, IDR5).streamBits());
  }

  @Test
  void onlyPagesOfFourKilobytesAreWalked() {
    assertNull(idr5(IDR5).unfit(0, control(40, 1)));
    assertEquals(GRANULE, idr5(IDR5).unfit(0, control(40, 1) | 1 << 14));
    assertEquals(GRANULE, idr5(IDR5).unfit(0, control(40, 1) | 2 << 14));
    assertEquals(GRANULE, idr5(IDR5 & ~(1 << 4)).unfit(0, control(40, 1)));
  }

  @Test
  void asManyBitsComeInAsGoOutAndFortyWhereThereAreNarrowTables() {
    assertNull(idr5(1 << 4 | 2).unfit(0, control(40, 1)));
    assertEquals("stage 2 takes 40 bits of intermediate addresses, the SMMU 36", idr5(1 << 4 | 1).unfit(0, control(40, 1)));
    assertNull(new Features(IDR0 | 1 << 2, 0, 1 << 4 | 1).unfit(0, control(40, 1)));
    assertEquals("stage 2 takes 41 bits of intermediate addresses, the SMMU 40",
        new Features(IDR0 | 1 << 2, 0, 1 << 4 | 1).unfit(0, control(41, 1)));
    assertNull(new Features(IDR0 | 1 << 2, 0, IDR5).unfit(0, control(48, 2)));
  }

  /** 9 bits a level, and up to 16 tables side by side at the first. */
  @Test
  void theFirstLevelHasToSuitTheBits() {
    int[][] fit = {{22, 34}, {31, 43}, {40, 48}};
    for (int level = 0; level < 3; level++) {
      for (int bits = 17; bits <= 48; bits++) {
        String unfit = idr5(IDR5).unfit(0, control(bits, level));
        if (bits >= fit[level][0] && bits <= fit[level][1]) {
          assertNull(unfit, bits + " bits from SL0 " + level);
        } else {
          assertEquals("stage 2 begins with a level that doesn't suit its " + bits + " bits", unfit);
        }
      }
    }
    assertEquals("stage 2 begins with a level that doesn't suit its 48 bits", idr5(IDR5).unfit(0, control(48, 3)));
  }

  @Test
  void numbersOfDomainsHaveEightBitsUnlessItSaysSixteen() {
    Features narrow = idr0(IDR0 & ~(1L << 18));
    assertNull(narrow.unfit(0xFFL << 48, control(40, 1)));
    assertEquals("it has VMIDs of 8 bits only", narrow.unfit(0x100L << 48, control(40, 1)));
    assertNull(idr0(IDR0).unfit(0xFFFFL << 48, control(40, 1)));
  }

  @Test
  void tablesHaveToBeWhereItReaches() {
    Features narrow = idr5(1 << 4 | 2);
    assertNull(narrow.unfit(0xFF_FFFF_F000L, control(40, 1)));
    assertEquals("stage 2 begins beyond the addresses that it reaches", narrow.unfit(0x100_0000_0000L, control(40, 1)));
    assertEquals("stage 2 begins beyond the addresses that it reaches", narrow.unfit(0x8000_0000_0000L, control(40, 1)));
  }

  @Test
  void theSizeThatComesOutIsTheSmallerOne() {
    assertEquals(2L << 16 | 0x3558, idr5(1 << 4 | 2).tableControl(5L << 16 | 0x3558));
    assertEquals(2L << 16 | 0x3558, idr5(IDR5).tableControl(2L << 16 | 0x3558));
    assertEquals(5L << 16 | 0xFFFF, idr5(IDR5).tableControl(0xFFFF_FFFFL));
  }
}
