// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.util.Arrays;
import org.xenolith.cpu.graph.Node;

/** What the ways out of code are for, by the number that they come with. */
final class CodeExits {
  /** The branch to {@link #index} has no code yet; the jump at {@link #place} is to lead there. */
  static final byte CHAIN = 0;
  /** An access has no tag; it is done again from {@link #place} on, or by the interpreter. */
  static final byte ACCESS = 1;
  /** The block at {@link #index} has more instructions than are left; {@link #rest} were counted. */
  static final byte BUDGET = 2;
  /** The interpreter is to execute the instruction. */
  static final byte INTERPRET = 3;
  /** A branch left the page, and its target isn't known. */
  static final byte LOOKUP = 4;
  /** The next page is reached straight on, and isn't known. */
  static final byte NEXT = 5;

  /** Code has no vector registers yet, or instructions on them trap; it goes on at {@link #place}. */
  static final byte VECTORS = 6;

  /** The CPU reads a system register or maintains a cache, as the word in {@link #access} says; code goes on at {@link #place}. */
  static final byte SYSTEM = 7;

  /** The same where the host's arithmetic isn't known to be what FPCR asks for. */
  static final byte NUMBERS = 8;

  /** The CPU writes a register that translation depends on, as the word in {@link #access} says. */
  static final byte CONTEXT = 9;

  /** The CPU takes the exception of a call of the system, calls firmware, or returns from an exception, as the word in {@link #access} says. */
  static final byte TRANSFER = 10;

  /** The CPU reads a counter that code can't read yet; otherwise as {@link #SYSTEM}. */
  static final byte COUNTER = 11;

  /** Many rounds of the {@link CopyLoop} in {@link #access}, which begins at {@link #index}, are to come; code goes on at {@link #place}. */
  static final byte COPY = 12;

  private static final int FIRST = 1 << 12;
  /** Accesses to devices that are at hand; a power of two. */
  private static final int DEVICES = 256;
  /** Where {@link #index}, which may be that behind a page's last, and {@link #rest} are in what is kept. */
  private static final int INDEX = 4;
  private static final int REST = 15;

  byte[] kind = new byte[FIRST];
  /** The page, by its number. */
  private int[] owner = new int[FIRST];
  int[] index = new int[FIRST];
  /** Instructions that were counted and aren't done, with that at {@link #index}. */
  int[] rest = new int[FIRST];
  int[] place = new int[FIRST];
  /**
   * Of {@link #SYSTEM}, {@link #COUNTER}, {@link #CONTEXT} and {@link #TRANSFER} the instruction; of {@link #ACCESS}: bytes, and above them {@link #STORE}, {@link #USER},
   * an element's size, and the bytes of code from {@link #place} to what is behind the instruction.
   */
  int[] access = new int[FIRST];
  static final int STORE = 1 << 8;
  static final int USER = 1 << 9;
  /** Bytes of an element, as a power of two, above this bit. */
  static final int ELEMENT = 12;
  /** All that it may be. */
  static final int ELEMENT_MASK = 7;
  /** The bytes of an access's code, above this bit. */
  static final int LENGTH = 16;
  /** Of what the interpreter executes, once it has. */
  Node[] node = new Node[FIRST];
  private final DeviceAccess[] devices = new DeviceAccess[DEVICES];
  private int count;
  private TranslatedPage[] pages = new TranslatedPage[FIRST];
  private int pageCount;

  /** What is known of an access that went to a device; null for nothing. */
  DeviceAccess device(int exit) {
    DeviceAccess known = devices[exit & DEVICES - 1];
    return known != null && known.exit == exit ? known : null;
  }

  /** An access went to a device. */
  void device(DeviceAccess known) {
    devices[known.exit & DEVICES - 1] = known;
  }

  /** The page that a way out leads from. */
  TranslatedPage page(int exit) {
    return pages[owner[exit]];
  }

  /** A page has code from now on, and a number. */
  void own(TranslatedPage page) {
    if (pageCount == pages.length) {
      pages = Arrays.copyOf(pages, 2 * pageCount);
    }
    page.number = pageCount;
    pages[pageCount++] = page;
  }

  /** A page has code that was made earlier, with a number that was kept. */
  void own(TranslatedPage page, int number) {
    page.number = number;
    pages[number] = page;
  }

  /** The page with a number; null while it has none. */
  TranslatedPage owner(int number) {
    return pages[number];
  }

  /** Numbers of pages. */
  int pages() {
    return pageCount;
  }

  int add(byte newKind, TranslatedPage of, int at) {
    if (count == kind.length) {
      room(2 * count);
    }
    devices[count & DEVICES - 1] = null;
    kind[count] = newKind;
    owner[count] = of == null ? TranslatedPage.NONE : of.number;
    index[count] = at;
    rest[count] = 0;
    node[count] = null;
    return count++;
  }

  private void room(int exits) {
    kind = Arrays.copyOf(kind, exits);
    owner = Arrays.copyOf(owner, exits);
    index = Arrays.copyOf(index, exits);
    rest = Arrays.copyOf(rest, exits);
    place = Arrays.copyOf(place, exits);
    access = Arrays.copyOf(access, exits);
    node = Arrays.copyOf(node, exits);
  }

  /** What is known of ways out from one number up to another, in four numbers each, for {@link #restore}. */
  int[][] keep(int from, int to) {
    int[] what = new int[to - from];
    for (int i = from; i < to; i++) {
      what[i - from] = kind[i] | index[i] << INDEX | rest[i] << REST;
    }
    return new int[][] {what, Arrays.copyOfRange(owner, from, to), Arrays.copyOfRange(place, from, to), Arrays.copyOfRange(access, from,
        to)};
  }

  /** Adds ways out that were kept, and numbers for their pages. */
  void restore(int[][] kept, int keptPages) {
    int[] what = kept[0];
    if (count + what.length > kind.length) {
      // Hardly more: what is kept is nearly all that a guest executes.
      room((count + what.length) / 8 * 9);
    }
    for (int i = 0; i < what.length; i++) {
      kind[count + i] = (byte) (what[i] & (1 << INDEX) - 1);
      index[count + i] = what[i] >>> INDEX & 2 * TranslatedPage.WORDS - 1;
      rest[count + i] = what[i] >>> REST;
    }
    Arrays.fill(devices, null);
    System.arraycopy(kept[1], 0, owner, count, what.length);
    System.arraycopy(kept[2], 0, place, count, what.length);
    System.arraycopy(kept[3], 0, access, count, what.length);
    count += what.length;
    pageCount = keptPages;
    pages = Arrays.copyOf(pages, Math.max(pages.length, 2 * keptPages));
  }

  /** No page has a number any more. */
  void forgetPages() {
    Arrays.fill(pages, 0, pageCount, null);
    pageCount = 0;
  }

  int count() {
    return count;
  }

  /** Those from a number on are none any more. */
  void clear(int from) {
    Arrays.fill(node, from, count, null);
    count = from;
  }
}
