// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.share.host.OpenFile.Lock;

class LockedRangesTest {
  private static final int BYTES = 40;
  private static final int TRIES = 20_000;

  /** Type of each byte's lock, the last for all that are behind. */
  private static int[] bytes(List<Lock> ranges) {
    int[] types = new int[BYTES];
    Arrays.fill(types, OpenFile.UNLOCK);
    ranges.forEach(each -> lock(types, each));
    return types;
  }

  private static void lock(int[] types, Lock range) {
    Arrays.fill(types, (int) range.start(), range.length() == 0 ? BYTES : (int) (range.start() + range.length()), range.type());
  }

  @Test
  void eachByteHasTheLockThatItWasGivenLast() {
    Random random = new Random(7);
    LockedRanges ranges = LockedRanges.NONE;
    int[] expected = bytes(List.of());
    for (int i = 0; i < TRIES; i++) {
      int start = random.nextInt(BYTES - 1);
      Lock wanted = new Lock(random.nextInt(3), start, random.nextInt(BYTES - start));
      ranges = ranges.with(wanted);
      lock(expected, wanted);
      assertEquals(Arrays.toString(expected), Arrays.toString(bytes(ranges.ranges())), () -> "after " + wanted);
      assertEquals(Arrays.stream(expected).distinct().count() == 1 ? expected[0] : OpenFile.UNLOCK, ranges.whole(), () -> "after "
          + wanted);
      assertEquals(Arrays.stream(expected).anyMatch(each -> each == OpenFile.WRITE_LOCK), ranges.exclusive());
      long runs = 0;
      for (int at = 0; at < BYTES; at++) {
        runs += expected[at] != OpenFile.UNLOCK && (at == 0 || expected[at - 1] != expected[at]) ? 1 : 0;
      }
      assertEquals(runs, ranges.ranges().size(), "neighbours of a type are one");
    }
  }

  @Test
  void aRangeThatReachesTooFarEndsWithTheFile() {
    assertEquals(List.of(new Lock(OpenFile.READ_LOCK, 5, 0)), LockedRanges.NONE.with(new Lock(OpenFile.READ_LOCK, 5, Long.MAX_VALUE))
        .ranges());
  }
}
