// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.simd;

/**
 * PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM (Intel SDM volume 2, 4.1, imm8 control byte). One object keeps what a comparison made.
 */
public final class StringCompare {
  /** IntRes2: a bit for each element. */
  public int result;
  /** Whether the second string ends before its register does: ZF. */
  public boolean secondEnds;
  /** Whether the first one does: SF. */
  public boolean firstEnds;

  private long a0;
  private long a1;
  private long b0;
  private long b1;
  private boolean words;
  private boolean signed;

  /**
   * Compares.
   *
   * @param firstLength elements that are valid, or -1 for up to the first 0
   */
  public void compare(long first0, long first1, long second0, long second1, long firstLength, long secondLength, int imm) {
    a0 = first0;
    a1 = first1;
    b0 = second0;
    b1 = second1;
    words = (imm & 1) != 0;
    signed = (imm & 2) != 0;
    int count = words ? 8 : 16;
    int first = length(a0, a1, firstLength, count);
    int second = length(b0, b1, secondLength, count);
    int z = switch (imm >> 2 & 3) {
      case 0 -> any(first, second);
      case 1 -> ranges(first, second);
      case 2 -> each(first, second, count);
      default -> ordered(first, second, count);
    };
    int all = (1 << count) - 1;
    boolean negates = (imm & 0x10) != 0;
    boolean masked = (imm & 0x20) != 0;
    if (negates) {
      z ^= masked ? (1 << second) - 1 : all;
    }
    result = z & all;
    firstEnds = first < count;
    secondEnds = second < count;
  }

  private int length(long low, long high, long given, int count) {
    if (given >= 0) {
      return (int) Math.min(given, count);
    }
    for (int i = 0; i < count; i++) {
      if (unsigned(low, high, i) == 0) {
        return i;
      }
    }
    return count;
  }

  private int unsigned(long low, long high, int i) {
    int at = words ? i * 16 : i * 8;
    return (int) (at < 64 ? low >>> at : high >>> at - 64) & (words ? 0xFFFF : 0xFF);
  }

  private int value(long low, long high, int i) {
    int value = unsigned(low, high, i);
    return !signed ? value : words ? (short) value : (byte) value;
  }

  private int any(int first, int second) {
    int z = 0;
    for (int j = 0; j < second; j++) {
      for (int i = 0; i < first; i++) {
        if (unsigned(a0, a1, i) == unsigned(b0, b1, j)) {
          z |= 1 << j;
        }
      }
    }
    return z;
  }

  private int ranges(int first, int second) {
    int z = 0;
    for (int j = 0; j < second; j++) {
      for (int i = 0; i + 1 < first; i += 2) {
        int value = value(b0, b1, j);
        if (value >= value(a0, a1, i) && value <= value(a0, a1, i + 1)) {
          z |= 1 << j;
        }
      }
    }
    return z;
  }

  private int each(int first, int second, int count) {
    int z = 0;
    for (int i = 0; i < count; i++) {
      boolean equal = i < first && i < second ? unsigned(a0, a1, i) == unsigned(b0, b1, i) : i >= first && i >= second;
      z |= equal ? 1 << i : 0;
    }
    return z;
  }

  private int ordered(int first, int second, int count) {
    int z = 0;
    for (int j = 0; j < count; j++) {
      boolean found = true;
      for (int i = 0; i < first && j + i < count && found; i++) {
        found = j + i < second && unsigned(a0, a1, i) == unsigned(b0, b1, j + i);
      }
      z |= found ? 1 << j : 0;
    }
    return z;
  }

  /** ECX: the number of the first or last bit that is set; the number of elements if none is. @param imm the control byte */
  public int index(int imm) {
    if (result == 0) {
      return words ? 8 : 16;
    }
    return (imm & 0x40) != 0 ? 31 - Integer.numberOfLeadingZeros(result) : Integer.numberOfTrailingZeros(result);
  }

  /** The low or the high word of XMM0: the bits, or a mask of elements. */
  public long mask(int imm, boolean high) {
    if ((imm & 0x40) == 0) {
      return high ? 0 : result;
    }
    int lane = words ? 16 : 8;
    int from = high ? 64 / lane : 0;
    long z = 0;
    for (int i = 0; i < 64 / lane; i++) {
      z |= (result >> from + i & 1) != 0 ? (1L << lane) - 1 << i * lane : 0;
    }
    return z;
  }
}
