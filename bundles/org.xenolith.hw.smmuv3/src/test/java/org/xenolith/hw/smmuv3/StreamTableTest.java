// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.testkit.FakeMemory;

class StreamTableTest {
  private static final long BYPASS = 1 | 4 << 1;
  private static final long ABORT = 1;
  private static final long NOWHERE = 0x1000_0000;

  private final Rig rig = new Rig();

  @Test
  void bypassAndAbort() {
    rig.start();
    rig.stream(5, BYPASS);
    rig.stream(6, ABORT);
    rig.stream(7, 1 | 3 << 1);
    rig.passes(5, 0x8765_4321L, true, 0x8765_4321L);
    rig.silent(6, 0x1000, false);
    rig.silent(7, 0x1000, false);
  }

  @Test
  void bypassedAddressBeyondTheOutputIsAnEvent() {
    rig.start();
    rig.stream(5, BYPASS);
    rig.faults(5, 1L << 48, true, 0x11 | 5L << 32, 2L << 40, 1L << 48, 0);
  }

  @Test
  void invalidEntryIsAnEvent() {
    rig.start();
    rig.faults(5, 0x1000, false, 0x04 | 5L << 32, 0, 0, 0);
  }

  /** Each has one field that is not legal. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void illegalEntryIsAnEvent(int which) {
    rig.start();
    long table = rig.table();
    rig.stage2(5, 1, table);
    long fields = Rig.stage2Fields(1);
    long illegal = switch (which) {
      case 0 -> fields & ~(1L << 51);          // AArch32 tables
      case 1 -> fields | 1L << 52;             // big-endian
      case 2 -> fields | 1L << 57;             // stall
      case 3 -> fields & ~(0x3FL << 32);       // 64 bits of input
      case 4 -> fields | 0x3FL << 32;          // 1 bit of input
      case 5 -> fields | 3L << 38;             // no such level
      case 6 -> fields | 3L << 46;             // no such granule
      case 7 -> fields & ~(3L << 38);          // level 2 can't begin 40 bits
      case 8 -> fields ^ (24 ^ 39L) << 32;     // 25 bits are less than a level 1 table translates
      default -> fields;
    };
    boolean world = which == 9;                // of EL3
    rig.stream(5, world ? 1 | 5 << 1 : 1 | 6 << 1, world ? 1 << 30 : 0, illegal);
    rig.faults(5, 0x1000, false, 0x04 | 5L << 32, 0, 0, 0);
  }

  @Test
  void streamBeyondTheTableIsAnEventIfAskedFor() {
    rig.start();
    rig.faults(64, 0x1000, false, 0x02 | 64L << 32, 0, 0, 0);
    rig.faults(0x1_0000, 0x1000, false, 0x02 | 0x1_0000L << 32, 0, 0, 0);
    rig.write(Rig.CR0, 0);
    rig.write(Rig.CR2, 0);
    rig.write(Rig.CR0, 0xD);
    rig.silent(64, 0x1000, false);
  }

  /** LOG2SIZE has six bits, each of which counts (IHI 0070, 6.3.25). */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 7, 9})
  void aTableHasTwoToTheSizeStreams(int log2) {
    long large = FakeMemory.BASE + 0x20_0000;
    rig.start();
    rig.write(Rig.CR0, 0xC);
    rig.write64(Rig.STRTAB_BASE, large);
    rig.write(Rig.STRTAB_BASE_CFG, log2);
    rig.write(Rig.CR0, 0xD);
    long last = (1L << log2) - 1;
    rig.memory().write(large + last * 64, 8, BYPASS);
    rig.passes(last, 0x1000, false, 0x1000);
    rig.faults(last + 1, 0x1000, false, 0x02 | last + 1 << 32, 0, 0, 0);
  }

  /** More than there are StreamIDs: every stream is in the table, whose address has no bits below its size. */
  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x20, 0x3F})
  void aTableOfMoreStreamsThanThereAreHasThemAll(int log2) {
    rig.start();
    rig.write(Rig.CR0, 0xC);
    rig.write64(Rig.STRTAB_BASE, 0);
    rig.write(Rig.STRTAB_BASE_CFG, log2);
    rig.write(Rig.CR0, 0xD);
    rig.faults(0xFFFF, 0x1000, false, 0x03 | 0xFFFFL << 32, 0, 0, 0xFFFFL * 64);
  }

  private void table(long base, long shape) {
    rig.start();
    rig.write(Rig.CR0, 0xC);
    rig.write64(Rig.STRTAB_BASE, base);
    rig.write(Rig.STRTAB_BASE_CFG, shape);
    rig.write(Rig.CR0, 0xD);
  }

  /** Address bits below the size of a table don't count (IHI 0070, 5.1 and 6.3.24). */
  @Test
  void tablesAreAlignedToTheirSize() {
    table(Rig.STREAMS | 0x840, Rig.STREAM_BITS);
    rig.stream(5, BYPASS);
    rig.passes(5, 0x1000, false, 0x1000);
    table(FakeMemory.BASE, 0x3F);
    rig.faults(0xFFFF, 0x1000, false, 0x03 | 0xFFFFL << 32, 0, 0, 0xFFFFL * 64);
    long second = FakeMemory.BASE + 0x6100;
    table(Rig.STREAMS | 0x400, 1 << 16 | 8 << 6 | 16);
    rig.memory().write(Rig.STREAMS + 8 * 2, 8, second | 3);
    rig.memory().write(second + 64 * 3, 8, BYPASS);
    rig.passes(0x203, 0x5000, false, 0x5000);
  }

  /** 6, 8 or 10 bits; what is none of them counts as 6. */
  @ParameterizedTest
  @ValueSource(ints = {6, 8, 10, 7, 0, 31})
  void aTableIsSplitAtOneOfThreePlaces(int field) {
    int split = field == 8 || field == 10 ? field : 6;
    long second = FakeMemory.BASE + 0x10_0000;
    table(Rig.STREAMS, 1 << 16 | field << 6 | 12);
    rig.memory().write(Rig.STREAMS + 8 * (0x543 >> split), 8, second | split + 1);
    rig.memory().write(second + 64 * (0x543 & (1 << split) - 1), 8, BYPASS);
    rig.passes(0x543, 0x5000, false, 0x5000);
  }

  @Test
  void tableThatCannotBeReadIsAnEvent() {
    rig.write64(Rig.STRTAB_BASE, NOWHERE);
    rig.start();
    rig.write(Rig.CR0, 0xC);
    rig.write64(Rig.STRTAB_BASE, NOWHERE);
    rig.write(Rig.CR0, 0xD);
    rig.faults(3, 0x1000, false, 0x03 | 3L << 32, 0, 0, NOWHERE + 3 * 64);
  }

  @Test
  void twoLevels() {
    long second = FakeMemory.BASE + 0x6000;
    rig.start();
    rig.write(Rig.CR0, 0xC);
    rig.write(Rig.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 16);
    rig.write(Rig.CR0, 0xD);
    // Streams 0x200 to 0x203 have entries.
    rig.memory().write(Rig.STREAMS + 8 * 2, 8, second | 3);
    rig.memory().write(second + 64 * 3, 8, BYPASS);
    rig.passes(0x203, 0x5000, false, 0x5000);
    rig.faults(0x202, 0x1000, false, 0x04 | 0x202L << 32, 0, 0, 0);
    rig.faults(0x204, 0x1000, false, 0x02 | 0x204L << 32, 0, 0, 0);
    rig.faults(0x300, 0x1000, false, 0x02 | 0x300L << 32, 0, 0, 0);
    rig.memory().write(Rig.STREAMS + 8 * 4, 8, second | 10);
    rig.faults(0x400, 0x1000, false, 0x02 | 0x400L << 32, 0, 0, 0);
    rig.memory().write(Rig.STREAMS + 8 * 5, 8, NOWHERE | 9);
    rig.faults(0x501, 0x1000, false, 0x03 | 0x501L << 32, 0, 0, NOWHERE + 64);
  }

  @Test
  void entryStaysUntilItIsInvalidated() {
    rig.start();
    rig.stream(5, BYPASS);
    rig.passes(5, 0x1000, false, 0x1000);
    rig.stream(5, ABORT);
    rig.passes(5, 0x1000, false, 0x1000);
    rig.invalidateStream(6);
    rig.passes(5, 0x1000, false, 0x1000);
    rig.invalidateStream(5);
    rig.silent(5, 0x1000, false);
  }

  @Test
  void entryIsReadAnewAfterARestore() {
    rig.start();
    rig.stream(5, BYPASS);
    rig.passes(5, 0x1000, false, 0x1000);
    rig.stream(5, ABORT);
    rig.rewind();
    rig.silent(5, 0x1000, false);
  }

  /** What is kept has bounds, and streams that share a place in it are still two. */
  @Test
  void streamsDoNotMixUp() {
    long large = FakeMemory.BASE + 0x20_0000;
    rig.start();
    rig.write(Rig.CR0, 0xC);
    rig.write64(Rig.STRTAB_BASE, large);
    rig.write(Rig.STRTAB_BASE_CFG, 10);
    rig.write(Rig.CR0, 0xD);
    for (int stream = 5; stream < 1024; stream += 256) {
      rig.memory().write(large + stream * 64L, 8, (stream & 256) == 0 ? BYPASS : ABORT);
    }
    for (int round = 0; round < 2; round++) {
      for (int stream = 5; stream < 1024; stream += 512) {
        rig.passes(stream, 0x1000, false, 0x1000);
        rig.silent(stream + 256, 0x1000, false);
      }
    }
  }

  @Test
  void rangesOfEntriesAreInvalidated() {
    rig.start();
    for (int stream = 4; stream < 12; stream++) {
      rig.stream(stream, BYPASS);
      rig.passes(stream, 0x1000, false, 0x1000);
      rig.stream(stream, ABORT);
    }
    rig.command(Rig.CFGI_ALL | 5L << 32, 1);
    for (int stream = 4; stream < 8; stream++) {
      rig.silent(stream, 0x1000, false);
    }
    for (int stream = 8; stream < 12; stream++) {
      rig.passes(stream, 0x1000, false, 0x1000);
    }
    rig.command(Rig.CFGI_ALL, 31);
    for (int stream = 8; stream < 12; stream++) {
      rig.silent(stream, 0x1000, false);
    }
    assertEquals(0, rig.read(Rig.GERROR));
  }
}
