// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.efi.variables.LogPosition.Condition;

/** The log on a disk that works: what is written is read again. */
class VariableLogTest {
  private static final int SMALL = LogHead.SMALLEST;

  @Test
  void whatIsWrittenIsReadAgainInItsOrder() throws IOException {
    for (long seed = 1; seed <= 4; seed++) {
      LogHistory history = new LogHistory(new TornDisk(SMALL), seed, 900);
      for (int i = 0; i < 150; i++) {
        history.change();
        LogReader.Found found = LogReader.read(history.disk);
        assertEquals(List.of(), found.findings(), "seed " + seed + ", change " + i);
        assertTrue(found.contents().sameAs(history.last()), "seed " + seed + ", change " + i);
        assertEquals(found.position(), history.log().position(), "another process goes on at the same place");
        if (i % 7 == 0) {
          history.open();
        }
      }
      assertTrue(history.log().position().generation() > 5, "the halves were exchanged");
    }
  }

  @Test
  void attachingWritesNothing() {
    TornDisk disk = new TornDisk(SMALL);
    assertEquals(Condition.BLANK, LogReader.read(disk).position().condition());
    assertEquals(0, disk.writes.size());
  }

  @Test
  void fullHalfTakesEveryVariableThatFitsItsCapacity() throws IOException {
    TornDisk disk = new TornDisk(SMALL);
    VariableLog log = new VariableLog(disk, LogReader.read(disk).position());
    int capacity = VariableLog.capacity(log.position());
    LogContents all = new LogContents().with(5);
    log.write(LogRecord.counter(5), () -> all);
    for (int i = 0; i < capacity; i++) {
      StoredVariable variable = StoredVariable.plain(StoreStand.name("V" + i), 7, new byte[300]);
      all.with(variable);
      log.write(LogRecord.put(variable), () -> all);
    }
    assertTrue(LogReader.read(disk).contents().sameAs(all));
    for (int i = 0; i < 40; i++) {
      StoredVariable variable = StoredVariable.plain(StoreStand.name("V3"), 7, new byte[] {(byte) i});
      all.with(variable);
      log.write(LogRecord.put(variable), () -> all);
      assertTrue(LogReader.read(disk).contents().sameAs(all), "change " + i + " of a full store");
    }
  }

  @Test
  void dataThatLookLikeTheLogAreNotTakenForIt() throws IOException {
    TornDisk disk = new TornDisk(SMALL);
    LogHistory history = new LogHistory(disk, 1, 10).change(1);
    long generation = history.log().position().generation();
    StoredVariable forged = StoredVariable.plain(StoreStand.name("Forged"), 7, new byte[] {1});
    // Frames that would be whole and later than all others, wherever in the data a sector begins.
    byte[] frame = LogFrame.sectors(LogRecord.put(forged), generation, 1000, false);
    for (int shift = 0; shift < LogFrame.PAYLOAD; shift += 4) {
      byte[] data = new byte[shift + frame.length + LogFrame.PAYLOAD];
      System.arraycopy(frame, 0, data, shift, frame.length);
      TornDisk copy = new TornDisk(disk.content);
      VariableLog log = new VariableLog(copy, LogReader.read(copy).position());
      LogRecord record = LogRecord.put(StoredVariable.plain(StoreStand.name("Host"), 7, data));
      LogContents after = LogHistory.copy(history.last());
      after.apply(record);
      int at = copy.writes.size();
      log.write(record, () -> after);
      copy.content[copy.writes.get(at).at() + 100] ^= 1;
      assertFalse(LogReader.read(copy).contents().variables().containsKey(forged.name()), "shift " + shift);
    }
  }

  @Test
  void otherMediaAreRefusedAndNotTouched() {
    byte[] ext4 = new byte[SMALL * BlockDevice.SECTOR];
    ext4[1024 + 56] = 0x53;
    ext4[1024 + 57] = (byte) 0xEF;
    byte[] random = new byte[SMALL * BlockDevice.SECTOR];
    new Random(1).nextBytes(random);
    for (byte[] content : List.of(ext4, random)) {
      TornDisk disk = new TornDisk(content);
      LogReader.Found found = LogReader.read(disk);
      assertEquals(Condition.SEALED, found.position().condition());
      assertTrue(found.findings().getFirst().startsWith("offset 0: neither this is the head of a variable store"),
          found.findings()::toString);
      VariableLog log = new VariableLog(disk, found.position());
      assertThrows(IOException.class, () -> log.write(LogRecord.counter(1), LogContents::new));
      assertArrayEquals(content, disk.content);
    }
    LogReader.Found small = LogReader.read(new TornDisk(SMALL - 1));
    assertEquals(Condition.SEALED, small.position().condition());
    assertEquals("the medium has 16896 bytes, and a variable store needs 17408 at least; attach a larger one", small.findings().getFirst());
  }

  @Test
  void positionOutlivesBytesAndNonsenseIsRefused() {
    LogPosition position = new LogPosition(Condition.READY, 16, 3, 4, 77, 12, true);
    assertEquals(position, LogPosition.ofBytes(position.toBytes()));
    assertThrows(IllegalArgumentException.class, () -> LogPosition.ofBytes(new byte[8]));
    Random random = new Random(5);
    byte[] bytes = new byte[position.toBytes().length];
    for (int i = 0; i < 1000; i++) {
      random.nextBytes(bytes);
      assertThrows(IllegalArgumentException.class, () -> LogPosition.ofBytes(bytes));
    }
  }
}
