// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.SharedRing;

/**
 * The back end's end of a ring of 256 slots in one page (public header {@code io/ring.h}). Each request is answered in its own
 * slot before a later one is looked at again, so that one free-running index tells all; what the page says of ours is never
 * believed.
 */
final class RingEnd {
  static final int SLOTS = 256;

  private final SharedRing shared = new SharedRing();
  private final LongCell next;
  private final int slotSize;
  private long page;
  private int published;

  /**
   * @param next     the cell of the index of the next request
   * @param slotSize bytes of a slot
   */
  RingEnd(LongCell next, int slotSize) {
    this.next = next;
    this.slotSize = slotSize;
  }

  /** Looks at a page from now on; what was answered up to now was told. */
  void at(AbiMemory memory, long newPage) {
    page = newPage;
    shared.at(memory, newPage);
    published = next();
  }

  /** A front end may go on with a ring that it used before: begins where its answers end. */
  void begin() {
    next.value = shared.rspProd() & 0xFFFF_FFFFL;
    published = next();
  }

  /** Requests that wait; -1 if there are more than a ring can have. */
  int waiting() {
    int waiting = shared.reqProd() - next();
    return waiting < 0 || waiting > SLOTS ? -1 : waiting;
  }

  private int next() {
    return (int) next.value;
  }

  /** Address of the slot so many after the next one. */
  long slot(int ahead) {
    return page + SharedRing.SIZE + (long) (next() + ahead & SLOTS - 1) * slotSize;
  }

  /** So many requests were answered. */
  void advance(int slots) {
    next.value = next.value + slots & 0xFFFF_FFFFL;
  }

  /** Wants to hear of the next request after so many that wait. */
  void listen(int waiting) {
    shared.reqEvent(next() + waiting + 1);
  }

  /** Shows the front end the answers. @return whether it wants to be told */
  boolean push() {
    int before = published;
    int now = next();
    if (now == before) {
      return false;
    }
    published = now;
    shared.rspProd(now);
    return Integer.compareUnsigned(now - shared.rspEvent(), now - before) < 0;
  }
}
