// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class CopiedPagesTest {
  private static final long BASE = 0x4000_0000L;
  private static final int SIZE = 4 << 20;
  private static final int PAGE = 4096;
  private final PageStore store = new PageStore();
  private final Ram ram = new Ram(BASE, SIZE);
  private final List<Ram> made = new ArrayList<>();

  /** What isn't so where the host doesn't say which pages were written (before Linux 6.7): there images are those of {@link RamImagesTest}. */
  private static void equal(Object expected, Object found, String what) {
    assertEquals(WriteProtection.possible() ? expected : found, found, what);
  }

  private RamImages next(Ram of) {
    return RamImages.next(List.of(of), store, true);
  }

  private Ram made(RamImages of) {
    made.add(of.make(0));
    return made.getLast();
  }

  private static long pages(long bytes) {
    return bytes / PAGE;
  }

  @Test
  void aCopyTakesWhatWasWrittenSinceTheOneBefore() {
    ram.write(0x1000, 8, 1);
    ram.write(0x2000, 8, 2);
    try (RamImages first = next(ram)) {
      equal(2L, pages(store.held()), "two were written");
      HostMemory.write64(ram.heap, ram.place + 0x2008, 3);
      HostMemory.write64(ram.heap, ram.place + 0x20_0000, 0);
      try (RamImages second = next(ram)) {
        equal(3L, pages(store.held()), "one page was written, one of zeros was touched");
        try (RamImages third = next(ram)) {
          equal(3L, pages(store.held()), "nothing was written");
        }
        assertEquals(3, made(second).read(0x2008, 8));
      }
      equal(3L, pages(store.held()), "the latest is what the next one is compared with");
      assertEquals(0, made(first).read(0x2008, 8));
      made.forEach(Ram::giveBack);
    }
    equal(2L, pages(store.held()), "of what is gone nothing is kept that the latest doesn't have");
  }

  @Test
  void anyCopyComesBackInAnyOrder() {
    Random random = new Random(3);
    List<RamImages> all = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    for (int writes : new int[] {700, 3, 0, 40, 1, 500, 7}) {
      for (int i = 0; i < writes; i++) {
        ram.write(random.nextInt(SIZE / 8) * 8, 8, random.nextLong());
      }
      switch (contents.size()) {
        case 2 -> ram.clear(0x10_0000, 0x10_0000);
        case 4 -> ram.clear(0x3000, PAGE);
        case 5 -> ram.fill(0x5000, 3 * PAGE, (byte) 0);
        default -> {
        }
      }
      all.add(next(ram));
      contents.add(ram.content());
    }
    Ram other = all.getFirst().make(0);
    for (int i = 0; i < 40; i++) {
      int to = random.nextInt(all.size());
      Ram goes = random.nextBoolean() ? other : ram;
      goes.write(random.nextInt(SIZE / 8) * 8, 8, 1);
      all.get(to).restore(0, goes);
      assertEquals(-1, goes.mismatch(0, contents.get(to), 0, SIZE), () -> "copy " + to);
      try (RamImages again = next(goes)) {
        assertEquals(-1, again.make(0).mismatch(0, contents.get(to), 0, SIZE), () -> "a copy of copy " + to);
      }
    }
    other.clear();
    all.forEach(RamImages::close);
  }

  private static List<Boolean> written(RamImages earlier, RamImages later, int... pages) {
    return Arrays.stream(pages).mapToObj(each -> later.written(earlier, BASE + (long) each * PAGE + 8, 8)).toList();
  }

  @Test
  void aCopyKnowsWhatWasWrittenSinceAnEarlierOneEvenWithTheSame() {
    ram.write(0x1000, 8, 1);
    try (RamImages first = next(ram)) {
      HostMemory.write64(ram.heap, ram.place + 0x1008, 0);
      try (RamImages second = next(ram)) {
        HostMemory.write64(ram.heap, ram.place + 0x3008, 3);
        ram.clear(0x20_0000, 0x10_0000);
        try (RamImages third = next(ram)) {
          equal(List.of(true, false, false), written(first, second, 1, 2, 3), "the same was written");
          equal(List.of(false, false, true, true), written(second, third, 1, 2, 3, 0x210), "and given back");
          equal(List.of(true, false, true), written(first, third, 1, 2, 3), "over two");
          equal(true, third.written(second, BASE + 0x2FF0, 0x20), "bytes of two pages");
          assertEquals(List.of(true, true), List.of(first.written(third, BASE, 8), third.written(second, 0, 8)),
              "of an earlier one, and of what is no chunk's, nothing is known");
          aForkKnowsItFromThere(first, second, third);
        }
      }
    }
  }

  private void aForkKnowsItFromThere(RamImages first, RamImages second, RamImages third) {
    Ram fork = made(second);
    fork.write(0x5000, 8, 1);
    try (RamImages later = next(fork)) {
      equal(List.of(false, true), written(second, later, 3, 5), "what it wrote itself");
      equal(List.of(true, false, true), written(first, later, 1, 3, 5), "and what was written before");
      assertEquals(List.of(true, true), List.of(later.written(third, BASE, 8), third.written(later, BASE, 8)), "it isn't made on that");
    }
    fork.clear();
  }

  @Test
  void aChunkThatGoesBackTellsOfPagesThatChange() {
    ram.write(0x5000, 8, 5);
    try (RamImages first = next(ram)) {
      ram.write(0x9000, 8, 9);
      try (RamImages later = next(ram)) {
        List<String> told = new ArrayList<>();
        ram.listen((chunk, offset, length) -> told.add("code " + offset / PAGE));
        for (int page : new int[] {2, 5, 9, 11}) {
          ram.markCode(page * PAGE);
        }
        HostMemory.write64(ram.heap, ram.place + 0x2008, 1);
        later.restore(0, ram);
        equal(List.of("code 2"), told, "what it wrote");
        told.clear();
        first.restore(0, ram);
        equal(List.of("code 9"), told, "what differs");
        assertEquals(List.of(0L, 5L, 0L), List.of(ram.read(0x2008, 8), ram.read(0x5000, 8), ram.read(0x9000, 8)));
      }
    }
  }

  @Test
  void forksAndCopiesOfTheSameChunkComeBack() {
    ram.write(0x5000, 8, 1);
    try (RamImages copy = next(ram)) {
      ram.write(0x5000, 8, 2);
      try (RamImages fork = RamImages.of(List.of(ram), store)) {
        ram.write(0x5000, 8, 3);
        try (RamImages shared = next(ram)) {
          copy.restore(0, ram);
          assertEquals(1, ram.read(0x5000, 8));
          ram.write(0x6000, 8, 4);
          try (RamImages again = next(ram)) {
            fork.restore(0, ram);
            assertEquals(2, ram.read(0x5000, 8));
            shared.restore(0, ram);
            assertEquals(3, ram.read(0x5000, 8));
            again.restore(0, ram);
            assertEquals(List.of(1L, 4L), List.of(ram.read(0x5000, 8), ram.read(0x6000, 8)));
          }
        }
      }
    }
    ram.giveBack();
    ram.write(0x5000, 8, 1);
    try (RamImages after = next(ram)) {
      assertEquals(1, after.make(0).read(0x5000, 8));
    }
  }

  @Test
  void whatIsAsItWasLoadedTakesNothing() {
    byte[] loaded = new byte[64 * PAGE];
    new Random(5).nextBytes(loaded);
    ram.write(0x8000, loaded, 0, loaded.length);
    store.loaded(BASE + 0x8000, MemorySegment.ofArray(loaded));
    ram.write(0x9000, 8, 0);
    try (RamImages first = next(ram)) {
      equal(1L, pages(store.held()), "the page that was written since");
      ram.clear(0x8000, loaded.length);
      first.restore(0, ram);
      assertTrue(ram.mismatch(0x8000, loaded, 0, PAGE) < 0 && ram.mismatch(0xA000, loaded, 2 * PAGE, 62 * PAGE) < 0);
      assertEquals(0, ram.read(0x9000, 8));
    }
  }
}
