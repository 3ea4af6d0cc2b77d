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
  static final int STORE = 1 << 8;
  static final int USER = 1 << 9;
  /** Bytes of an element, as a power of two, above this bit. */
  static final int ELEMENT = 12;
  /** All that it may be. */
  static final int ELEMENT_MASK = 7;
  /** The bytes of an access's code, above this bit. */
  static final int LENGTH = 16;

  /** Null where none of a row was asked for yet. */
  private ExitRow[] rows = new ExitRow[FIRST >>> ExitRow.SHIFT];
  /** What rows are read from; null for nothing. */
  private KeptExits kept;
  /** The number of its first. */
  private int keptFrom;
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
    return pages[row(exit).owner[exit & ExitRow.MASK]];
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
    room(count + 1);
    devices[count & DEVICES - 1] = null;
    ExitRow row = row(count);
    int to = count & ExitRow.MASK;
    row.kind[to] = newKind;
    row.owner[to] = of == null ? TranslatedPage.NONE : of.number;
    row.index[to] = at;
    row.rest[to] = 0;
    row.node[to] = null;
    return count++;
  }

  private void room(int exits) {
    int needed = exits + ExitRow.MASK >>> ExitRow.SHIFT;
    if (needed > rows.length) {
      rows = Arrays.copyOf(rows, 2 * needed);
    }
  }

  private ExitRow row(int exit) {
    ExitRow row = rows[exit >>> ExitRow.SHIFT];
    return row != null ? row : read(exit >>> ExitRow.SHIFT);
  }

  private ExitRow read(int number) {
    ExitRow row = new ExitRow();
    rows[number] = row;
    fill(number, row);
    return row;
  }

  /** What of a row was kept. */
  private void fill(int number, ExitRow row) {
    if (kept != null) {
      int first = number << ExitRow.SHIFT;
      for (int i = Math.max(first, keptFrom); i < Math.min(first + ExitRow.LENGTH, keptFrom + kept.size()); i++) {
        kept.restore(i - keptFrom, row, i & ExitRow.MASK);
      }
    }
  }

  byte kind(int exit) {
    return row(exit).kind[exit & ExitRow.MASK];
  }

  /** The instruction, by its number in the page. */
  int index(int exit) {
    return row(exit).index[exit & ExitRow.MASK];
  }

  /** Instructions that were counted and aren't done, with that at {@link #index}. */
  int rest(int exit) {
    return row(exit).rest[exit & ExitRow.MASK];
  }

  void rest(int exit, int instructions) {
    row(exit).rest[exit & ExitRow.MASK] = instructions;
  }

  int place(int exit) {
    return row(exit).place[exit & ExitRow.MASK];
  }

  void place(int exit, int place) {
    row(exit).place[exit & ExitRow.MASK] = place;
  }

  /**
   * Of {@link #SYSTEM}, {@link #COUNTER}, {@link #CONTEXT} and {@link #TRANSFER} the instruction; of {@link #ACCESS}: bytes, and above them {@link #STORE}, {@link #USER},
   * an element's size, and the bytes of code from {@link #place} to what is behind the instruction.
   */
  int access(int exit) {
    return row(exit).access[exit & ExitRow.MASK];
  }

  void access(int exit, int access) {
    row(exit).access[exit & ExitRow.MASK] = access;
  }

  /** Of what the interpreter executes, once it has; null before that. */
  Node node(int exit) {
    return row(exit).node[exit & ExitRow.MASK];
  }

  void node(int exit, Node node) {
    row(exit).node[exit & ExitRow.MASK] = node;
  }

  /** What is known of ways out from one number up to another, for {@link #restore}. */
  KeptExits keep(int from, int to) {
    KeptExits all = KeptExits.of(to - from);
    for (int i = from; i < to; i++) {
      all.keep(i - from, row(i), i & ExitRow.MASK);
    }
    return all;
  }

  /** Adds ways out that were kept, and numbers for their pages. */
  void restore(KeptExits from, int keptPages) {
    kept = from;
    keptFrom = count;
    count += from.size();
    room(count);
    int begun = keptFrom >>> ExitRow.SHIFT;
    Arrays.fill(rows, begun + 1, rows.length, null);
    if (rows[begun] != null) {
      fill(begun, rows[begun]);
    }
    Arrays.fill(devices, null);
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
    if (kept != null && from < keptFrom + kept.size()) {
      kept = null;
      Arrays.fill(rows, from + ExitRow.MASK >>> ExitRow.SHIFT, rows.length, null);
    }
    for (int i = from; i < count; i++) {
      ExitRow row = rows[i >>> ExitRow.SHIFT];
      if (row != null) {
        row.node[i & ExitRow.MASK] = null;
      }
    }
    count = from;
  }
}
