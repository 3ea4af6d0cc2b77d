// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tables change, and what was translated before stays until the right command. Six streams: stage 1 in address spaces 1 and 2,
 * one with a global page, stage 2 of two virtual machines, EL2.
 */
class InvalidationTest {
  private static final long PAGE = 1 << 10 | 1 << 6;
  private static final long NOT_GLOBAL = 1 << 11;
  private static final long STAGE2 = 1 << 10 | 3 << 6 | 0xF << 2;
  private static final long ADDRESS = 0x345_6000L;
  private static final long OTHER = 0x345_7000L;
  private static final long BEFORE = 0x8_0000_0000L;
  private static final long AFTER = 0x9_0000_0000L;
  private static final int STREAMS = 6;
  private static final int SPACE1 = 0;
  private static final int SPACE2 = 1;
  private static final int GLOBAL = 2;
  private static final int MACHINE1 = 3;
  private static final int MACHINE2 = 4;
  private static final int EL2 = 5;

  private final Rig rig = new Rig();
  private final long[] tables = new long[STREAMS];

  @BeforeEach
  void fill() {
    rig.start();
    for (int stream = 0; stream < STREAMS; stream++) {
      tables[stream] = rig.table();
    }
    rig.stage1(SPACE1, rig.context(SPACE1, 1, tables[SPACE1]));
    rig.stage1(SPACE2, rig.context(SPACE2, 2, tables[SPACE2]));
    rig.stage1(GLOBAL, rig.context(GLOBAL, 3, tables[GLOBAL]));
    rig.stage2(MACHINE1, 1, tables[MACHINE1]);
    rig.stage2(MACHINE2, 2, tables[MACHINE2]);
    rig.stream(EL2, 1 | 5 << 1 | rig.context(EL2, 4, tables[EL2]), 2L << 30, 0, 0);
    map(BEFORE);
    for (int stream = 0; stream < STREAMS; stream++) {
      rig.passes(stream, ADDRESS, true, BEFORE);
      rig.passes(stream, OTHER, true, BEFORE + 4096);
    }
    map(AFTER);
    stale("");
  }

  private void map(long to) {
    for (int stream = 0; stream < STREAMS; stream++) {
      long attributes = stream == MACHINE1 || stream == MACHINE2 ? STAGE2 : stream == GLOBAL ? PAGE : PAGE | NOT_GLOBAL;
      rig.map(tables[stream], ADDRESS, to, attributes);
      rig.map(tables[stream], OTHER, to + 4096, attributes);
    }
  }

  /** The first page of streams that are named is new, of all others old. */
  private void stale(String fresh) {
    for (int stream = 0; stream < STREAMS; stream++) {
      rig.passes(stream, ADDRESS, false, fresh.contains("" + stream) ? AFTER : BEFORE);
    }
  }


  @Test
  void whoIsRestoredOrResetReadsMemoryAnew() {
    rig.rewind();
    stale("012345");
    map(BEFORE);
    rig.reset();
    rig.start();
    for (int stream = 0; stream < STREAMS; stream++) {
      rig.passes(stream, ADDRESS, false, BEFORE);
    }
  }

  @Test
  void nothingElseInvalidates() {
    rig.command(0x01, 0);
    rig.command(0x02, 0);
    rig.command(Rig.SYNC, 0);
    stale("");
    assertEquals(0, rig.read(Rig.GERROR));
  }

  /** Configuration is one thing, translations another. */
  @Test
  void configurationCommandsLeaveTranslations() {
    rig.command(Rig.CFGI_ALL, 31);
    rig.command(0x05 | 1L << 32, 1);
    rig.command(0x06 | 1L << 32, 0);
    stale("");
    assertEquals(0, rig.read(Rig.GERROR));
  }

  /** Opcode, VMID, ASID, whether the second page is invalidated, too; then the streams. */
  @ParameterizedTest
  @CsvSource({
      "10, 0, 0, true,  012",
      "10, 1, 0, true,  ''",
      "11, 0, 1, true,  0",
      "11, 0, 3, true,  ''",
      "12, 0, 1, false, 02",
      "12, 0, 9, false, 2",
      "12, 1, 1, false, ''",
      "13, 0, 0, false, 012",
      "20, 0, 0, true,  5",
      "21, 0, 4, true,  ''",
      "22, 0, 9, false, 5",
      "23, 0, 0, false, 5",
      "28, 1, 0, true,  3",
      "28, 0, 0, true,  012",
      "2a, 2, 0, false, 4",
      "2a, 1, 0, false, 3",
      "30, 0, 0, true,  01234"})
  void commandReachesWhatItNames(String opcode, long vmid, long asid, boolean all, String reached) {
    rig.command(Long.parseLong(opcode, 16) | vmid << 32 | asid << 48, ADDRESS | 1);
    stale(reached);
    for (int stream = 0; stream < STREAMS; stream++) {
      boolean fresh = all && reached.contains("" + stream);
      rig.passes(stream, OTHER, false, fresh ? AFTER + 4096 : BEFORE + 4096);
    }
    assertEquals(0, rig.read(Rig.GERROR));
  }

  @Test
  void addressSpacesOfEl2() {
    rig.write(Rig.CR0, 0xC);
    rig.write(Rig.CR2, 3);
    rig.write(Rig.CR0, 0xD);
    rig.command(Rig.CFGI_ALL, 31);
    rig.command(0x20, 0);
    rig.passes(EL2, ADDRESS, false, AFTER);
    map(BEFORE);
    rig.command(0x21 | 5L << 48, 0);
    rig.command(0x22 | 5L << 48, ADDRESS);
    rig.passes(EL2, ADDRESS, false, AFTER);
    rig.command(0x21 | 4L << 48, 0);
    rig.passes(EL2, ADDRESS, false, BEFORE);
    map(AFTER);
    rig.command(0x22 | 4L << 48, ADDRESS);
    rig.passes(EL2, ADDRESS, false, AFTER);
  }

  @Test
  void addressInABlockReachesAllPagesOfIt() {
    rig.memory().write(tables[SPACE1] + 8, 8, 0x1_4000_0000L | PAGE | NOT_GLOBAL | 1);
    rig.passes(SPACE1, 0x4000_0000, false, 0x1_4000_0000L);
    rig.passes(SPACE1, 0x5000_0000, false, 0x1_5000_0000L);
    rig.memory().write(tables[SPACE1] + 8, 8, 0x1_8000_0000L | PAGE | NOT_GLOBAL | 1);
    rig.command(0x12 | 1L << 48, 0x8000_0000L);
    rig.passes(SPACE1, 0x5000_0000, false, 0x1_5000_0000L);
    rig.command(0x12 | 1L << 48, 0x7FFF_F000L);
    rig.passes(SPACE1, 0x4000_0000, false, 0x1_8000_0000L);
    rig.passes(SPACE1, 0x5000_0000, false, 0x1_9000_0000L);
  }

  @Test
  void addressInABlockOfStage2ReachesAllPagesOfIt() {
    rig.memory().write(tables[MACHINE1] + 8, 8, 0x1_4000_0000L | STAGE2 | 1);
    rig.passes(MACHINE1, 0x5000_0000, false, 0x1_5000_0000L);
    rig.memory().write(tables[MACHINE1] + 8, 8, 0x1_8000_0000L | STAGE2 | 1);
    rig.command(0x2A | 1L << 32, 0x8000_0000L);
    rig.passes(MACHINE1, 0x5000_0000, false, 0x1_5000_0000L);
    rig.command(0x2A | 1L << 32, 0x4000_0000L);
    rig.passes(MACHINE1, 0x5000_0000, false, 0x1_9000_0000L);
  }

  /** Of a space without blocks: (NUM + 1) << SCALE granules of TG. */
  @Test
  void rangeReachesItsGranulesAndNoMore() {
    long[] pages = {0x10_0000, 0x10_3000, 0x10_7000, 0x10_8000};
    int range = 2 << 12 | 1 << 20; // 3 << 1 granules
    for (int tg = 1; tg <= 3; tg++) {
      for (long page : pages) {
        rig.map(tables[SPACE1], page << 2 * (tg - 1), BEFORE + page, PAGE | NOT_GLOBAL);
      }
      rig.command(0x11 | 1L << 48, 0);
      for (long page : pages) {
        rig.passes(SPACE1, page << 2 * (tg - 1), false, BEFORE + page);
        rig.map(tables[SPACE1], page << 2 * (tg - 1), AFTER + page, PAGE | NOT_GLOBAL);
      }
      rig.command(0x12 | range | 1L << 48, 0x10_2000L << 2 * (tg - 1) | tg << 10 | 3 << 8 | 1);
      for (long page : pages) {
        boolean reached = page == 0x10_3000 || page == 0x10_7000;
        rig.passes(SPACE1, page << 2 * (tg - 1), false, (reached ? AFTER : BEFORE) + page);
      }
    }
  }

  /** 4.4.3.1: what both stages translated is only found by virtual address. */
  @Test
  void whatBothStagesTranslatedIsInvalidatedAsStage1() {
    long guest = rig.table();
    long host = rig.table();
    rig.map(guest, ADDRESS, OTHER, PAGE | NOT_GLOBAL);
    long descriptor = rig.context(9, 9, guest);
    for (long page = guest; page < guest + 0x1_0000; page += 4096) {
      rig.map(host, page, page, STAGE2);
    }
    rig.map(host, descriptor & -4096, descriptor & -4096, STAGE2);
    rig.map(host, OTHER, BEFORE, STAGE2);
    rig.nested(9, descriptor, 8, host);
    rig.passes(9, ADDRESS, true, BEFORE);
    rig.map(host, OTHER, AFTER, STAGE2);
    rig.command(0x2A | 8L << 32, OTHER);
    rig.command(0x10 | 1L << 32, 0);
    rig.passes(9, ADDRESS, true, BEFORE);
    rig.command(0x10 | 8L << 32, 0);
    rig.passes(9, ADDRESS, true, AFTER);
    rig.map(host, OTHER, BEFORE, STAGE2);
    rig.command(0x12 | 8L << 32 | 9L << 48, ADDRESS);
    rig.passes(9, ADDRESS, true, BEFORE);
    rig.map(host, OTHER, AFTER, STAGE2);
    rig.command(0x28 | 7L << 32, 0);
    rig.passes(9, ADDRESS, true, BEFORE);
    rig.command(0x28 | 8L << 32, 0);
    rig.passes(9, ADDRESS, true, AFTER);
    rig.map(host, OTHER, BEFORE, STAGE2);
    rig.command(Rig.NSNH_ALL, 0);
    rig.passes(9, ADDRESS, true, BEFORE);
  }

  /** NUM and SCALE say nothing without TG. */
  @Test
  void withoutAGranuleAnAddressIsOneOfAPage() {
    rig.command(0x12 | 3 << 12 | 1 << 20 | 1L << 48, ADDRESS);
    rig.passes(SPACE1, ADDRESS, false, AFTER);
    rig.passes(SPACE1, OTHER, false, BEFORE + 4096);
  }

  /** A block of stage 1 on pages of stage 2 is invalidated by any address in the block. */
  @Test
  void blockOfStage1OnPagesOfStage2() {
    long guest = rig.table();
    long host = rig.table();
    rig.memory().write(guest, 8, PAGE | NOT_GLOBAL | 1);
    long descriptor = rig.context(9, 9, guest);
    rig.map(host, guest, guest, STAGE2);
    rig.map(host, descriptor & -4096, descriptor & -4096, STAGE2);
    rig.map(host, ADDRESS, BEFORE, STAGE2);
    rig.nested(9, descriptor, 8, host);
    rig.passes(9, ADDRESS, true, BEFORE);
    rig.map(host, ADDRESS, AFTER, STAGE2);
    rig.command(0x12 | 8L << 32 | 9L << 48, 0x1_0000);
    rig.passes(9, ADDRESS, true, AFTER);
  }

  @Test
  void contextDescriptorStaysUntilItIsInvalidated() {
    rig.context(SPACE1, 7, tables[SPACE2]);
    stale("");
    rig.command(0x05 | (long) SPACE1 << 32, 1);
    stale("" + SPACE1);
  }

  /** Streams in the same address space share its translations. */
  @Test
  void translationsBelongToTheAddressSpace() {
    rig.stage1(8, rig.context(8, 1, rig.table()));
    rig.passes(8, ADDRESS, false, BEFORE);
  }

  /** VMID and ASID alone don't make an address space: what both stages translated is not what stage 1 alone did. */
  @Test
  void bothStagesHaveTranslationsOfTheirOwn() {
    long guest = rig.table();
    long host = rig.table();
    rig.map(guest, ADDRESS, OTHER, PAGE | NOT_GLOBAL);
    long descriptor = rig.context(9, 9, guest);
    for (long page = guest; page < guest + 0x1_0000; page += 4096) {
      rig.map(host, page, page, STAGE2);
    }
    rig.map(host, descriptor & -4096, descriptor & -4096, STAGE2);
    rig.map(host, OTHER, BEFORE, STAGE2);
    rig.nested(9, descriptor, 8, host);
    rig.stream(10, 1 | 5 << 1 | descriptor, 0, 8, 0);
    rig.passes(10, ADDRESS, true, OTHER);
    rig.passes(9, ADDRESS, true, BEFORE);
    rig.passes(10, ADDRESS, true, OTHER);
  }

  /** Without E2H there is one address space for all streams of EL2; ASID and VMID are none of it (IHI 0070, 3.17). */
  @Test
  void el2HasOneAddressSpaceWithoutE2h() {
    rig.stream(8, 1 | 5 << 1 | rig.context(8, 7, rig.table()), 2L << 30, 0, 0);
    rig.passes(8, ADDRESS, false, BEFORE);
    rig.stream(9, 1 | 5 << 1 | rig.context(9, 4, rig.table()), 2L << 30, 3, 0);
    rig.passes(9, ADDRESS, false, BEFORE);
  }

  @Test
  void faultsAreNotKept() {
    rig.refused(SPACE1, 0x100_0000, false);
    rig.map(tables[SPACE1], 0x100_0000, BEFORE, PAGE);
    rig.passes(SPACE1, 0x100_0000, false, BEFORE);
  }

  /** More pages than it keeps: each is right, whatever made room. */
  @Test
  void itHasBounds() {
    for (int i = 0; i < 5000; i++) {
      rig.map(tables[SPACE1], 0x1000_0000L + i * 4096L, BEFORE + i * 8192L, PAGE);
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5000; i++) {
        rig.passes(SPACE1, 0x1000_0000L + i * 4096L, true, BEFORE + i * 8192L);
      }
    }
  }
}
