// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.machine.kit.HostMemory;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.Mmu;
import org.xenolith.x64.arch.TlbEntry;

/**
 * The pages that code may store to: a few at a time, each of which is copied before each way. The CPU's own tags for stores are withheld, so that code asks for every page; of one that it
 * is given only code's copy of the tag is set. The interpreter's stores are told of.
 */
final class CheckedPages {
  private static final int PAGE = 4096;
  /** As many as an instruction that moves strings and its neighbours need. */
  private static final int MOST = 4;
  /** Pages that the interpreter stored to on one way, of which more aren't told. */
  private static final int TOLD = 8;

  private final Core cpu;
  private final NativeState state;
  private final long[] tags = new long[MOST];
  private final long[] pages = new long[MOST];
  private final long[] places = new long[MOST];
  private final long[][] before = new long[MOST][PAGE / 8];
  private final long[][] stored = new long[MOST][PAGE / 8];
  private final boolean[] live = new boolean[MOST];
  private final long[] told = new long[TOLD];
  private int tells;
  private int next;

  CheckedPages(Core cpu, NativeState state) {
    this.cpu = cpu;
    this.state = state;
  }

  private static int tag(long page) {
    return StateLayout.DATA + Mmu.index(page) * StateLayout.DATA_ENTRY + 8;
  }

  /** Lets code store to the page of an entry; the page that was given first is taken away. */
  boolean give(TlbEntry entry, long tag) {
    take(next);
    long page = tag & -PAGE;
    tags[next] = tag;
    pages[next] = page;
    places[next] = page + entry.delta;
    state.word(tag(page), tag);
    next = (next + 1) % MOST;
    return true;
  }

  private void take(int i) {
    if (tags[i] != 0 && state.word(tag(pages[i])) == tags[i]) {
      state.word(tag(pages[i]), 0);
    }
    tags[i] = 0;
  }

  /** A way begins: what code may still store to is copied. */
  void begin() {
    tells = 0;
    for (int i = 0; i < MOST; i++) {
      live[i] = tags[i] != 0 && state.word(tag(pages[i])) == tags[i] && cpu.data[Mmu.index(pages[i])].withholds(tags[i]) && places[i]
          == pages[i]
              + cpu.data[Mmu.index(pages[i])].delta;
      if (live[i]) {
        copy(places[i], before[i]);
      } else {
        take(i);
      }
    }
  }

  private static void copy(long place, long[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = HostMemory.read64(null, place + 8L * i);
    }
  }

  /** What code has stored is taken back. */
  void takeBack() {
    for (int i = 0; i < MOST; i++) {
      if (live[i]) {
        copy(places[i], stored[i]);
      }
    }
    restore();
  }

  /** The pages are what they were before the way. */
  void restore() {
    for (int i = 0; i < MOST; i++) {
      if (live[i]) {
        for (int word = 0; word < PAGE / 8; word++) {
          HostMemory.write64(null, places[i] + 8L * word, before[i][word]);
        }
      }
    }
  }

  /** The interpreter is about to store to a page. */
  void interpreted(long page) {
    for (int i = 0; i < MOST; i++) {
      if (live[i] && pages[i] == page) {
        return;
      }
    }
    if (tells < TOLD) {
      told[tells++] = page;
    }
  }

  /** Where memory isn't what code made of it, a line each: the interpreter's word, then code's. */
  String differences() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < MOST; i++) {
      for (int word = 0; live[i] && word < PAGE / 8; word++) {
        long one = HostMemory.read64(null, places[i] + 8L * word);
        if (one != stored[i][word]) {
          text.append("  memory at 0x%x: 0x%016x, 0x%016x%n".formatted(pages[i] + 8L * word, one, stored[i][word]));
        }
      }
    }
    for (int i = 0; i < tells; i++) {
      text.append("  memory in the page at 0x%x: stored to, not stored to%n".formatted(told[i]));
    }
    return text.toString();
  }
}
