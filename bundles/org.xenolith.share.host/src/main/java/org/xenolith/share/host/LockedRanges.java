// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.util.ArrayList;
import java.util.List;

/** Ranges of a file that one owner has locked: none lies on another, and neighbours of a type are one, as fcntl(2) has it. */
record LockedRanges(List<OpenFile.Lock> ranges) {
  static final LockedRanges NONE = new LockedRanges(List.of());
  /** Behind the last byte that a range without a length reaches. */
  private static final long END = Long.MAX_VALUE;

  private static long end(OpenFile.Lock range) {
    return range.length() == 0 || range.start() > END - range.length() ? END : range.start() + range.length();
  }

  private static OpenFile.Lock range(int type, long start, long end) {
    return new OpenFile.Lock(type, start, end == END ? 0 : end - start);
  }

  /** As they are when one more was locked or unlocked. */
  LockedRanges with(OpenFile.Lock wanted) {
    long start = wanted.start();
    long end = end(wanted);
    List<OpenFile.Lock> after = new ArrayList<>();
    for (OpenFile.Lock each : ranges) {
      if (wanted.type() == each.type() && each.start() <= end && start <= end(each)) {
        start = Math.min(start, each.start());
        end = Math.max(end, end(each));
        continue;
      }
      if (each.start() < start) {
        after.add(range(each.type(), each.start(), Math.min(end(each), start)));
      }
      if (end(each) > end) {
        after.add(range(each.type(), Math.max(each.start(), end), end(each)));
      }
    }
    if (wanted.type() != OpenFile.UNLOCK) {
      after.add(range(wanted.type(), start, end));
    }
    return new LockedRanges(List.copyOf(after));
  }

  /** Type of the lock that all of the file has; {@link OpenFile#UNLOCK} if it has no one such. */
  int whole() {
    return ranges.size() == 1 && ranges.getFirst().start() == 0 && ranges.getFirst().length() == 0 ? ranges.getFirst().type()
        : OpenFile.UNLOCK;
  }

  /** Whether a part is locked exclusively. */
  boolean exclusive() {
    return ranges.stream().anyMatch(each -> each.type() == OpenFile.WRITE_LOCK);
  }
}
