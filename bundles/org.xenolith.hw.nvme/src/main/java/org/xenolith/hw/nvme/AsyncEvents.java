// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * What the controller has to tell unasked, and the requests of the driver that it answers with it (NVM Express 1.4, 5.2). After
 * an event no other one of its type is told until its log page was read.
 */
final class AsyncEvents {
  /** Most requests that are held. */
  static final int REQUESTS = 4;

  /** What may be told, in the order in which it is. */
  enum Event {
    /** A doorbell of no queue was written. */
    INVALID_DOORBELL_REGISTER(0, 0, LogPages.ERRORS),
    /** A doorbell got a value that it can't have. */
    INVALID_DOORBELL_VALUE(0, 1, LogPages.ERRORS),
    /** The disk came or went. */
    NAMESPACE_CHANGED(2, 0, LogPages.CHANGED_NAMESPACES);

    private final int type;
    private final int information;
    private final int logPage;

    Event(int type, int information, int logPage) {
      this.type = type;
      this.information = information;
      this.logPage = logPage;
    }

    int result() {
      return type | information << 8 | logPage << 16;
    }
  }

  /** Answers a request. */
  interface Answer {
    void complete(int id, int result);
  }

  private static final Event[] EVENTS = Event.values();

  private final int[] requests;
  private final LongCell count;
  /** Events to tell, bits by their order. */
  private final LongCell pending;
  /** Types that aren't told now, bits. */
  private final LongCell masked;

  AsyncEvents(DeviceState state) {
    requests = state.ints("event-requests", REQUESTS);
    count = state.cell("event-request-count", 0);
    pending = state.cell("events-pending", 0);
    masked = state.cell("events-masked", 0);
  }

  /** Holds a request until there is something to tell. @return false if it would be one too many */
  boolean hold(int id) {
    if (count.value == REQUESTS) {
      return false;
    }
    requests[(int) count.value++] = id;
    return true;
  }

  void raise(Event event) {
    pending.value |= 1L << event.ordinal();
  }

  /** A log page was read: events that lead to it may be told again. */
  void read(int logPage) {
    for (Event event : EVENTS) {
      if (event.logPage == logPage) {
        masked.value &= ~(1L << event.type);
      }
    }
  }

  /** Tells what can be told. */
  void tell(Answer answer) {
    for (Event event : EVENTS) {
      boolean ready = (pending.value >>> event.ordinal() & 1) != 0 && (masked.value >>> event.type & 1) == 0;
      if (ready && count.value > 0) {
        pending.value &= ~(1L << event.ordinal());
        masked.value |= 1L << event.type;
        answer.complete(takeRequest(), event.result());
      }
    }
  }

  private int takeRequest() {
    int id = requests[0];
    count.value--;
    System.arraycopy(requests, 1, requests, 0, REQUESTS - 1);
    return id;
  }

  void clear() {
    count.value = 0;
    pending.value = 0;
    masked.value = 0;
  }
}
