// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the ways out of code are for, by the number that they come with. Which kinds there are is the front end's, but for {@link #CHAIN}. */
public class ExitTable {
  /** The branch to {@link #index} has no code yet; the jump at {@link #place} is to lead there. */
  public static final byte CHAIN = 0;

  /** Kinds that there can be. */
  static final int KINDS = 16;
  private static final int FIRST = 1 << 12;
  /** Ways out of which something is at hand; a power of two. */
  private static final int NOTES = 256;

  /** Null where none of a row was asked for yet. */
  private ExitRow[] rows = new ExitRow[FIRST >>> ExitRow.SHIFT];
  /** What rows are read from; null for nothing. */
  private @Nullable KeptExits kept;
  /** The number of its first. */
  private int keptFrom;
  private int count;
  private NativePage[] pages = new NativePage[FIRST];
  private int pageCount;
  /** Numbers below it were kept. */
  private int keptPages;
  /** What the front end has found out of some, and of which. */
  private final Object[] notes = new Object[NOTES];
  private final int[] noted = new int[NOTES];

  /** The page that a way out leads from. */
  public final NativePage page(int exit) {
    return pages[row(exit).owner[exit & ExitRow.MASK]];
  }

  /** A page has code from now on, and a number. */
  final void own(NativePage page) {
    if (pageCount == pages.length) {
      pages = Arrays.copyOf(pages, 2 * pageCount);
    }
    page.number = pageCount;
    pages[pageCount++] = page;
  }

  /** A page has code that was made earlier, with a number that was kept. */
  final void own(NativePage page, int number) {
    page.number = number;
    pages[number] = page;
  }

  /** The page with a number; null while it has none. */
  final NativePage owner(int number) {
    return pages[number];
  }

  /** Numbers of pages. */
  final int pages() {
    return pageCount;
  }

  /** Numbers that pages were given since the last of those that were kept. */
  final int owned() {
    return pageCount - keptPages;
  }

  /**
   * Adds a way out. Returns its number.
   *
   * @param of the page that it leads from; null for none
   * @param at the instruction's index, or that behind the page's last
   */
  public int add(byte kind, NativePage of, int at) {
    room(count + 1);
    ExitRow row = row(count);
    int to = count & ExitRow.MASK;
    row.kind[to] = kind;
    row.owner[to] = of == null ? NativePage.NONE : of.number;
    row.index[to] = at;
    row.rest[to] = 0;
    row.place[to] = 0;
    row.access[to] = 0;
    notes[count & NOTES - 1] = null;
    return count++;
  }

  /** What was noted of a way out, if no other one took its place; else null. */
  public final @Nullable Object noted(int exit) {
    int at = exit & NOTES - 1;
    return noted[at] == exit ? notes[at] : null;
  }

  /** Notes what the front end has found out of a way out, where it is found fast. */
  public final void note(int exit, Object what) {
    int at = exit & NOTES - 1;
    noted[at] = exit;
    notes[at] = what;
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

  public final byte kind(int exit) {
    return row(exit).kind[exit & ExitRow.MASK];
  }

  /** The instruction, by its index in the page. */
  public final int index(int exit) {
    return row(exit).index[exit & ExitRow.MASK];
  }

  /** Instructions that were counted and aren't done, with that at {@link #index}. */
  public final int rest(int exit) {
    return row(exit).rest[exit & ExitRow.MASK];
  }

  public final void rest(int exit, int instructions) {
    row(exit).rest[exit & ExitRow.MASK] = instructions;
  }

  /** Where code goes on, or the jump is. */
  public final int place(int exit) {
    return row(exit).place[exit & ExitRow.MASK];
  }

  public final void place(int exit, int place) {
    row(exit).place[exit & ExitRow.MASK] = place;
  }

  /** What else is known, by the kind. */
  public final int access(int exit) {
    return row(exit).access[exit & ExitRow.MASK];
  }

  public final void access(int exit, int access) {
    row(exit).access[exit & ExitRow.MASK] = access;
  }

  /** What is known of ways out from one number up to another, for {@link #restore}. */
  final KeptExits keep(int from, int to) {
    KeptExits all = KeptExits.of(to - from);
    for (int i = from; i < to; i++) {
      all.keep(i - from, row(i), i & ExitRow.MASK);
    }
    return all;
  }

  /** Adds ways out that were kept, and numbers for their pages. */
  final void restore(KeptExits from, int itsPages) {
    kept = from;
    keptFrom = count;
    count += from.size();
    room(count);
    int begun = keptFrom >>> ExitRow.SHIFT;
    Arrays.fill(rows, begun + 1, rows.length, null);
    if (rows[begun] != null) {
      fill(begun, rows[begun]);
    }
    keptPages = itsPages;
    pageCount = itsPages;
    pages = Arrays.copyOf(pages, Math.max(pages.length, 2 * itsPages));
    Arrays.fill(notes, null);
  }

  /**
   * The ways out of an engine's code, and the numbers of its pages, as they were once. Nobody changes them; behind them, in the last row, are those that the engine has added since.
   *
   * @param kept     what rows are read from that nobody has asked for
   * @param keptFrom the number of its first
   */
  record Handed(ExitRow[] rows, @Nullable KeptExits kept, int keptFrom, int count, int pages) {}

  /** What another engine may have of it, see {@link #take}, of the ways out below a number. */
  final Handed hand(int end) {
    return new Handed(rows.clone(), kept, keptFrom, end, pageCount);
  }

  /** Has the ways out of another engine, and numbers for its pages. Those that there are by now were that one's, too. */
  final void take(Handed from) {
    kept = from.kept;
    keptFrom = from.keptFrom;
    count = from.count;
    rows = Arrays.copyOf(from.rows, 2 * from.rows.length);
    int last = count >>> ExitRow.SHIFT;
    rows[last] = rows[last] == null ? null : new ExitRow(rows[last]);
    keptPages = from.pages;
    pageCount = from.pages;
    pages = Arrays.copyOf(pages, Math.max(pages.length, 2 * from.pages));
    Arrays.fill(notes, null);
  }

  /** All but the first are none any more, and nobody's who has taken them. */
  final void renew(int first) {
    ExitRow begin = new ExitRow(row(0));
    kept = null;
    cleared(first, count);
    rows = new ExitRow[FIRST >>> ExitRow.SHIFT];
    rows[0] = begin;
    count = first;
  }

  /** No page has a number any more. */
  final void forgetPages() {
    Arrays.fill(pages, 0, pageCount, null);
    pageCount = 0;
    keptPages = 0;
  }

  public final int count() {
    return count;
  }

  /** Those from a number on are none any more. */
  public final void clear(int from) {
    if (kept != null && from < keptFrom + kept.size()) {
      kept = null;
      Arrays.fill(rows, from + ExitRow.MASK >>> ExitRow.SHIFT, rows.length, null);
    }
    cleared(from, count);
    count = from;
  }

  /** Those from a number up to another are none any more. */
  protected void cleared(int from, int to) {}
}
