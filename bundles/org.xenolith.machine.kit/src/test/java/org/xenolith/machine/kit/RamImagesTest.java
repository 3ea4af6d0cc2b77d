// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class RamImagesTest {
  private static final int SIZE = 4 << 20;
  private static final int PAGE = 4096;
  private final Ram first = new Ram(0x4000_0000L, SIZE);

  @BeforeEach
  void theHostCan() {
    assertTrue(RamImages.possible(), "the tests of bundles run on Linux, with memory outside the heap");
  }

  private final PageStore store = new PageStore();

  private static long files() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> line.contains("memfd:xenolith-ram")).count();
  }

  private static long descriptors() throws IOException {
    long found = 0;
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : all.toList()) {
        try {
          found += Files.readSymbolicLink(each).toString().contains("memfd:xenolith-ram") ? 1 : 0;
        } catch (NoSuchFileException closed) {
          // It was the list's.
        }
      }
    }
    return found;
  }

  @Test
  void whoIsMadeOfAnImageIsAloneFromThenOn() {
    first.write(0x1000, 8, 1);
    first.write(SIZE - 8, 8, 2);
    try (RamImages images = RamImages.of(List.of(first), store)) {
      Ram second = images.make(0);
      Ram third = images.make(0);
      first.write(0x1000, 8, 10);
      second.write(0x1000, 8, 20);
      second.write(0x3000, 1, 3);
      assertEquals(List.of(10L, 20L, 1L), List.of(first.read(0x1000, 8), second.read(0x1000, 8), third.read(0x1000, 8)));
      assertEquals(List.of(0L, 3L, 0L), List.of(first.read(0x3000, 1), second.read(0x3000, 1), third.read(0x3000, 1)));
      assertEquals(List.of(2L, 2L, 2L), List.of(first.read(SIZE - 8, 8), second.read(SIZE - 8, 8), third.read(SIZE - 8, 8)));
    }
  }

  @Test
  void anImageStaysWhenItsChunkHasGone() {
    first.write(8, 8, 5);
    RamImages images = RamImages.of(List.of(first), store);
    first.giveBack();
    Ram second = images.make(0);
    images.close();
    assertEquals(5, second.read(8, 8));
    try (RamImages again = RamImages.of(List.of(second), store)) {
      assertEquals(5, again.make(0).read(8, 8));
    }
  }

  @Test
  void whatWasWrittenSinceIsInTheNextImage() {
    Random random = new Random(1);
    List<Ram> all = new ArrayList<>(List.of(first));
    for (int writes : new int[] {40, 3, 0, 200, 0, 500, 7, 300}) {
      for (int i = 0; i < writes; i++) {
        all.getLast().write(random.nextInt(SIZE / 8) * 8, 8, random.nextLong());
      }
      byte[] then = all.getLast().content();
      try (RamImages images = RamImages.of(List.of(all.getLast()), store)) {
        all.add(images.make(0));
        assertEquals(-1, all.getLast().mismatch(0, then, 0, SIZE), () -> "after " + writes);
        assertEquals(-1, all.get(all.size() - 2).mismatch(0, then, 0, SIZE), () -> "what it was made of, after " + writes);
      }
    }
  }

  @Test
  void aChunkThatGoesBackTellsOfWrittenPagesOnly() {
    first.write(0x5000, 8, 5);
    try (RamImages images = RamImages.of(List.of(first), store)) {
      first.write(0x9000, 8, 9); // few: kept by itself
      try (RamImages later = RamImages.of(List.of(first), store)) {
        Ram second = later.make(0);
        List<String> told = new ArrayList<>();
        second.listen((ram, offset, length) -> told.add("code " + offset / PAGE));
        second.listenToWrites((ram, offset, length) -> told.add("written " + offset / PAGE));
        for (int page : new int[] {2, 5, 9, 11}) {
          second.markCode(page * PAGE);
        }
        second.watchWrites(11 * PAGE, true);
        HostMemory.write64(second.heap, second.place + 0x2008, 1);
        HostMemory.write64(second.heap, second.place + 0x9008, 1);
        HostMemory.write64(second.heap, second.place + 0xB008, 1);
        later.restore(0, second);
        assertEquals(List.of("code 2", "code 9", "code 11", "written 11"), told);
        assertEquals(List.of(0L, 5L, 9L, 0L, 0L), List.of(second.read(0x2008, 8), second.read(0x5000, 8), second.read(0x9000, 8), second
            .read(0x9008, 8), second.read(0xB008, 8)));
        told.clear();
        images.restore(0, second);
        assertEquals(0, second.read(0x9000, 8), "another image");
      }
    }
  }

  @Test
  void whatAChunkWroteStaysItsOwnWhenItGoesBackAndOnlyWhatDiffersIsTold() {
    first.write(0x2000, 8, 7);
    first.write(0x3000, 8, 8);
    try (RamImages images = RamImages.of(List.of(first), store)) {
      Ram second = images.make(0);
      second.write(0x2000, 8, 70);
      second.write(0x3000, 8, 80);
      second.write(0x3000, 8, 8);
      List<Integer> told = new ArrayList<>();
      second.listen((ram, offset, length) -> told.add(offset));
      second.markCode(0x2000);
      second.markCode(0x3000);
      images.restore(0, second);
      assertEquals(List.of(0x2000), told);
      assertEquals(List.of(7L, 8L), List.of(second.read(0x2000, 8), second.read(0x3000, 8)));
      assertEquals(BitSet.valueOf(new long[] {0b1100}), WrittenPages.of(second.place, SIZE));
    }
  }

  @Test
  void ofMoreThanAreWorthItAChunkThatGoesBackKeepsNone() {
    first.write(0, 8, 7);
    try (RamImages images = RamImages.of(List.of(first), store)) {
      Ram second = images.make(0);
      second.fill(0, 513 * PAGE, (byte) 1);
      images.restore(0, second);
      assertEquals(List.of(7L, 0L), List.of(second.read(0, 8), second.read(512 * PAGE, 8)));
      assertTrue(WrittenPages.of(second.place, SIZE).isEmpty());
    }
  }

  @Test
  void chunksThatAreGivenBackAtOnceAreZerosAndNoneElseIs() throws IOException {
    Ram[] all = new Ram[4];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Ram(i * (long) SIZE, SIZE);
      all[i].write(8, 8, 1 + i);
    }
    try (RamImages images = RamImages.of(List.of(all), store)) {
      List<Ram> made = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        made.add(images.make(i & 3));
      }
      List<Ram> back = new ArrayList<>(made);
      Ram stays = back.remove(2);
      back.add(new Ram(0, SIZE));
      Ram.giveBack(back);
      assertEquals(0, back.stream().mapToLong(chunk -> chunk.read(8, 8)).sum());
      assertEquals(List.of(3L, 1L, 4L), List.of(stays.read(8, 8), all[0].read(8, 8), all[3].read(8, 8)));
    }
  }

  @Test
  void whatIsClearedIsZeroAndOthersKeepIt() {
    first.fill(0, SIZE, (byte) 1);
    try (RamImages images = RamImages.of(List.of(first), store)) {
      Ram second = images.make(0);
      second.clear(PAGE, 2 * PAGE);
      assertEquals(List.of(1L, 0L, 0L, 1L), List.of(second.read(0, 1), second.read(PAGE, 1), second.read(3 * PAGE - 1, 1), second.read(3
          * PAGE, 1)));
      second.clear();
      assertEquals(0, second.read(0, 1));
      assertEquals(1, first.read(0, 1));
      images.restore(0, second);
      assertEquals(1, second.read(PAGE, 1));
    }
  }

  @Test
  void bothWaysToFindWrittenPagesFindThem() {
    first.fill(0, SIZE, (byte) 1);
    try (RamImages images = RamImages.of(List.of(first), store)) {
      Ram second = images.make(0);
      Random random = new Random(2);
      for (int i = 0; i < 300; i++) {
        second.write(random.nextInt(SIZE), 1, 2);
        second.read(random.nextInt(SIZE), 1);
      }
      assertEquals(WrittenPages.readOneByOne(second.place, SIZE), WrittenPages.of(second.place, SIZE));
      assertNotEquals(0, WrittenPages.of(second.place, SIZE).cardinality());
    }
  }

  @Test
  void twoHundredThatAreGivenBackLeaveNothingBehind() throws IOException {
    long files = files();
    long descriptors = descriptors();
    long taken = HostPages.LIMIT.taken();
    first.fill(0, SIZE, (byte) 1);
    RamImages images = RamImages.of(List.of(first), store);
    List<Ram> all = new ArrayList<>(List.of(first));
    for (int i = 0; i < 200; i++) {
      Ram next = images.make(0);
      next.write(i * PAGE, 8, i);
      all.add(next);
    }
    assertTrue(files() > 200, "each has a mapping");
    assertTrue(HostPages.LIMIT.taken() <= taken, "what nobody has written counts once");
    images.close();
    all.forEach(Ram::giveBack);
    // What other tests have left may be collected meanwhile.
    assertTrue(files() <= files, "mappings of files");
    assertTrue(descriptors() <= descriptors, "files");
    assertTrue(HostPages.LIMIT.taken() <= taken - SIZE, "bytes");
  }

  @Test
  void imagesThatFollowEachOtherTakeMemoryForWhatWasWrittenBetween() {
    Ram ram = new Ram(0, SIZE);
    ram.write(0, 8, 1);
    try (RamImages first = RamImages.next(List.of(ram), store, true, false)) {
      long base = store.held();
      assertEquals(0, base, "it shares all");
      ram.write(0x3000, 8, 3);
      ram.write(0x5000, 8, 5);
      try (RamImages second = RamImages.next(List.of(ram), store, true, false)) {
        assertEquals(base + 0x2000, store.held());
        ram.write(0x5000, 8, 6);
        try (RamImages third = RamImages.next(List.of(ram), store, true, false)) {
          assertEquals(base + 0x3000, store.held());
          Ram latest = third.make(0);
          assertEquals(6, latest.read(0x5000, 8));
          assertEquals(3, latest.read(0x3000, 8));
          latest.giveBack();
        }
        Ram other = first.make(0);
        assertEquals(0, other.read(0x5000, 8));
        second.restore(0, other);
        assertEquals(5, other.read(0x5000, 8));
        assertEquals(1, other.read(0, 8));
        first.restore(0, other);
        assertEquals(0, other.read(0x3000, 8));
        other.giveBack();
      }
    }
    ram.giveBack();
    assertEquals(0, store.held());
  }

  /** What was written since isn't needed there any more, and what wasn't is. */
  @Test
  void ofAnImageThatIsGoneThePagesThatWereWrittenSinceAreGivenBack() {
    Ram ram = new Ram(0, SIZE);
    ram.write(0, 8, 1);
    ram.write(0x1000, 8, 2);
    RamImages.next(List.of(ram), store, true, false).close();
    ram.write(0, 8, 3);
    RamImages.next(List.of(ram), store, true, false).close();
    try (RamImages later = RamImages.next(List.of(ram), store, true, false)) {
      assertEquals(0x1000, store.held(), "the copy of the page that was written");
      Ram other = later.make(0);
      assertEquals(3, other.read(0, 8));
      assertEquals(2, other.read(0x1000, 8));
      other.giveBack();
    }
    assertEquals(3, ram.read(0, 8));
    assertEquals(2, ram.read(0x1000, 8));
  }
}
