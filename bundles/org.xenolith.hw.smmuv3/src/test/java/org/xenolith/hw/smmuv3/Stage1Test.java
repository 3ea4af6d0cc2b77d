// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.testkit.FakeMemory;

class Stage1Test {
  private static final long UNPRIVILEGED = 1 << 6;
  private static final long READ_ONLY = 1 << 7;
  private static final long ACCESSED = 1 << 10;
  private static final long NOT_GLOBAL = 1 << 11;
  private static final long PAGE = ACCESSED | UNPRIVILEGED | NOT_GLOBAL;
  private static final long VA = 0x12_3456_7000L;
  private static final long PA = 0x8_7654_3000L;
  private static final long IN = 2L << 40;
  private static final long READ = 1L << 35;
  private static final long NOWHERE = 0x1000_0000;
  private static final long ID = 5L << 32;

  private final Rig rig = new Rig();
  private long table;
  private long descriptor;

  @BeforeEach
  void start() {
    rig.start();
    table = rig.table();
    descriptor = rig.context(0, 1, table);
    rig.stage1(5, descriptor);
  }

  /** Changes the first word of the context descriptor. */
  private void context(long clear, long set) {
    rig.memory().write(descriptor, 8, rig.memory().read(descriptor, 8) & ~clear | set);
  }

  @Test
  void pagesAreTranslated() {
    rig.map(table, VA, PA, PAGE);
    rig.passes(5, VA, false, PA);
    rig.passes(5, VA + 0xFFF, true, PA + 0xFFF);
    rig.passes(5, VA + 0x10, true, PA + 0x10);
  }

  @Test
  void theFirstPageOfAllIsKeptAsOthersAre() {
    rig.map(table, VA, 0, PAGE);
    rig.passes(5, VA, false, 0);
    rig.map(table, VA, PA, PAGE);
    rig.passes(5, VA, false, 0);
  }

  @Test
  void blocksAreTranslated() {
    rig.memory().write(table + 8 * 3, 8, 0x9_4000_0000L | PAGE | 1);
    rig.passes(5, 3L << 30 | 0x1234_5678, true, 0x9_5234_5678L);
    long second = rig.table();
    rig.memory().write(table, 8, second | 3);
    rig.memory().write(second + 8, 8, 0x1_0020_0000L | PAGE | 1);
    rig.passes(5, 0x30_1234, true, 0x1_0030_1234L);
  }

  @Test
  void unmappedIsATranslationFault() {
    rig.faults(5, VA, false, 0x10 | ID, IN | READ, VA, 0);
    rig.faults(5, VA + 0x123, true, 0x10 | ID, IN, VA + 0x123, 0);
  }

  @Test
  void pageDescriptorOfABlockIsATranslationFault() {
    rig.map(table, VA, PA, PAGE);
    rig.memory().write(rig.leaf(table, VA), 8, PA | PAGE | 1);
    rig.faults(5, VA, false, 0x10 | ID, IN | READ, VA, 0);
  }

  @Test
  void addressOutsideTheRegionIsATranslationFault() {
    rig.map(table, 0, PA, PAGE);
    rig.faults(5, 1L << 39, false, 0x10 | ID, IN | READ, 1L << 39, 0);
    rig.faults(5, -4096, false, 0x10 | ID, IN | READ, -4096, 0);
  }

  @Test
  void highHalfHasATableOfItsOwn() {
    long high = rig.table();
    context(1L << 30, 25L << 16 | 2L << 22);
    rig.memory().write(descriptor + 16, 8, high);
    rig.map(high, VA, PA, PAGE);
    rig.passes(5, -1L << 39 | VA, true, PA);
    rig.faults(5, VA, false, 0x10 | ID, IN | READ, VA, 0);
  }

  @Test
  void topByteIsIgnoredIfSo() {
    rig.map(table, VA, PA, PAGE);
    rig.faults(5, VA | 0xAAL << 56, false, 0x10 | ID, IN | READ, VA | 0xAAL << 56, 0);
    context(0, 1L << 38);
    rig.invalidateStream(5);
    rig.passes(5, VA | 0xAAL << 56, false, PA);
  }

  @Test
  void clearAccessFlagIsAFault() {
    rig.map(table, VA, PA, UNPRIVILEGED);
    rig.faults(5, VA, false, 0x12 | ID, IN | READ, VA, 0);
    context(0, 1L << 35);
    rig.invalidateStream(5);
    rig.passes(5, VA, false, PA);
  }

  @Test
  void writeToReadOnlyIsAPermissionFault() {
    rig.map(table, VA, PA, PAGE | READ_ONLY);
    rig.passes(5, VA, false, PA);
    rig.faults(5, VA + 8, true, 0x13 | ID, IN, VA + 8, 0);
  }

  @Test
  void privilegedPageNeedsAPrivilegedStream() {
    rig.map(table, VA, PA, ACCESSED);
    rig.faults(5, VA, false, 0x13 | ID, IN | READ, VA, 0);
    rig.stream(5, 1 | 5 << 1 | descriptor, 3L << 48);
    rig.invalidateStream(5);
    rig.passes(5, VA, true, PA);
    rig.faults(5, VA + 4096, true, 0x10 | ID, IN | 1L << 33, VA + 4096, 0);
  }

  @Test
  void privilegedStreamIsKeptOffUnprivilegedPagesIfSo() {
    rig.stream(5, 1 | 5 << 1 | descriptor, 3L << 48);
    context(0, 1L << 40);
    rig.map(table, VA, PA, PAGE);
    rig.faults(5, VA, false, 0x13 | ID, IN | READ | 1L << 33, VA, 0);
    rig.map(table, VA, PA, PAGE & ~UNPRIVILEGED);
    rig.passes(5, VA, true, PA);
  }

  @Test
  void tablesLimitWhatIsBelow() {
    rig.map(table, VA, PA, PAGE);
    long slot = table + (VA >>> 30) * 8;
    rig.memory().write(slot, 8, rig.memory().read(slot, 8) | 1L << 62);
    rig.faults(5, VA, true, 0x13 | ID, IN, VA, 0);
    rig.passes(5, VA, false, PA);
    rig.command(Rig.NSNH_ALL, 0);
    rig.memory().write(slot, 8, rig.memory().read(slot, 8) | 1L << 61);
    rig.faults(5, VA, false, 0x13 | ID, IN | READ, VA, 0);
  }

  @Test
  void outputBeyondTheSizeIsAnAddressSizeFault() {
    context(7L << 32, 0);
    rig.map(table, VA, 0x1_0000_0000L, PAGE);
    rig.faults(5, VA, false, 0x11 | ID, IN | READ, VA, 0);
    rig.memory().write(table, 8, 0x1_0000_0000L | 3);
    rig.faults(5, 0x1000, true, 0x11 | ID, IN, 0x1000, 0);
  }

  @Test
  void tableThatCannotBeReadIsAWalkAbort() {
    rig.memory().write(table + 8, 8, NOWHERE | 3);
    rig.faults(5, 1L << 30 | 2 << 21, false, 0x0B | ID, 1L << 40 | READ, 1L << 30 | 2 << 21, NOWHERE + 16);
  }

  @Test
  void faultsAreNotRecordedIfSo() {
    context(1L << 45, 0);
    rig.silent(5, VA, false);
  }

  @Test
  void descriptorThatCannotBeReadIsAnEvent() {
    rig.stage1(5, NOWHERE);
    rig.faults(5, VA, false, 0x09 | ID, 0, 0, NOWHERE);
  }

  @ParameterizedTest
  @ValueSource(ints = {31, 41, 46})
  void missingBitOfTheDescriptorIsAnEvent(int bit) {
    context(1L << bit, 0);
    rig.faults(5, VA, false, 0x0A | ID, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1 << 15, 1L << 44, 3 << 6, 0x3F})
  void illegalBitsOfTheDescriptorAreAnEvent(long bits) {
    context(0, bits);
    rig.faults(5, VA, false, 0x0A | ID, 0, 0, 0);
  }

  @Test
  void disabledHalfNeedsNoTable() {
    context(0x3F, 1 << 14);
    rig.faults(5, VA, false, 0x10 | ID, IN | READ, VA, 0);
  }

  /** Address bits below the size of the first table don't count. */
  @Test
  void firstTableIsAligned() {
    rig.map(table, VA, PA, PAGE);
    rig.memory().write(descriptor + 8, 8, table | 0xFF0);
    rig.passes(5, VA, false, PA);
  }

  /** 48 bits of input begin at level 0 (16 KiB: of two entries) or 1 (64 KiB). */
  @Test
  void otherGranules() {
    long large = FakeMemory.BASE + 0x10_0000;
    context(0xFF, 16 | 1 << 6);
    rig.memory().write(descriptor + 8, 8, large);
    rig.memory().write(large, 8, large + 0x1_0000 | 3);
    rig.memory().write(large + 0x1_0000 + 8, 8, large + 0x2_0000 | 3);
    rig.memory().write(large + 0x2_0000 + 16, 8, 0x7_0001_0000L | PAGE | 3);
    rig.passes(5, 1 << 29 | 2 << 16 | 0xABCD, true, 0x7_0001_ABCDL);
    context(0xFF, 16 | 2 << 6);
    rig.invalidateStream(5);
    rig.command(Rig.NSNH_ALL, 0);
    rig.memory().write(large + 0x2_0000 + 16, 8, 0);
    rig.memory().write(large, 8, large + 0x3_0000 | 3);
    rig.memory().write(large + 0x3_0000, 8, large + 0x3_4000 | 3);
    rig.memory().write(large + 0x3_4000 + 24, 8, large + 0x3_8000 | 3);
    rig.memory().write(large + 0x3_8000 + 8, 8, 0x7_0000_4000L | PAGE | 3);
    rig.passes(5, 3 << 25 | 1 << 14 | 0x2BCD, true, 0x7_0000_6BCDL);
  }

  @Test
  void el2HasOneHalfAndIsPrivileged() {
    rig.stream(5, 1 | 5 << 1 | descriptor, 2L << 30);
    rig.map(table, VA, PA, ACCESSED);
    rig.passes(5, VA, true, PA);
    context(1L << 30, 0);
    rig.invalidateStream(5);
    rig.passes(5, VA, true, PA);
    rig.faults(5, -1L << 39, true, 0x10 | ID, IN, -1L << 39, 0);
  }

  /** Without E2H the high half is not there, with it EL2 has both (IHI 0070, 5.4, T1SZ). */
  @Test
  void el2WithAddressSpacesHasTwoHalves() {
    long high = rig.table();
    rig.write(Rig.CR0, 0xC);
    rig.write(Rig.CR2, 3);
    rig.write(Rig.CR0, 0xD);
    rig.stream(5, 1 | 5 << 1 | descriptor, 2L << 30);
    context(1L << 30, 25L << 16 | 2L << 22);
    rig.memory().write(descriptor + 16, 8, high);
    rig.map(high, VA, PA, PAGE);
    rig.passes(5, -1L << 39 | VA, true, PA);
  }

  /** Without PAN a privileged access may use what an unprivileged one may. */
  @Test
  void privilegedStreamReachesUnprivilegedPages() {
    rig.stream(5, 1 | 5 << 1 | descriptor, 3L << 48);
    rig.map(table, VA, PA, PAGE);
    rig.passes(5, VA, true, PA);
  }

  /** Bits of a block's address below its size are none of it. */
  @Test
  void addressOfABlockIsAlignedToItsSize() {
    rig.memory().write(table + 8 * 3, 8, 0x9_4000_0000L | 0x1234_5000 | PAGE | 1);
    rig.passes(5, 3L << 30 | 0x678, true, 0x9_4000_0678L);
  }

  /** What is no fault of translation is recorded whatever the descriptor says of those (CD.R, 5.4). */
  @Test
  void walkAbortsAreRecordedAlways() {
    context(1L << 45, 0);
    rig.memory().write(table + 8, 8, NOWHERE | 3);
    rig.faults(5, 1L << 30, false, 0x0B | ID, 1L << 40 | READ, 1L << 30, NOWHERE);
  }
}
