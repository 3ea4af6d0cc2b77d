// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import java.util.Arrays;

/** The stacks of a thread that stands at a place, look by look, with how much time it had for each. */
final class Standing {
  private final StackTraceElement[][] stacks;
  private final long[] had;
  private int looks;
  private long all;

  /** @param most looks that are kept */
  Standing(int most) {
    stacks = new StackTraceElement[most][];
    had = new long[most];
  }

  /** It came back. */
  void clear() {
    looks = 0;
    all = 0;
  }

  /** Another look. @param time nanoseconds that the thread had since the last */
  void add(StackTraceElement[] stack, long time) {
    int at = looks++ % had.length;
    stacks[at] = stack;
    had[at] = time;
    all += time;
  }

  boolean isEmpty() { return looks == 0; }

  /** All the time that it has had, in nanoseconds. */
  long time() {
    return all;
  }

  /** What all looks of the last so many nanoseconds that it had have in common, from the outermost frame on; null if it had less. */
  StackTraceElement[] common(long time) {
    if (all < time) {
      return null;
    }
    StackTraceElement[] common = null;
    long left = time;
    for (int back = 1; left > 0 && back <= Math.min(looks, had.length); back++) {
      int at = (looks - back) % had.length;
      common = common == null ? stacks[at] : outer(stacks[at], common);
      left -= had[at];
    }
    return common;
  }

  /** What two looks have in common, from the outermost frame on. */
  private static StackTraceElement[] outer(StackTraceElement[] a, StackTraceElement[] b) {
    int same = 0;
    while (same < a.length && same < b.length && equal(a[a.length - 1 - same], b[b.length - 1 - same])) {
      same++;
    }
    return Arrays.copyOfRange(b, b.length - same, b.length);
  }

  /** A method that goes on inside itself is still the same call. */
  private static boolean equal(StackTraceElement a, StackTraceElement b) {
    return a.getMethodName().equals(b.getMethodName()) && a.getClassName().equals(b.getClassName());
  }
}
