// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** Collects the pages of an engine that ends. */
final class PageCollection {
  private final ExitTable exits;
  private final int shift;
  private final StoredCode earlier;
  private final long[] translated;
  private final int[] wordsFrom;
  private final int[] entriesFrom;
  private byte[] words = new byte[1 << 18];
  private int[] entries = new int[1 << 12];
  private int[] places = new int[1 << 12];
  private long[] keys = new long[1 << 12];
  private int wordCount;
  private int entryCount;

  /**
   * Collects them.
   *
   * @param shift   bytes of what has an index, as a power of two
   * @param earlier what pages without an owner are taken from; null if there are none
   */
  PageCollection(ExitTable exits, int shift, StoredCode earlier) {
    this.exits = exits;
    this.shift = shift;
    this.earlier = earlier;
    int pages = exits.pages();
    translated = new long[pages * StoredCode.bits(shift)];
    wordsFrom = new int[pages + 1];
    entriesFrom = new int[pages + 1];
    for (int number = 0; number < pages; number++) {
      NativePage page = exits.owner(number);
      if (page == null) {
        add(number);
      } else if (page.whole() && page.hasOwn()) {
        add(page);
      } else if (page.whole() && page.hasTaken()) {
        add(number);
      }
      wordsFrom[number + 1] = wordCount;
      entriesFrom[number + 1] = entryCount;
    }
    Arrays.sort(keys, 0, entryCount);
  }

  /** Nobody took that page, or added anything to it: it is as it was. */
  private void add(int number) {
    BitSet bits = earlier.translated(number);
    mark(number, bits);
    int[] known = new int[NativePage.indices(shift)];
    int from = earlier.wordsFrom().get(number);
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      known[i] = earlier.word(from++);
      word(known[i]);
    }
    for (int i = earlier.entriesFrom().get(number); i < earlier.entriesFrom().get(number + 1); i++) {
      int index = earlier.entries().get(i);
      entry(number, index, earlier.places().get(i), known[index]);
    }
  }

  private void add(NativePage page) {
    BitSet bits = page.translated();
    mark(page.number, bits);
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      word(page.asTranslated(i));
      int place = page.entry(i);
      if (place != 0) {
        entry(page.number, i, place, page.asTranslated(i));
      }
    }
  }

  private void mark(int number, BitSet bits) {
    long[] all = bits.toLongArray();
    System.arraycopy(all, 0, translated, number * StoredCode.bits(shift), all.length);
  }

  private void word(int value) {
    if (wordCount << shift == words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    NativePage.word(words, wordCount++, shift, value);
  }

  private void entry(int number, int index, int place, int word) {
    if (entryCount == entries.length) {
      entries = Arrays.copyOf(entries, 2 * entryCount);
      places = Arrays.copyOf(places, 2 * entryCount);
      keys = Arrays.copyOf(keys, 2 * entryCount);
    }
    entries[entryCount] = index;
    places[entryCount] = place;
    keys[entryCount++] = StoredCode.key(index, word, number);
  }

  /** Where the next block begins behind each. */
  private IntBuffer ends(int end) {
    int[] sorted = Arrays.copyOf(places, entryCount);
    Arrays.sort(sorted);
    int[] ends = new int[entryCount];
    for (int i = 0; i < entryCount; i++) {
      int next = Arrays.binarySearch(sorted, places[i]) + 1;
      ends[i] = next < entryCount ? sorted[next] : end;
    }
    return IntBuffer.wrap(ends);
  }

  /** The whole, with the engine's code. */
  StoredCode stored(int origin, int end, int firstExit) {
    return new StoredCode(origin, end, shift, exits.keep(firstExit, exits.count()), LongBuffer.wrap(translated), ByteBuffer.wrap(words, 0,
        wordCount << shift).slice().order(ByteOrder.LITTLE_ENDIAN), IntBuffer.wrap(wordsFrom), IntBuffer.wrap(entries, 0, entryCount)
            .slice(), IntBuffer.wrap(places, 0,
                entryCount).slice(),
        ends(end), IntBuffer.wrap(entriesFrom), LongBuffer.wrap(keys, 0, entryCount).slice(), null);
  }
}
