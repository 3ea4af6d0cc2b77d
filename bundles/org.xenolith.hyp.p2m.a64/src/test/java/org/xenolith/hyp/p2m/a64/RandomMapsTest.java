// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.memory.kit.DomainTables;
import org.xenolith.testkit.hyp.FakeDomain;

/** Random maps and unmaps against a plain map of pages, with three and with four levels. */
class RandomMapsTest {
  private static final int STEPS = 400;
  private static final long REGION = 0x3_FE00;
  private static final int PAGES = 4096;
  private static final PageType[] TYPES = {PageType.RAM, PageType.RAM_READ_ONLY, PageType.DEVICE, PageType.GRANT};

  private record Page(long mfn, PageType type) {}

  @ParameterizedTest @ValueSource(longs = {40, 40 | 1 << 8, 40 | 2 << 8, 44, 44 | 1 << 8, 48})
  void aMapOfPagesAgrees(long bitsAndSeed) {
    Board board = new Board();
    FakeDomain guest = board.guest(2);
    FrameHeap heap = board.heap;
    MachineMemory memory = board.memory;
    Stage2Format format = new Stage2Format((int) bitsAndSeed & 0xFF);
    DomainTables tables = new DomainTables(guest.serial(), format, memory, heap);
    long free = heap.free();
    tables.begin(1);
    Map<Long, Page> expected = new HashMap<>();
    Random random = new Random(bitsAndSeed);
    for (int step = 0; step < STEPS; step++) {
      String when = "seed " + bitsAndSeed + ", step " + step;
      long gfn = REGION + random.nextInt(PAGES);
      long count = 1 + random.nextInt(random.nextBoolean() ? 8 : 1500);
      if (random.nextInt(4) != 0) {
        // Blocks need frames that are as aligned as the guest's.
        long mfn = Board.RAM_FRAME + (random.nextBoolean() ? gfn - REGION & 511 : random.nextInt(512)) + 512 * random.nextInt(4);
        PageType type = TYPES[random.nextInt(TYPES.length)];
        tables.map(gfn, mfn, count, type);
        for (long i = 0; i < count; i++) {
          expected.put(gfn + i, new Page(mfn + i, type));
        }
      } else {
        tables.unmap(gfn, count);
        for (long i = 0; i < count; i++) {
          expected.remove(gfn + i);
        }
      }
      for (int look = 0; look < 64; look++) {
        compare(format, tables, expected, REGION + random.nextInt(PAGES + 1500), when);
      }
    }
    Map<Long, Integer> references = new HashMap<>();
    expected.values().stream().filter(p -> p.type != PageType.DEVICE).forEach(p -> references.merge(p.mfn, 1, Integer::sum));
    for (long mfn = Board.RAM_FRAME; mfn < Board.RAM_FRAME + 8192; mfn++) {
      assertEquals(references.getOrDefault(mfn, 0), heap.held(mfn), "references of frame " + mfn + ", seed " + bitsAndSeed);
    }
    tables.end();
    assertEquals(free, heap.free(), "tables that are left, seed " + bitsAndSeed);
  }

  private static void compare(Stage2Format format, DomainTables tables, Map<Long, Page> expected, long gfn, String when) {
    Page page = expected.get(gfn);
    long found = tables.find(gfn);
    assertEquals(page == null ? PageType.NONE : page.type, format.type(found), () -> "type of " + gfn + ", " + when);
    if (page != null) {
      assertEquals(page.mfn, Stage2Format.frame(found), () -> "frame of " + gfn + ", " + when);
    }
    boolean readable = page != null && page.type != PageType.DEVICE;
    boolean writable = readable && page.type != PageType.RAM_READ_ONLY;
    assertEquals(readable ? page.mfn << 12 | 5 : -1, tables.translate(gfn << 12 | 5, false), () -> "read of " + gfn + ", " + when);
    assertEquals(writable ? page.mfn << 12 | 5 : -1, tables.translate(gfn << 12 | 5, true), () -> "write of " + gfn + ", " + when);
  }
}
