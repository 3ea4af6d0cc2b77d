// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.regs.StateMismatch;

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

  /** Each range, in order. */
  List<Frames> all() {
    return ranges.entrySet().stream().map(range -> new Frames(range.getKey(), range.getValue())).toList();
  }

  /** First and last of each, in order. */
  long[] values() {
    return all().stream().flatMapToLong(range -> LongStream.of(range.first(), range.last())).toArray();
  }

  /** The opposite of {@link #values}. @throws StateMismatch if that are no ranges in order */
  void values(long[] saved) {
    TreeMap<Long, Long> read = new TreeMap<>();
    long end = -1;
    for (int i = 0; i < saved.length; i += 2) {
      if (i + 1 == saved.length || saved[i] <= end || saved[i + 1] < saved[i]) {
        throw new StateMismatch("frames: expected ranges in order, got " + Arrays.toString(saved));
      }
      end = saved[i + 1];
      read.put(saved[i], end);
    }
    ranges.clear();
    ranges.putAll(read);
  }
}
