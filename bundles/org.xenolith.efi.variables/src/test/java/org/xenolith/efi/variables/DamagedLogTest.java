// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.variables.LogPosition.Condition;

/** The log after a kill, a cut, damage and writes that fail. */
class DamagedLogTest {
  private static final int SMALL = LogHead.SMALLEST;

  /** The process is killed at every byte of every write, from the first one to a blank disk on. */
  @Test
  void killedAtAnyByteTheLogHasAllThatWasAcknowledgedAndAllOrNothingOfTheRest() throws IOException {
    LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700).change(40);
    assertTrue(history.log().position().generation() >= 4, "the halves are exchanged");
    byte[] content = new byte[history.disk.content.length];
    int change = 0;
    int kills = 0;
    for (int write = 0; write < history.disk.writes.size(); write++) {
      while (history.writes.get(change + 1) <= write) {
        change++;
      }
      TornDisk.Write torn = history.disk.writes.get(write);
      for (int i = 0; i < torn.bytes().length; i++) {
        if (content[torn.at() + i] != torn.bytes()[i]) {
          content[torn.at() + i] = torn.bytes()[i];
          kills++;
          String when = "write " + write + " of change " + change + " killed behind byte " + i;
          TornDisk disk = new TornDisk(content);
          LogReader.Found found = LogReader.read(disk);
          assertTrue(found.contents().sameAs(history.states.get(change)) || found.contents().sameAs(history.states.get(change + 1)), when);
          if (kills % 101 == 0) {
            goesOn(disk, found, when);
          }
        }
      }
      goesOn(new TornDisk(content), LogReader.read(new TornDisk(content)), "killed behind write " + write);
      // All of it is there: the last write of a change is what makes it so.
      if (history.writes.get(change + 1) == write + 1) {
        assertTrue(LogReader.read(new TornDisk(content)).contents().sameAs(history.states.get(change + 1)), "change " + change);
      }
    }
    assertTrue(kills > 20_000, kills + " kills");
  }

  /** The host loses its power: of what was written since the last flush any sectors are there, in any order. */
  @Test
  void poweredOffBetweenFlushesTheLogHasAllOrNothing() throws IOException {
    LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700).change(40);
    TornDisk disk = history.disk;
    Random random = new Random(7);
    byte[] content = new byte[disk.content.length];
    int from = 0;
    int change = 0;
    for (int to : disk.flushes) {
      while (history.writes.get(change + 1) <= from) {
        change++;
      }
      for (int round = 0; round < 40; round++) {
        byte[] left = content.clone();
        for (TornDisk.Write write : disk.writes.subList(from, to)) {
          for (int sector = 0; sector < write.bytes().length; sector += BlockDevice.SECTOR) {
            if (random.nextBoolean()) {
              System.arraycopy(write.bytes(), sector, left, write.at() + sector, BlockDevice.SECTOR);
            }
          }
        }
        LogContents found = LogReader.read(new TornDisk(left)).contents();
        assertTrue(found.sameAs(history.states.get(change)) || found.sameAs(history.states.get(change + 1)),
            "change " + change + ", round " + round);
      }
      for (TornDisk.Write write : disk.writes.subList(from, to)) {
        System.arraycopy(write.bytes(), 0, content, write.at(), write.bytes().length);
      }
      from = to;
    }
    assertArrayEquals(disk.content, content, "the last write was flushed");
  }

  /** What was left is changed further, by way of both halves, and read again. */
  private static void goesOn(TornDisk disk, LogReader.Found found, String when) throws IOException {
    VariableLog log = new VariableLog(disk, found.position());
    LogContents contents = LogHistory.copy(found.contents());
    for (int i = 0; i < 30; i++) {
      StoredVariable variable = StoredVariable.plain(StoreStand.name("After"), 7, new byte[] {(byte) i});
      contents.with(variable);
      log.write(LogRecord.put(variable), () -> LogHistory.copy(contents));
      assertTrue(LogReader.read(disk).contents().sameAs(contents), when + ", then change " + i);
    }
  }

  /** Names of variables (and "counter") that two logs don't have alike. */
  private static Set<String> differences(LogContents one, LogContents other) {
    Set<String> names = new TreeSet<>();
    Set<VariableName> all = new HashSet<>(one.variables().keySet());
    all.addAll(other.variables().keySet());
    for (VariableName name : all) {
      StoredVariable variable = one.variables().get(name);
      if (variable == null || !variable.sameAs(other.variables().get(name))) {
        names.add(name.text());
      }
    }
    if (one.counter() != other.counter()) {
      names.add("counter");
    }
    return names;
  }

  /** A record is about one variable or the counter: more than one difference would be a loss of what is whole. */
  @Test
  void anyDamagedByteCostsTheRecordThatItIsInAndNothingElse() throws IOException {
    int told = 0;
    for (int changes : new int[] {9, 38}) {
      LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700).change(changes);
      for (int at = 0; at < history.disk.content.length; at += changes == 38 ? 1 : 7) {
        TornDisk disk = new TornDisk(history.disk.content);
        disk.content[at] ^= 0x5A;
        LogReader.Found found = LogReader.read(disk);
        Set<String> lost = differences(history.last(), found.contents());
        assertTrue(lost.size() <= 1, "byte " + at + ": " + lost);
        if (!lost.isEmpty()) {
          told++;
          String sector = "offset 0x" + Integer.toHexString(at / BlockDevice.SECTOR * BlockDevice.SECTOR) + ":";
          assertTrue(found.findings().stream().anyMatch(finding -> finding.contains("damaged")), "byte " + at);
          assertTrue(found.findings().stream().anyMatch(finding -> finding.startsWith(sector) || !finding.contains(" 1 sector")),
              "byte " + at + ": " + found.findings());
        }
      }
    }
    assertTrue(told > 1000, told + " damages were told");
  }

  /** The last thing that was written is the end of a checkpoint, which has the change that made it necessary. */
  @Test
  void damageToTheEndOfACheckpointCostsNothing() throws IOException {
    LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700).change(5);
    for (int checkpoints = 0; checkpoints < 5; checkpoints++) {
      long generation = history.log().position().generation();
      while (history.log().position().generation() == generation) {
        history.change();
      }
      LogPosition position = history.log().position();
      int end = (int) (new LogHead(position.half()).start(position.generation()) + position.next()) * BlockDevice.SECTOR;
      for (int at = end - VariableLog.MARKS * BlockDevice.SECTOR; at < end; at++) {
        TornDisk disk = new TornDisk(history.disk.content);
        disk.content[at] ^= 0x5A;
        assertTrue(LogReader.read(disk).contents().sameAs(history.last()), "checkpoint " + checkpoints + ", byte " + at);
      }
      // Whatever is behind it says, too, that it was complete.
      TornDisk disk = new TornDisk(history.disk.content);
      VariableLog log = new VariableLog(disk, position);
      LogContents after = LogHistory.copy(history.last()).with(1000);
      log.write(LogRecord.counter(1000), () -> after);
      disk.content[end - 1] ^= 1;
      disk.content[end - 1 - BlockDevice.SECTOR] ^= 1;
      assertTrue(LogReader.read(disk).contents().sameAs(after), "checkpoint " + checkpoints);
    }
  }

  @Test
  void damagedHeadIsReadFromItsCopyAndMended() throws IOException {
    LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700).change(12);
    TornDisk disk = new TornDisk(history.disk.content);
    disk.content[14] ^= 1;
    LogReader.Found found = LogReader.read(disk);
    assertTrue(found.contents().sameAs(history.last()));
    assertTrue(found.findings().getFirst().startsWith("offset 0: the head is damaged, its CRC32C is 0x"), found.findings()::toString);
    goesOn(disk, found, "head mended");
    assertEquals(0, LogReader.read(disk).findings().size(), "the head is whole again");
    disk.content[14] ^= 1;
    disk.content[disk.content.length - BlockDevice.SECTOR] ^= 1;
    found = LogReader.read(disk);
    assertEquals(Condition.SEALED, found.position().condition());
    assertTrue(found.findings().getFirst().matches("offset 0: neither this is the head of a variable store "
        + "\\(its CRC32C .*\\) nor its copy at offset 0x4200 \\(it isn't the head of a variable store\\); nothing is read or written.*"),
        found.findings()::toString);
  }

  @Test
  void randomDamageNeverThrowsAndCostsNoMoreThanItHits() throws IOException {
    Random random = new Random(11);
    for (int round = 0; round < 700; round++) {
      LogHistory history = new LogHistory(new TornDisk(SMALL), round % 10, 600).change(5 + round % 40);
      Set<Integer> sectors = new HashSet<>();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        int sector = 1 + random.nextInt(SMALL - 2);
        sectors.add(sector);
        history.disk.content[sector * BlockDevice.SECTOR + random.nextInt(BlockDevice.SECTOR)] ^= (byte) (1 + random.nextInt(255));
      }
      LogReader.Found found = LogReader.read(history.disk);
      // Both marks of a checkpoint are hit with luck only: then its generation doesn't count, and an older one does, or none.
      boolean counts = found.position().generation() == history.log().position().generation();
      if (counts) {
        assertTrue(differences(history.last(), found.contents()).size() <= sectors.size(), "round " + round);
        goesOn(history.disk, found, "round " + round);
      }
    }
  }

  /** Cut at every sector: what is left is what there was at some time, all of it if the cut is behind the last record. */
  @Test
  void cutMediumIsReadUpToTheCutAndNotWritten() throws IOException {
    int whole = 0;
    for (int changes : new int[] {9, 25, 38}) {
      LogHistory history = new LogHistory(new TornDisk(2 * SMALL), 3, 700).change(changes);
      LogPosition position = history.log().position();
      long end = new LogHead(position.half()).start(position.generation()) + position.next();
      for (int sectors = 2 * SMALL - 1; sectors > 0; sectors--) {
        TornDisk disk = new TornDisk(Arrays.copyOf(history.disk.content, sectors * BlockDevice.SECTOR));
        LogReader.Found found = LogReader.read(disk);
        LogContents left = found.contents();
        String when = changes + " changes, cut behind " + sectors + " sectors: " + found.findings();
        assertEquals(Condition.SEALED, found.position().condition(), when);
        if (sectors > 0) {
          assertTrue(found.findings().contains("offset 0x" + Integer.toHexString(sectors * BlockDevice.SECTOR)
              + ": the medium ends here, and the variable store has 0x8800 bytes; what was behind is lost, and nothing is written until it "
              + "has its length again"), when);
          assertTrue(history.states.stream().anyMatch(left::sameAs), when);
          assertTrue(sectors < end || left.sameAs(history.last()), when);
          whole += sectors >= end ? 1 : 0;
        }
        VariableLog log = new VariableLog(disk, found.position());
        assertThrows(IOException.class, () -> log.write(LogRecord.counter(1), LogContents::new));
        assertArrayEquals(Arrays.copyOf(history.disk.content, disk.content.length), disk.content, when);
      }
    }
    assertTrue(whole > 0, "some cuts are behind the last record");
  }

  @Test
  void writesThatFailHaveNotHappenedAndTheNextOnesDo() throws IOException {
    for (boolean afterwards : new boolean[] {false, true}) {
      for (int fault = 0; fault < 120; fault++) {
        LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700);
        history.disk.failIn = fault;
        history.disk.failsAfterwards = afterwards;
        int failed = 0;
        for (int i = 0; i < 45; i++) {
          try {
            history.change();
          } catch (IOException e) {
            failed++;
            // Whatever happened on the disk: if the process goes on, that isn't what counts.
            history.change();
          }
          assertTrue(LogReader.read(history.disk).contents().sameAs(history.last()), "fault " + fault + ", change " + i);
        }
        assertEquals(1, failed, "fault " + fault);
      }
    }
  }

  /** A write fails though it is on the disk, and the process is killed in the next one: never a mixture of the two. */
  @Test
  void killedInTheWriteAfterOneThatFailedTheLogHasOneOfThreeStates() throws IOException {
    int kills = 0;
    for (int round = 0; round < 400; round++) {
      int fault = round % 100;
      LogHistory history = new LogHistory(new TornDisk(SMALL), round / 100, 900);
      history.disk.failIn = fault;
      history.disk.failsAfterwards = true;
      LogContents refused = fail(history);
      byte[] content = history.disk.content.clone();
      LogContents before = history.last();
      int first = history.disk.writes.size();
      history.change();
      for (TornDisk.Write torn : history.disk.writes.subList(first, history.disk.writes.size())) {
        for (int sector = 0; sector < torn.bytes().length; sector += BlockDevice.SECTOR) {
          System.arraycopy(torn.bytes(), sector, content, torn.at() + sector, BlockDevice.SECTOR);
          LogContents left = LogReader.read(new TornDisk(content)).contents();
          assertTrue(left.sameAs(before) || left.sameAs(refused) || left.sameAs(history.last()), "round " + round + ", kill " + kills++);
        }
      }
      assertTrue(LogReader.read(new TornDisk(content)).contents().sameAs(history.last()), "round " + round);
    }
    assertTrue(kills > 1000, kills + " kills");
  }

  /** Changes until one is refused; returns what it would have made. */
  private static LogContents fail(LogHistory history) {
    while (true) {
      try {
        history.change();
      } catch (IOException e) {
        return history.refused();
      }
    }
  }

  /** The checkpoint that failed is there and counts: nothing may go behind the generation before it any more. */
  @Test
  void afterACheckpointThatFailedTheNextChangeIsOneThatCounts() throws IOException {
    TornDisk disk = new TornDisk(SMALL);
    VariableLog log = new VariableLog(disk, LogReader.read(disk).position());
    LogContents all = new LogContents();
    while (log.position().half() == 0 || log.position().next() < log.position().half() - 1) {
      log.write(LogRecord.counter(all.counter() + 1), () -> all);
      all.with(all.counter() + 1);
    }
    StoredVariable large = StoredVariable.plain(StoreStand.name("Large"), 7, new byte[600]);
    disk.failIn = 4;
    disk.failsAfterwards = true;
    assertThrows(IOException.class, () -> log.write(LogRecord.put(large), () -> LogHistory.copy(all).with(large)));
    assertTrue(LogReader.read(disk).contents().variables().containsKey(large.name()), "all of it is on the disk");
    LogContents after = LogHistory.copy(all).with(1000);
    log.write(LogRecord.counter(1000), () -> after);
    assertTrue(LogReader.read(disk).contents().sameAs(after));
  }

  @Test
  void wholeRecordsWithEarlierNumbersAreLeftovers() throws IOException {
    LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700).change(12);
    LogPosition position = history.log().position();
    StoredVariable old = StoredVariable.plain(StoreStand.name("Old"), 7, new byte[1]);
    history.disk.write(new LogHead(position.half()).start(position.generation()) + position.next(),
        LogFrame.sectors(LogRecord.put(old), position.generation(), position.sequence() - 2, false), 0, 1);
    assertTrue(LogReader.read(history.disk).contents().sameAs(history.last()));
    assertEquals(position, LogReader.read(history.disk).position());
  }

  @Test
  void unreadableSectorCostsItsRecord() throws IOException {
    LogHistory history = new LogHistory(new TornDisk(SMALL), 3, 700).change(25);
    for (int sector = 0; sector < SMALL; sector++) {
      history.disk.unreadable = sector;
      LogReader.Found found = LogReader.read(history.disk);
      Set<String> lost = differences(history.last(), found.contents());
      assertTrue(lost.size() <= 1, "sector " + sector + ": " + lost);
      if (!lost.isEmpty()) {
        String findings = found.findings().toString();
        assertTrue(findings.contains("it can't be read: bad sector") || findings.contains("isn't whole"), findings);
      }
    }
  }
}
