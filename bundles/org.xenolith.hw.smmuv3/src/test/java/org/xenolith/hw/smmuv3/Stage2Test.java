// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.FakeMemory;

class Stage2Test {
  private static final long ALL = 1 << 10 | 3 << 6 | 0xF << 2;
  private static final long IPA = 0x4567_8000L;
  private static final long PA = 0x8_7654_3000L;
  private static final long IN = 1L << 39 | 2L << 40;
  private static final long TABLE = 1L << 39 | 1L << 40;
  private static final long CONTEXT = 1L << 39;
  private static final long READ = 1L << 35;
  private static final long ID = 5L << 32;
  private static final long NOWHERE = 0x1000_0000;

  private final Rig rig = new Rig();
  private long table;

  @BeforeEach
  void start() {
    rig.start();
    table = rig.table();
  }

  private void onlyStage2() {
    rig.stage2(5, 1, table);
  }

  @Test
  void pagesAndBlocksAreTranslated() {
    onlyStage2();
    rig.map(table, IPA, PA, ALL);
    rig.passes(5, IPA + 0x12, true, PA + 0x12);
    rig.memory().write(table + 8 * 600, 8, 0x10_0000_0000L | ALL | 1);
    rig.passes(5, 600L << 30 | 0x1234_5678, false, 0x10_1234_5678L);
  }

  /** 40 bits begin at level 2: of 64 KiB with 2,048 entries, of 16 KiB with sixteen tables side by side. */
  @Test
  void otherGranules() {
    long large = FakeMemory.BASE + 0x10_0000;
    rig.stream(5, 1 | 6 << 1, 0, Rig.stage2Fields(1) | 1L << 46, large);
    rig.memory().write(large + 8 * 3, 8, large + 0x1_0000 | 3);
    rig.memory().write(large + 0x1_0000 + 8 * 2, 8, 0x7_0001_0000L | ALL | 3);
    rig.passes(5, 3L << 29 | 2 << 16 | 0xABCD, true, 0x7_0001_ABCDL);
    rig.memory().write(large + 8 * 3, 8, 0);
    rig.stream(5, 1 | 6 << 1, 0, Rig.stage2Fields(1) | 2L << 46, large);
    rig.invalidateStream(5);
    rig.command(Rig.NSNH_ALL, 0);
    rig.memory().write(large + 8 * 0x7000, 8, large + 0x4_0000 | 3);
    rig.memory().write(large + 0x4_0000 + 8, 8, 0x7_0000_4000L | ALL | 3);
    rig.passes(5, 0x7000L << 25 | 1 << 14 | 0x2BCD, true, 0x7_0000_6BCDL);
  }

  @Test
  void faults() {
    onlyStage2();
    rig.faults(5, IPA + 0x12, false, 0x10 | ID, IN | READ, IPA + 0x12, IPA);
    rig.map(table, 0, PA, ALL);
    rig.faults(5, 1L << 40, true, 0x10 | ID, IN, 1L << 40, 1L << 40);
    rig.map(table, IPA, PA, ALL & ~(1 << 10));
    rig.faults(5, IPA, false, 0x12 | ID, IN | READ, IPA, IPA);
    rig.map(table, IPA, PA, ALL & ~(2 << 6));
    rig.faults(5, IPA, true, 0x13 | ID, IN, IPA, IPA);
    rig.map(table, IPA, PA, ALL & ~(1 << 6));
    rig.faults(5, IPA, false, 0x13 | ID, IN | READ, IPA, IPA);
    rig.memory().write(rig.leaf(table, IPA), 8, 0);
    rig.memory().write(table, 8, NOWHERE | 3);
    rig.faults(5, 0x20_0000, false, 0x0B | ID, IN | READ, 0x20_0000, NOWHERE + 8);
  }

  @Test
  void whatWasWrittenMayStillNotBeRead() {
    onlyStage2();
    rig.map(table, IPA, PA, ALL & ~(1 << 6));
    rig.passes(5, IPA, true, PA);
    rig.faults(5, IPA, false, 0x13 | ID, IN | READ, IPA, IPA);
  }

  @Test
  void aPrivilegedStreamIsOneOnTheWayToItsContextDescriptorAlso() {
    Guest guest = new Guest(rig, table);
    long page = (guest.descriptor & -4096) + Guest.OFFSET;
    rig.memory().write(rig.leaf(table, page), 8, 0);
    rig.stream(5, 1 | 7 << 1 | guest.descriptor + Guest.OFFSET, 3L << 48, Rig.stage2Fields(1), table);
    rig.faults(5, Guest.VA, false, 0x10 | ID, CONTEXT | READ | 1L << 33, Guest.VA, page);
  }

  @Test
  void outputBeyondTheSizeIsAnAddressSizeFault() {
    rig.stream(5, 1 | 6 << 1, 0, Rig.stage2Fields(1) & ~(7L << 48), table);
    rig.map(table, IPA, PA, ALL);
    rig.faults(5, IPA, false, 0x11 | ID, IN | READ, IPA, IPA);
  }

  @Test
  void inputBeyondTheAddressSizeIsAFaultOfTheStageThatIsPassed() {
    onlyStage2();
    rig.faults(5, 1L << 48, false, 0x11 | ID, 2L << 40 | READ, 1L << 48, 0);
  }

  @Test
  void faultsAreNotRecordedIfSo() {
    rig.stream(5, 1 | 6 << 1, 0, Rig.stage2Fields(1) & ~(1L << 58), table);
    rig.silent(5, IPA, false);
  }

  @Test
  void accessFlagFaultsCanBeOff() {
    rig.stream(5, 1 | 6 << 1, 0, Rig.stage2Fields(1) | 1L << 53, table);
    rig.map(table, IPA, PA, ALL & ~(1 << 10));
    rig.passes(5, IPA, false, PA);
  }

  /** Stage 1 tables, and the context descriptor, lie at intermediate addresses 64 GiB above where they are. */
  private static final class Guest {
    static final long OFFSET = 0x10_0000_0000L;
    static final long VA = 0x1_2345_6000L;
    final long descriptor;
    final long stage1;
    final long[] tables;

    Guest(Rig rig, long stage2) {
      stage1 = rig.table();
      rig.map(stage1, VA, IPA, 1 << 10 | 1 << 6 | 1 << 11);
      tables = new long[3];
      tables[0] = stage1;
      long slot = stage1 + (VA >>> 30) * 8;
      tables[1] = rig.memory().read(slot, 8) & -4096;
      rig.memory().write(slot, 8, tables[1] + OFFSET | 3);
      slot = tables[1] + (VA >>> 21 & 0x1FF) * 8;
      tables[2] = rig.memory().read(slot, 8) & -4096;
      rig.memory().write(slot, 8, tables[2] + OFFSET | 3);
      descriptor = rig.context(0, 7, stage1 + OFFSET);
      for (long table : tables) {
        rig.map(stage2, table + OFFSET, table, ALL);
      }
      rig.map(stage2, (descriptor & -4096) + OFFSET, descriptor & -4096, ALL);
      rig.nested(5, descriptor + OFFSET, 1, stage2);
    }
  }

  @Test
  void bothStagesTranslate() {
    new Guest(rig, table);
    rig.map(table, IPA, PA, ALL);
    rig.passes(5, Guest.VA + 0x10, true, PA + 0x10);
    rig.passes(5, Guest.VA + 0x18, false, PA + 0x18);
  }

  /** The world is EL1 then, whatever the entry says. */
  @Test
  void worldIsIgnoredWithStage2() {
    Guest guest = new Guest(rig, table);
    rig.map(table, IPA, PA, ALL);
    rig.stream(5, 1 | 7 << 1 | guest.descriptor + Guest.OFFSET, 3L << 30, Rig.stage2Fields(1), table);
    rig.passes(5, Guest.VA, false, PA);
  }

  @Test
  void stage2FaultOfTheAccessNamesBothAddresses() {
    new Guest(rig, table);
    rig.faults(5, Guest.VA + 0x10, true, 0x10 | ID, IN, Guest.VA + 0x10, IPA);
    rig.map(table, IPA, PA, ALL & ~(2 << 6));
    rig.passes(5, Guest.VA, false, PA);
    rig.faults(5, Guest.VA + 0x10, true, 0x13 | ID, IN, Guest.VA + 0x10, IPA);
  }

  @Test
  void stage1FaultOfANestedStreamIsOneOfStage1() {
    new Guest(rig, table);
    rig.faults(5, 0x1000, true, 0x10 | ID, 2L << 40, 0x1000, 0);
  }

  @Test
  void stage2FaultOfATable() {
    Guest guest = new Guest(rig, table);
    rig.memory().write(rig.leaf(table, guest.tables[1] + Guest.OFFSET), 8, 0);
    rig.faults(5, Guest.VA, true, 0x10 | ID, TABLE, Guest.VA, guest.tables[1] + Guest.OFFSET);
    rig.map(table, guest.tables[1] + Guest.OFFSET, guest.tables[1], ALL & ~(1 << 6));
    rig.faults(5, Guest.VA, true, 0x13 | ID, TABLE, Guest.VA, guest.tables[1] + Guest.OFFSET);
  }

  @Test
  void stage2FaultOfTheContextDescriptor() {
    Guest guest = new Guest(rig, table);
    long page = (guest.descriptor & -4096) + Guest.OFFSET;
    rig.memory().write(rig.leaf(table, page), 8, 0);
    rig.faults(5, Guest.VA, false, 0x10 | ID, CONTEXT | READ, Guest.VA, page);
    rig.stream(5, 1 | 7 << 1 | guest.descriptor + Guest.OFFSET, 0, Rig.stage2Fields(1) & ~(1L << 58), table);
    rig.silent(5, Guest.VA, false);
  }

  @Test
  void abortOfATableBehindStage2NamesThePhysicalAddress() {
    Guest guest = new Guest(rig, table);
    rig.map(table, guest.tables[0] + Guest.OFFSET, NOWHERE, ALL);
    rig.faults(5, Guest.VA, false, 0x0B | ID, 1L << 40 | READ, Guest.VA, NOWHERE + (Guest.VA >>> 30) * 8);
  }

  @Test
  void tablesInDeviceMemoryAreRefusedIfSo() {
    Guest guest = new Guest(rig, table);
    rig.map(table, IPA, PA, ALL);
    rig.map(table, guest.tables[0] + Guest.OFFSET, guest.tables[0], ALL & ~(0xF << 2));
    rig.stream(5, 1 | 7 << 1 | guest.descriptor + Guest.OFFSET, 0, Rig.stage2Fields(1) | 1L << 54, table);
    rig.faults(5, Guest.VA, false, 0x13 | ID, TABLE | READ, Guest.VA, guest.tables[0] + Guest.OFFSET);
    rig.stream(5, 1 | 7 << 1 | guest.descriptor + Guest.OFFSET, 0, Rig.stage2Fields(1), table);
    rig.invalidateStream(5);
    rig.passes(5, Guest.VA, false, PA);
  }

  @Test
  void stage1TablesNeedNoPhysicalAddressOfTheirOwn() {
    Guest guest = new Guest(rig, table);
    rig.map(table, IPA, PA, ALL);
    long elsewhere = FakeMemory.BASE + 0x20_0000;
    for (int i = 0; i < 512; i++) {
      rig.memory().write(elsewhere + 8 * i, 8, rig.memory().read(guest.tables[2] + 8 * i, 8));
      rig.memory().write(guest.tables[2] + 8 * i, 8, 0);
    }
    rig.map(table, guest.tables[2] + Guest.OFFSET, elsewhere, ALL);
    rig.passes(5, Guest.VA, false, PA);
  }
}
