// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.util.function.IntSupplier;

/**
 * The code of another engine that this one has, page by page, when a page is executed first whose instructions are what the other one's were at the same address. What the other one has translated since
 * isn't in it.
 */
final class TakenCode {
  private final CodePages pages;
  private final IntSupplier free;
  private final int end;
  private final int time;
  private int adopted;
  /** Room for those of a page. */
  private final byte[] bytes = new byte[NativePage.BYTES];

  /**
   * All that was handed over at once.
   *
   * @param pages those of the other engine
   * @param free  where its code is free
   * @param end   where that was
   * @param time  how often it had handed code over with this
   */
  TakenCode(CodePages pages, IntSupplier free, int end, int time) {
    this.pages = pages;
    this.free = free;
    this.end = end;
    this.time = time;
  }

  /** Pages that were given code. */
  int pages() {
    return adopted;
  }

  /** Gives a page without code that of the other engine's page, if the instructions are the same. Returns whether they are. */
  boolean adopt(NativePage page, ExitTable exits) {
    synchronized (pages) {
      NativePage known = pages.like(page);
      // Code of a page that somebody had is linked to what that one had besides: not by these instructions alone.
      if (known == null || known.number == NativePage.NONE || known.since >= time || known.broken || exits.owner(known.number) != null
          || !page.isAs(known,
              bytes)) {
        return false;
      }
      page.take(known, end, free.getAsInt() > end);
      exits.own(page, known.number);
      adopted++;
      return true;
    }
  }
}
