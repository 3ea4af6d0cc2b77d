// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Fields of stream table entries and context descriptors, bit by bit (Arm IHI 0070, 5.2 and 5.4). */
class DescriptorsTest {
  private static final long TABLE0 = 0x4567_8000L;
  private static final long TABLE1 = 0x5678_9000L;
  /** V, AA64, AFFD; halves of 39 and 40 bits of 4 KiB granule. */
  private static final long CONTEXT = 1L << 31 | 1L << 41 | 1L << 46 | 25 | 24L << 16 | 2L << 22 | 5L << 32;
  private static final long STAGE2 = 24L << 32 | 1L << 38 | 5L << 48 | 1L << 51;

  private static ContextDescriptor context(long first, boolean halves) {
    return ContextDescriptor.of(new long[] {first, TABLE0, TABLE1}, halves);
  }

  private static StreamEntry entry(long first, long second, long third) {
    return StreamEntry.of(new long[] {first, second, third, TABLE0});
  }

  @Test
  void eachHalfHasItsOwnFields() {
    ContextDescriptor both = context(CONTEXT | 0xABCDL << 48, true);
    assertEquals(TABLE0, both.low().base());
    assertEquals(39, both.low().inputBits());
    assertEquals(TABLE1, both.high().base());
    assertEquals(40, both.high().inputBits());
    assertEquals(0xABCD, both.asid());
    assertTrue(both.low().accessFlagFaults() && both.high().accessFlagFaults());
    assertNull(context(CONTEXT, false).high());
    assertNull(context(CONTEXT | 1 << 30, true).high());
    assertNull(context(CONTEXT | 1 << 14, true).low());
    assertNotNull(context(CONTEXT | 1 << 14, true).high());
    ContextDescriptor lax = context(CONTEXT | 1L << 35, true);
    assertFalse(lax.low().accessFlagFaults() || lax.high().accessFlagFaults());
  }

  @Test
  void granulesAreNumberedInEachHalfItsOwnWay() {
    int[] low = {12, 16, 14};
    for (int field = 0; field < 4; field++) {
      ContextDescriptor context = context(CONTEXT | (long) field << 6, true);
      assertEquals(field < 3, context != null);
      assertTrue(field == 3 || context.low().granule() == low[field]);
    }
    int[] high = {0, 14, 12, 16};
    for (int field = 0; field < 4; field++) {
      ContextDescriptor context = context(CONTEXT & ~(3L << 22) | (long) field << 22, true);
      assertEquals(field > 0, context != null);
      assertTrue(field == 0 || context.high().granule() == high[field]);
      assertNotNull(context(CONTEXT & ~(3L << 22) | (long) field << 22, false), "there is no high half");
    }
  }

  @Test
  void aDescriptorIsValidOfAArch64AndAborts() {
    for (int bit : new int[] {31, 41, 46}) {
      assertNull(context(CONTEXT & ~(1L << bit), true));
    }
    for (int bit : new int[] {15, 44}) {
      assertNull(context(CONTEXT | 1L << bit, true), "big-endian, or stalls");
    }
    assertNull(context(CONTEXT & ~(0x3FL << 16) | 40L << 16, true), "a high half of 24 bits");
    assertNotNull(context(CONTEXT & ~(0x3FL << 16) | 40L << 16, false));
  }

  @Test
  void oneBitEachSaysWhatIsIgnoredRecordedAndKeptApart() {
    ContextDescriptor plain = context(CONTEXT, true);
    assertFalse(plain.ignoreLowByte() || plain.ignoreHighByte() || plain.record() || plain.apart());
    assertTrue(context(CONTEXT | 1L << 38, true).ignoreLowByte());
    assertFalse(context(CONTEXT | 1L << 38, true).ignoreHighByte());
    assertTrue(context(CONTEXT | 1L << 39, true).ignoreHighByte());
    assertFalse(context(CONTEXT | 1L << 39, true).ignoreLowByte());
    assertTrue(context(CONTEXT | 1L << 45, true).record());
    assertTrue(context(CONTEXT | 1L << 40, true).apart());
    assertFalse(context(CONTEXT | 1L << 40, false).apart(), "EL2 has no unprivileged side");
  }

  @Test
  void theTopByteIsIgnoredByHalves() {
    ContextDescriptor low = context(CONTEXT | 1L << 38, true);
    ContextDescriptor high = context(CONTEXT | 1L << 39, true);
    assertEquals(0x12_3456_7000L, low.plain(0xAA00_0012_3456_7000L));
    assertEquals(0xAA80_0012_3456_7000L, low.plain(0xAA80_0012_3456_7000L));
    assertEquals(0xFF80_0012_3456_7000L, high.plain(0xAA80_0012_3456_7000L));
    assertEquals(0xAA00_0012_3456_7000L, high.plain(0xAA00_0012_3456_7000L));
  }

  @Test
  void anAddressIsOfTheHalfThatItsBitsSay() {
    ContextDescriptor both = context(CONTEXT, true);
    assertEquals(both.low(), both.table(0));
    assertEquals(both.low(), both.table((1L << 39) - 1));
    assertNull(both.table(1L << 39));
    assertNull(both.table(1L << 54));
    assertEquals(both.high(), both.table(-1));
    assertEquals(both.high(), both.table(-1L << 40));
    assertNull(both.table((-1L << 40) - 1));
    assertNull(context(CONTEXT | 1 << 14, true).table(0));
    assertNull(context(CONTEXT | 1 << 30, true).table(-1));
  }

  @Test
  void whatBecomesOfAStreamIsInThreeBits() {
    assertNull(entry(4 << 1, 0, 0), "not valid");
    for (int config = 0; config < 4; config++) {
      assertEquals(StreamEntry.Path.ABORT, entry(1 | config << 1, 0, 0).path());
    }
    assertEquals(StreamEntry.Path.BYPASS, entry(1 | 4 << 1, 0, 0).path());
    StreamEntry first = entry(1 | 5 << 1 | 0x8_0040, 0, 0);
    assertEquals(StreamEntry.Path.TRANSLATE, first.path());
    assertEquals(0x8_0040, first.context());
    assertTrue(first.stage1());
    assertNull(first.table());
    StreamEntry second = entry(1 | 6 << 1, 0, STAGE2 | 0x7FED);
    assertFalse(second.stage1());
    assertEquals(TABLE0, second.table().base());
    assertEquals(40, second.table().inputBits());
    assertEquals(0x7FED, second.vmid());
    StreamEntry nested = entry(1 | 7 << 1, 0, STAGE2);
    assertTrue(nested.stage1());
    assertNotNull(nested.table());
  }

  @Test
  void aStreamIsOfOneWorldOfTwo() {
    assertFalse(entry(1 | 5 << 1, 0, 0).el2());
    assertTrue(entry(1 | 5 << 1, 2L << 30, 0).el2());
    assertNull(entry(1 | 5 << 1, 1L << 30, 0), "EL3's");
    assertNull(entry(1 | 5 << 1, 3L << 30, 0), "reserved");
    assertFalse(entry(1 | 6 << 1, 2L << 30, STAGE2).el2(), "with stage 2 it is EL1's");
    assertNotNull(entry(1 | 6 << 1, 1L << 30, STAGE2));
  }

  @Test
  void onlyTheValueThreeMakesAStreamPrivileged() {
    for (int config = 0; config < 4; config++) {
      assertEquals(config == 3, entry(1 | 5 << 1, (long) config << 48, 0).privileged());
    }
  }

  @Test
  void stageTwoOfAnEntryHasItsBits() {
    StreamEntry plain = entry(1 | 6 << 1, 0, STAGE2);
    assertFalse(plain.noDeviceTables() || plain.record());
    assertTrue(plain.table().accessFlagFaults());
    assertFalse(entry(1 | 6 << 1, 0, STAGE2 | 1L << 53).table().accessFlagFaults());
    assertTrue(entry(1 | 6 << 1, 0, STAGE2 | 1L << 54).noDeviceTables());
    assertTrue(entry(1 | 6 << 1, 0, STAGE2 | 1L << 58).record());
    assertEquals(48, plain.table().outputBits());
    assertEquals(40, entry(1 | 6 << 1, 0, STAGE2 & ~(7L << 48) | 2L << 48).table().outputBits());
    int[] granules = {12, 16, 14};
    for (int field = 0; field < 3; field++) {
      assertEquals(granules[field], entry(1 | 6 << 1, 0, STAGE2 | (long) field << 46).table().granule());
    }
    assertNull(entry(1 | 6 << 1, 0, STAGE2 | 3L << 46));
    assertNull(entry(1 | 6 << 1, 0, STAGE2 & ~(1L << 51)), "AArch32");
    assertNull(entry(1 | 6 << 1, 0, STAGE2 | 1L << 52), "big-endian");
    assertNull(entry(1 | 6 << 1, 0, STAGE2 | 1L << 57), "stalls");
    assertNull(entry(1 | 6 << 1, 0, STAGE2 | 3L << 38), "no such level");
  }
}
