// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageStoreTest {
  private static final int PAGE = 4096;
  private static final int MANY = 1000;
  private final PageStore store = new PageStore();
  private final byte[] file = new byte[2 * MANY * PAGE];

  private MemorySegment page(int number) {
    return MemorySegment.ofArray(file).asSlice((long) number * PAGE, PAGE);
  }

  private long add(int page, long address) {
    int number = store.add(address, page(page));
    assertTrue(store.page(number).mismatch(page(page)) < 0);
    return number;
  }

  @Test
  void whatTheFirstStateHasTwiceIsKeptOnce() {
    assertTrue(HostPages.possible(), "the tests of bundles run on Linux, with memory outside the heap");
    new Random(1).nextBytes(file);
    // The same words wherever it is looked at, and others between them.
    MemorySegment.copy(page(900), 0, page(901), 0, PAGE);
    file[901 * PAGE + 20]++;
    store.loaded(1 << 30, MemorySegment.ofArray(file).asSlice(0, (long) MANY * PAGE).asReadOnly());
    for (int i = 0; i < 2 * MANY; i++) {
      add(i, (long) i * PAGE);
    }
    long kept = store.held();
    assertTrue(kept < (MANY + 300L) * PAGE, () -> kept + " bytes");
    for (int i = 0; i < 2 * MANY; i++) {
      add(i, 1 << 25 | (long) i * PAGE);
    }
    // The first few aren't looked for, and one that isn't the first of its words.
    assertTrue(store.held() - kept < 300L * PAGE, () -> store.held() - kept + " bytes");
    store.begun();
    long begun = store.held();
    assertNotEquals(add(1500, 0), add(1500, 0));
    assertEquals(begun + 2 * PAGE, store.held());
  }

  @Test
  void aPageThatOneGivesUpStaysForTheOther() {
    assertTrue(HostPages.possible(), "the tests of bundles run on Linux, with memory outside the heap");
    new Random(2).nextBytes(file);
    int[] numbers = new int[2];
    for (int i = 0; i < 600; i++) {
      numbers[0] = store.add(0, page(i));
    }
    numbers[1] = store.add(0, page(599));
    assertEquals(numbers[0], numbers[1]);
    store.drop(numbers[0]);
    assertTrue(store.page(numbers[1]).mismatch(page(599)) < 0);
    long held = store.held();
    store.drop(numbers[1]);
    assertEquals(held - PAGE, store.held());
  }
}
