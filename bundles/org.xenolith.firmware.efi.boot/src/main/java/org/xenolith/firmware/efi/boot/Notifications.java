// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;

/** Who wants to know when a protocol is installed (UEFI 2.10, 7.3.5). */
final class Notifications {
  /** Registrations that there may be, and handles that each is told of and that nobody has asked for. */
  static final int MOST = 1024;
  static final int MOST_FOUND = 1024;

  private record Entry(EfiGuid protocol, long event, List<Long> found) {}

  private final Handles handles;
  private final Map<Long, Entry> entries = new LinkedHashMap<>();

  Notifications(Handles handles) {
    this.handles = handles;
  }

  void clear() {
    entries.clear();
  }

  /**
   * Adds one.
   *
   * @param registration what the guest names it by; not in use
   * @throws EfiError OUT_OF_RESOURCES
   */
  void add(long registration, EfiGuid protocol, long event) {
    if (entries.size() >= MOST) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, MOST + " registrations for protocols");
    }
    List<Long> found = handles.handles(protocol);
    entries.put(registration, new Entry(protocol, event, new ArrayList<>(found.subList(0, Math.min(found.size(), MOST_FOUND)))));
  }

  /** Events that are to be signalled. */
  List<Long> installed(long handle, EfiGuid protocol) {
    List<Long> signalled = new ArrayList<>();
    entries.values().stream().filter(each -> each.protocol.equals(protocol)).forEach(each -> {
      each.found.remove(handle);
      if (each.found.size() >= MOST_FOUND) {
        // Nobody has asked for them so long that the oldest aren't waited for any more.
        each.found.removeFirst();
      }
      each.found.add(handle);
      signalled.add(each.event);
    });
    return signalled;
  }

  /** The next handle that a registration was told of; 0 if there is none. @throws EfiError INVALID_PARAMETER if there is no such registration */
  long next(long registration) {
    Entry entry = entries.get(registration);
    if (entry == null) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(registration) + ": no registration");
    }
    while (!entry.found.isEmpty()) {
      long handle = entry.found.removeFirst();
      if (handles.has(handle, entry.protocol)) {
        return handle;
      }
    }
    return 0;
  }

  /** The protocol of a registration. */
  EfiGuid protocol(long registration) {
    return entries.get(registration).protocol;
  }

  /** An event is closed. */
  void closed(long event) {
    entries.values().removeIf(each -> each.event == event);
  }

  byte[] save() {
    LongWriter out = new LongWriter();
    return out.all(entries.entrySet(), each -> out.put(each.getKey()).put(each.getValue().protocol).put(each.getValue().event).all(each
        .getValue().found, out::put)).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("notifications", bytes);
    clear();
    in.each(() -> {
      long registration = in.get();
      Entry entry = new Entry(in.guid(), in.get(), new ArrayList<>());
      entries.put(registration, entry);
      in.each(() -> entry.found.add(in.get()));
    });
  }
}
