// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.BitSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a piece of code that outlives its engine: its ways out, and the instructions of each page that it was made of. The code
 * of a page has jumps to itself and to what every engine has at the same place, so it is valid where it was, for any page with the
 * same instructions.
 *
 * @param origin     where it begins
 * @param end        where code is free behind it
 * @param shift      bytes of what has an index, as a power of two
 * @param exits      its ways out, as {@link ExitTable#keep} gives them
 * @param translated the indices of a page that have code: so many words of bits, page by page
 * @param words      what is at these, page by page
 * @param wordsFrom  where those of a page begin; one more than pages
 * @param entries    the instructions where blocks begin, page by page
 * @param places     where they begin in the code
 * @param ends       where the next block of any page begins: up to there is the block's code, behind the last that was translated at once the ways out of all of these
 * @param entriesFrom where those of a page begin; one more than pages
 * @param keys       where to look for a page: its number, below its instruction at which a block begins, below that instruction's number;
 *                   ascending
 * @param bytes      the code, of which pages bring what they need; null if it is where it is executed
 */
public record StoredCode(int origin, int end, int shift, KeptExits exits, LongBuffer translated, ByteBuffer words, IntBuffer wordsFrom,
    IntBuffer entries,
    IntBuffer places, IntBuffer ends, IntBuffer entriesFrom, LongBuffer keys, @Nullable StoredBytes bytes) {
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Of no page. */
  static final int NONE = -1;
  /** Bits of a page's number in a key. */
  private static final int NUMBER = 21;

  /**
   * What an engine has.
   *
   * @param exits   its ways out
   * @param earlier what it has taken over from another one; null if nothing
   */
  static StoredCode of(int origin, int end, int shift, int firstExit, ExitTable exits, StoredCode earlier) {
    return new PageCollection(exits, shift, earlier).stored(origin, end, firstExit);
  }

  /** Words of bits of a page. */
  public static int bits(int shift) {
    return NativePage.indices(shift) / Long.SIZE;
  }

  /** One of {@link #words}, by its number. */
  int word(int at) {
    return shift == NativePage.BY_BYTES ? words.get(at) & 0xFF : words.getInt(at << shift);
  }

  /** How many words there are. */
  int size() {
    return words.limit() >> shift;
  }

  /** Pages. */
  int pages() {
    return wordsFrom.limit() - 1;
  }

  /** What to look for. */
  static long key(int index, int word, int number) {
    return ((long) index << Integer.SIZE | word & 0xFFFF_FFFFL) << NUMBER | number;
  }

  /**
   * The page that most is known of, of those with the same instructions as one, and with a block that begins at its instruction.
   *
   * @param bytes room for those of a page, overwritten
   * @param open  whether a page may be taken
   */
  int find(NativePage page, int index, byte[] bytes, IntPredicate open) {
    long first = key(index, page.word(index), 0);
    int best = NONE;
    boolean read = false;
    for (int at = from(first); at < keys.limit() && keys.get(at) >>> NUMBER == first >>> NUMBER; at++) {
      int number = (int) keys.get(at) & (1 << NUMBER) - 1;
      if ((best == NONE || size(number) > size(best)) && open.test(number)) {
        if (!read) {
          page.ram.read(page.offset, bytes, 0, NativePage.BYTES);
          read = true;
        }
        if (same(bytes, number)) {
          best = number;
        }
      }
    }
    return best;
  }

  /** The first key that isn't smaller. */
  private int from(long key) {
    int from = 0;
    int to = keys.limit();
    while (from < to) {
      int middle = from + to >>> 1;
      if (keys.get(middle) < key) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private int size(int number) {
    return wordsFrom.get(number + 1) - wordsFrom.get(number);
  }

  /** Whether the instructions of a page that were translated are what these bytes of one are. */
  boolean same(byte[] page, int number) {
    int word = wordsFrom.get(number);
    int first = number * bits(shift);
    for (int i = first; i < first + bits(shift); i++) {
      int at = (i - first) * Long.SIZE;
      for (long bits = translated.get(i); bits != 0;) {
        // Instructions follow each other: so many indices at once.
        int from = Long.numberOfTrailingZeros(bits);
        int length = Long.numberOfTrailingZeros(~(bits >>> from));
        if (!same(word << shift, page, at + from << shift, length << shift)) {
          return false;
        }
        word += length;
        bits = from + length == Long.SIZE ? 0 : bits & -1L << from + length;
      }
    }
    return true;
  }

  private boolean same(int at, byte[] page, int in, int length) {
    int done = 0;
    for (; done <= length - Long.BYTES; done += Long.BYTES) {
      if (words.getLong(at + done) != (long) LONG.get(page, in + done)) {
        return false;
      }
    }
    for (; done < length; done++) {
      if (words.get(at + done) != page[in + done]) {
        return false;
      }
    }
    return true;
  }

  /** The indices of a page that have code. */
  BitSet translated(int number) {
    return BitSet.valueOf(translated.slice(number * bits(shift), bits(shift)));
  }

  /** Puts what the instructions of a page were where they are in it. */
  void words(int number, byte[] page) {
    int word = wordsFrom.get(number);
    int first = number * bits(shift);
    for (int i = first; i < first + bits(shift); i++) {
      for (long bits = translated.get(i); bits != 0; bits &= bits - 1) {
        NativePage.word(page, (i - first) * Long.SIZE + Long.numberOfTrailingZeros(bits), shift, word(word++));
      }
    }
  }

  /** Brings all code of a file to where it is executed, whoever has its page. @throws IOException if the file doesn't have it any more */
  public void bringAll() throws IOException {
    bytes.bringAll();
  }

  /** Nothing more of the file is needed. */
  void close() {
    bytes.close();
  }

  /**
   * Gives a page the code of another one with the same instructions, which must be one of a file.
   *
   * @throws IOException if the file doesn't have it any more; the page has no code then
   */
  void restore(int number, NativePage page) throws IOException {
    for (int i = entriesFrom.get(number); i < entriesFrom.get(number + 1); i++) {
      bytes.bring(places.get(i), ends.get(i));
    }
    page.take(this, number);
    for (int i = entriesFrom.get(number); i < entriesFrom.get(number + 1); i++) {
      page.begins(entries.get(i), places.get(i));
    }
  }
}
