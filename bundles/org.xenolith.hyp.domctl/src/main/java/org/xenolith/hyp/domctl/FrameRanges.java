// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A set of frame numbers, kept as ranges that don't touch. */
final class FrameRanges {
  /** Ranges that one domain may have: what a tool grants piece by piece can't use up the host. */
  static final int MAX = 1024;

  /** First to last frame of each. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /** Adds a range; {@code last} is in it. @return false if there is no room for another one */
  boolean add(long first, long last) {
    if (covers(first, last)) {
      return true;
    }
    if (ranges.size() >= MAX) {
      return false;
    }
    long from = first;
    long to = last;
    Map.Entry<Long, Long> before = ranges.floorEntry(first);
    if (before != null && before.getValue() >= first - 1) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    for (Map.Entry<Long, Long> next = ranges.ceilingEntry(from); next != null && next.getKey() <= to + 1;
        next = ranges.ceilingEntry(from)) {
      to = Math.max(to, next.getValue());
      ranges.remove(next.getKey());
    }
    ranges.put(from, to);
    return true;
  }

  /** Takes a range out. @return false if there is no room for the rests */
  boolean remove(long first, long last) {
    if (ranges.size() >= MAX && covers(first, last)) {
      return false;
    }
    Map.Entry<Long, Long> before = ranges.lowerEntry(first);
    if (before != null && before.getValue() >= first) {
      ranges.put(before.getKey(), first - 1);
      if (before.getValue() > last) {
        ranges.put(last + 1, before.getValue());
      }
    }
    for (Map.Entry<Long, Long> next = ranges.ceilingEntry(first); next != null && next.getKey() <= last;
        next = ranges.ceilingEntry(first)) {
      ranges.remove(next.getKey());
      if (next.getValue() > last) {
        ranges.put(last + 1, next.getValue());
      }
    }
    return true;
  }

  /** Whether all of a range is in. */
  boolean covers(long first, long last) {
    Map.Entry<Long, Long> at = ranges.floorEntry(first);
    return at != null && at.getValue() >= last;
  }

  void clear() {
    ranges.clear();
  }

  /** First and last of each, in order. */
  long[] values() {
    return ranges.entrySet().stream().flatMap(e -> java.util.stream.Stream.of(e.getKey(), e.getValue()))
        .mapToLong(Long::longValue).toArray();
  }

  /** The opposite of {@link #values}. */
  void values(long[] saved) {
    ranges.clear();
    for (int i = 0; i + 1 < saved.length; i += 2) {
      ranges.put(saved[i], saved[i + 1]);
    }
  }

  @Override
  public String toString() {
    return Arrays.toString(values());
  }
}
