// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;

/** Events, timers and the task priority level (UEFI 2.10, 7.1). */
final class Events {
  static final int TIMER = 0x8000_0000;
  static final int NOTIFY_WAIT = 0x100;
  static final int NOTIFY_SIGNAL = 0x200;
  static final int EXIT_BOOT_SERVICES = 0x201;
  static final int VIRTUAL_ADDRESS_CHANGE = 0x6000_0202;
  static final int TPL_APPLICATION = 4;
  static final int TPL_HIGH = 31;
  /** Group of events that are signalled when boot services end. */
  static final EfiGuid EXIT_GROUP = EfiGuid.of("27abf055-b1b8-4c26-8048-748f37baa2df");
  /** Group of events that are signalled before that. */
  static final EfiGuid BEFORE_EXIT_GROUP = EfiGuid.of("8be0e274-3970-4b44-80c5-1ab9502f3bfc");
  /** Group of events that are signalled when SetVirtualAddressMap is called. */
  static final EfiGuid VIRTUAL_GROUP = EfiGuid.of("13fa7698-c831-49c7-87ea-8f43fcc25196");
  /** No group. */
  static final EfiGuid NONE = EfiGuid.of("00000000-0000-0000-0000-000000000000");

  /** One event. */
  static final class Event {
    final long handle;
    final int type;
    final int level;
    final long function;
    final long context;
    final EfiGuid group;
    boolean signalled;
    /** The counter's value at which its timer is due; 0 if it isn't set. */
    private long due;
    long period;

    Event(long handle, int type, int level, long function, long context, EfiGuid group) {
      this.handle = handle;
      this.type = type;
      this.level = level;
      this.function = function;
      this.context = context;
      this.group = group;
    }
  }

  private final Map<Long, Event> events = new LinkedHashMap<>();
  /** Events whose notification functions are to be called, in the order of their signals. */
  private final List<Event> queue = new ArrayList<>();
  /** Events whose timers are set. They are looked at in each trap, and most traps find none. */
  private final List<Event> timers = new ArrayList<>();
  private int level = TPL_APPLICATION;

  void clear() {
    events.clear();
    queue.clear();
    timers.clear();
    level = TPL_APPLICATION;
  }

  int level() {
    return level;
  }

  void level(int newLevel) {
    level = newLevel;
  }

  void add(Event event) {
    events.put(event.handle, event);
  }

  /** @throws EfiError INVALID_PARAMETER if that is no event */
  Event event(long handle) {
    Event event = events.get(handle);
    if (event == null) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(handle) + ": no event");
    }
    return event;
  }

  void remove(Event event) {
    events.remove(event.handle);
    queue.remove(event);
    timers.remove(event);
  }

  /** Sets an event's timer to a value of the counter; 0: it isn't set. */
  void set(Event event, long due) {
    event.due = due;
    timers.remove(event);
    if (due != 0) {
      timers.add(event);
    }
  }

  /** Signals an event and all of its group. */
  void signal(Event event) {
    if (event.group.equals(NONE)) {
      one(event);
    } else {
      signal(event.group);
    }
  }

  /** Signals a group. */
  void signal(EfiGuid group) {
    List.copyOf(events.values()).stream().filter(each -> each.group.equals(group)).forEach(this::one);
  }

  private void one(Event event) {
    if (event.signalled) {
      return;
    }
    event.signalled = true;
    if ((event.type & NOTIFY_SIGNAL) != 0) {
      queue.add(event);
    }
  }

  /** Signals what is due. Asked at each trap, so nothing is made where nothing is. */
  void time(long counter) {
    long first = next(0);
    if (first == 0 || Long.compareUnsigned(first, counter) > 0) {
      return;
    }
    for (Event event : List.copyOf(events.values())) {
      if (event.due != 0 && Long.compareUnsigned(event.due, counter) <= 0) {
        set(event, event.period == 0 ? 0 : Math.max(event.due + event.period, counter + 1));
        signal(event);
      }
    }
  }

  /** When the next timer is due, no later than this. @param until 0: whenever it is; then 0 is none */
  long next(long until) {
    long next = until;
    for (int i = 0; i < timers.size(); i++) {
      long due = timers.get(i).due;
      if (next == 0 || Long.compareUnsigned(due, next) < 0) {
        next = due;
      }
    }
    return next;
  }

  /** Whether a notification function is to be called at this level. */
  boolean isDue() {
    for (int i = 0; i < queue.size(); i++) {
      if (queue.get(i).level > level) {
        return true;
      }
    }
    return false;
  }

  /** Takes the event whose notification function is the next; null if there is none at this level. */
  Event take() {
    Event best = null;
    for (Event event : queue) {
      if (event.level > level && (best == null || event.level > best.level)) {
        best = event;
      }
    }
    if (best != null) {
      queue.remove(best);
      best.signalled = false;
    }
    return best;
  }

  /** How many there are. */
  int count() {
    return events.size();
  }

  byte[] save() {
    LongWriter out = new LongWriter().put(level);
    out.all(events.values(), each -> out.put(each.handle).put(each.type).put(each.level).put(each.function).put(each.context).put(
        each.group).put(each.signalled ? 1 : 0).put(each.due).put(each.period));
    return out.all(queue, each -> out.put(each.handle)).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("events", bytes);
    clear();
    level = in.getInt();
    in.each(() -> {
      Event event = new Event(in.get(), in.getInt(), in.getInt(), in.get(), in.get(), in.guid());
      event.signalled = in.get() != 0;
      long due = in.get();
      event.period = in.get();
      add(event);
      set(event, due);
    });
    in.each(() -> queue.add(event(in.get())));
  }
}
