// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

/**
 * A load across the end of a page whose first half nobody answers, and whose second half has no translation or permission. The
 * architecture doesn't say which of both is reported: QEMU accesses the first half before it looks the second one up, we look both up
 * before we access any. Source: Arm ARM DDI 0487, D8.15 (priority of aborts from one access, not from several).
 */
final class SplitLoad {
  private static final int SYNDROME = 1;
  private static final int FAR = 2;
  private static final int X1 = 5;
  /** Bytes of the largest load of the scenarios. */
  private static final int LARGEST = 32;
  private static final int EXTERNAL_ABORT = 0x10;
  private static final long STATUS = 0x3F;

  private SplitLoad() {}

  /** Whether two lines of the same scenario differ in this alone. */
  static boolean is(String qemu, String engine) {
    String[] one = qemu.split(" ");
    String[] other = engine.split(" ");
    if (one.length != other.length || one.length <= X1) {
      return false;
    }
    for (int i = 0; i < one.length; i++) {
      if (i != SYNDROME && i != FAR && !one[i].equals(other[i])) {
        return false;
      }
    }
    long abort = word(one[SYNDROME]);
    long fault = word(other[SYNDROME]);
    long second = word(other[FAR]);
    return (abort & STATUS) == EXTERNAL_ABORT && (fault & ~STATUS) == (abort & ~STATUS) && (second & 0xFFF) == 0
        && Long.compareUnsigned(second - word(one[X1]) - 1, LARGEST - 1) < 0;
  }

  private static long word(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
