// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.kit.FrameQueue;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** One segment: its stations, the addresses it learned, and frames on their way. */
final class Segment {
  /** Bytes of frames that may be on their way: several full transmit rings. */
  static final int CAPACITY = 8 << 20;

  private final DeviceState state = new DeviceState();
  private final AddressTable addresses = new AddressTable(state);
  private final FrameQueue queue = new FrameQueue(CAPACITY);
  private final LongCell overflows = state.cell("overflows", 0);
  /** Names of stations by place; null where a place is free. */
  private final List<String> names = new ArrayList<>();
  /** The stations themselves; null where one isn't back yet. */
  private final List<StationPort> stations = new ArrayList<>();
  private final Completion completion = new Completion();

  Segment() {
    state.varying("frames", queue::clear, queue::save, queue::restore);
    state.varying("places", this::clear, this::save, this::restore);
  }

  DeviceState state() {
    return state;
  }

  long overflows() {
    return overflows.value;
  }

  boolean waiting() {
    return queue.count() > 0;
  }

  void join(StationPort station) {
    int place = names.indexOf(station.name());
    if (place < 0) {
      place = names.indexOf(null);
      if (place < 0) {
        place = names.size();
        names.add(null);
        stations.add(null);
      }
      names.set(place, station.name());
    }
    stations.set(place, station);
    station.place(place);
  }

  /** @return whether nobody is left */
  boolean leave(StationPort station) {
    int place = names.indexOf(station.name());
    if (place >= 0) {
      names.set(place, null);
      stations.set(place, null);
      addresses.forget(place);
      // Whoever takes over an earlier state has stations for a while that weren't there yet: they leave nothing behind.
      while (!names.isEmpty() && names.getLast() == null) {
        names.removeLast();
        stations.removeLast();
      }
    }
    return names.stream().allMatch(name -> name == null);
  }

  /** Takes a frame to be delivered later. @return false if it is dropped */
  boolean take(StationPort from, byte[] bytes, int offset, int length, int offload, int payload) {
    long source = address(bytes, offset + 6);
    if (multicast(source)) {
      return false;
    }
    addresses.learn(source, from.place());
    if (!queue.add(from.place(), bytes, offset, length, offload, payload)) {
      overflows.value++;
      return false;
    }
    return true;
  }

  /** Delivers what waits now. */
  void deliver() {
    for (int left = queue.count(); left > 0 && queue.peek(); left--) {
      long destination = address(queue.bytes(), 0);
      int to = multicast(destination) ? -1 : addresses.place(destination);
      if (to >= 0) {
        deliver(to);
      } else if (destination >>> 4 != 0x0180_C200_000L) {
        // 802.1D 7.12.6: 01-80-C2-00-00-00 to -0F stay on their link.
        for (int place = 0; place < stations.size(); place++) {
          deliver(place);
        }
      }
      queue.drop();
    }
  }

  private void deliver(int place) {
    StationPort station = place < stations.size() ? stations.get(place) : null;
    if (station != null && place != queue.tag()) {
      completion.deliver(station, queue.bytes(), queue.length(), queue.offload(), queue.payload());
    }
  }

  private static boolean multicast(long address) {
    return (address >>> 40 & 1) != 0;
  }

  private static long address(byte[] bytes, int at) {
    long address = 0;
    for (int i = 0; i < 6; i++) {
      address = address << 8 | bytes[at + i] & 0xFF;
    }
    return address;
  }

  private void clear() {
    names.clear();
    stations.clear();
  }

  private byte[] save() {
    StringBuilder text = new StringBuilder();
    names.forEach(name -> text.append(name == null ? "" : name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void restore(byte[] saved) {
    clear();
    String text = new String(saved, StandardCharsets.UTF_8);
    for (int at = 0; at < text.length();) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      names.add(end == at ? null : text.substring(at, end));
      stations.add(null);
      at = end + 1;
    }
  }
}
