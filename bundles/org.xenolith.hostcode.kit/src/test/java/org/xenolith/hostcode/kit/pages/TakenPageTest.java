// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/** What is known of a page whose code is an earlier engine's, its own, or both. */
class TakenPageTest {
  private static final int MISS = 0;

  private final Arena arena = Arena.ofConfined();
  private final Ram ram = new Ram(0, NativePage.BYTES);
  private final byte[] room = new byte[NativePage.BYTES];

  @BeforeEach
  void fill() {
    assertTrue(HostMemory.OUTSIDE, "tables of pages are outside the heap");
    byte[] bytes = new byte[NativePage.BYTES];
    new Random(1).nextBytes(bytes);
    ram.write(0, bytes, 0, bytes.length);
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private NativePage page(int shift) {
    MemorySegment table = arena.allocate(NativePage.TABLE, 8);
    return new NativePage(ram, 0, table.address(), shift, MISS);
  }

  private static StoredCode stored(ExitTable exits, int shift, StoredCode earlier) {
    return StoredCode.of(16, 4096, shift, exits.count(), exits, earlier);
  }

  /** Index and word of everything that is stored of the first page. */
  private static List<String> words(StoredCode code) {
    List<String> all = new ArrayList<>();
    int at = 0;
    for (int i : code.translated(0).stream().toArray()) {
      all.add(i + " " + code.word(at++));
    }
    assertEquals(code.size(), at);
    return all;
  }

  private List<String> words(int shift, int... fromTo) {
    List<String> all = new ArrayList<>();
    for (int k = 0; k < fromTo.length; k += 2) {
      for (int i = fromTo[k]; i < fromTo[k + 1]; i++) {
        all.add(i + " " + (int) ram.read(i << shift, 1 << shift));
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {NativePage.BY_BYTES, NativePage.BY_WORDS})
  void whatWasTakenAndWhatIsNewAreKeptAsTheyWereTranslated(int shift) {
    ExitTable exits = new ExitTable();
    NativePage first = page(shift);
    exits.own(first);
    first.translated(3, 10);
    first.begins(3, 64);
    StoredCode one = stored(exits, shift, null);
    assertEquals(words(shift, 3, 10), words(one));

    ExitTable later = new ExitTable();
    later.restore(one.exits(), one.pages());
    NativePage second = page(shift);
    assertEquals(0, one.find(second, 3, room, number -> later.owner(number) == null));
    assertFalse(second.holds(0, NativePage.BYTES - 1));
    second.take(one, 0);
    second.begins(3, 64);
    later.own(second, 0);
    assertTrue(second.hasTaken() && !second.hasOwn());
    assertTrue(second.holds(9 << shift, 9 << shift) && !second.holds(10 << shift, 11 << shift));
    assertEquals(words(one), words(stored(later, shift, one)), "nothing new");

    List<String> all = words(shift, 3, 10, 20, 24);
    second.translated(20, 24);
    second.begins(20, 128);
    // The guest has written there since: the page is no more, its code is still worth being kept.
    ram.write(5 << shift, 1, ~ram.read(5 << shift, 1));
    ram.write(21 << shift, 1, ~ram.read(21 << shift, 1));
    StoredCode two = stored(later, shift, one);
    assertEquals(all, words(two));
    assertEquals(List.of(3, 20), List.of(two.entries().get(0), two.entries().get(1)));
    assertEquals(StoredCode.NONE, two.find(page(shift), 3, room, number -> true), "it isn't that page any more");
  }

  /** Code anywhere, and a byte of it that is another one: at any place, and none outside of it. */
  @ParameterizedTest
  @ValueSource(ints = {NativePage.BY_BYTES, NativePage.BY_WORDS})
  void aPageIsFoundIfNoneOfWhatWasTranslatedIsAnotherOne(int shift) {
    Random random = new Random(shift);
    int indices = NativePage.indices(shift);
    for (int round = 0; round < 20; round++) {
      ExitTable exits = new ExitTable();
      NativePage first = page(shift);
      exits.own(first);
      boolean[] code = new boolean[NativePage.BYTES];
      for (int piece = 0; piece < 1 + random.nextInt(6); piece++) {
        int from = random.nextInt(4) == 0 ? 64 * random.nextInt(indices / 64) : random.nextInt(indices);
        int to = Math.min(indices, from + 1 + random.nextInt(random.nextBoolean() ? 10 : 300));
        first.translated(from, to);
        first.begins(from, 64);
        Arrays.fill(code, from << shift, to << shift, true);
      }
      int begin = first.translated().nextSetBit(0);
      StoredCode stored = stored(exits, shift, null);
      assertEquals(0, stored.find(page(shift), begin, room, number -> true));
      for (int i = 0; i < NativePage.BYTES; i++) {
        if (i >> shift == begin) {
          continue;
        }
        ram.write(i, 1, ~ram.read(i, 1));
        assertEquals(code[i] ? StoredCode.NONE : 0, stored.find(page(shift), begin, room, number -> true), "byte " + i);
        ram.write(i, 1, ~ram.read(i, 1));
      }
    }
  }
}
