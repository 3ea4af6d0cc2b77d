// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.graph.CodePage;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Feature;

/** However much code guests write, so much of what was made of it is kept. */
class LibraryTest {
  private static final int ADD_X0 = 0x9100_0000;
  private static final int B_TO_ITSELF = 0x1400_0000;
  private static final int MOST = 40;

  private final Library library = new Library(MOST);

  /** Two additions, and a branch to itself; a constant of 12 bits each. */
  private static Flow flow(int first, int second) {
    int[] words = new int[CodePage.WORDS];
    words[0] = ADD_X0 | first << 10;
    words[1] = ADD_X0 | second << 10;
    words[2] = B_TO_ITSELF;
    return new Flow(words, new Decoder(EnumSet.of(Feature.BASE)), 0, 1000, new BitSet(), new BitSet());
  }

  private void add(int first, int second) throws ReflectiveOperationException {
    library.add(new Compiled(Translation.of(flow(first, second), new int[] {0}, false)));
  }

  @Test
  void ofRegionsThatBeginAlikeTheFirstGo() throws ReflectiveOperationException {
    for (int i = 0; i < 2 * Library.MOST_ALIKE; i++) {
      add(1, i);
    }
    assertEquals(Library.MOST_ALIKE, library.count());
  }

  @Test
  void ofAllRegionsThoseUsedLongestAgoGo() throws ReflectiveOperationException {
    for (int i = 0; i < 2 * MOST; i++) {
      add(i, 0);
      assertEquals(Math.min(i + 1, MOST), library.count());
    }
  }

  @Test
  void withManyRequestsWaitingNoMoreAreTaken() {
    List<Runnable> tasks = new ArrayList<>();
    Translator translator = new Translator(false, new AtOnce() {
      @Override
      public void execute(Runnable task) {
        tasks.add(task);
      }
    });
    Request request = new Request(flow(1, 2), new int[] {0}, new EntryNode[0], null, failure -> {});
    for (int i = 0; i < Translator.MOST_WAITING + 10; i++) {
      translator.request(request);
    }
    assertEquals(Translator.MOST_WAITING, tasks.size());
    tasks.removeFirst().run();
    translator.request(request);
    assertEquals(Translator.MOST_WAITING, tasks.size());
  }
}
