// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;

/**
 * Flags as a region has them: what kind of operation set them last, and its two operands. Those of 32-bit operations are
 * sign-extended. Nothing is computed before a condition asks; from region to region they go as they are, in {@code Cpu.flagKind}
 * and its operands.
 */
public final class Flags {
  /** Which kind it is shows only at run time. */
  static final int UNKNOWN = -1;
  /** They are in the CPU, computed or not. */
  static final int STORED = 0;
  /** a + b. */
  static final int ADD64 = 1;
  /** a + b of 32 bits. */
  static final int ADD32 = 2;
  /** a - b. */
  static final int SUB64 = 3;
  /** a - b of 32 bits. */
  static final int SUB32 = 4;
  /** The result a of a logical operation, sign-extended: C and V are clear. */
  static final int LOGIC = 5;
  /** a is NZCV in bits 31 to 28. */
  static final int PACKED = 6;

  private Flags() {}

  /** Has the flags in the CPU as the interpreter would have left them. */
  public static void settle(Cpu c) {
    if (c.flagKind != STORED) {
      store(c, c.flagKind, c.flagA, c.flagB);
      c.flagKind = STORED;
    }
  }

  private static void store(Cpu c, int kind, long a, long b) {
    switch (kind) {
      case ADD64 -> add(c, a, b, a + b, Long.compareUnsigned(a + b, a) < 0);
      case ADD32 -> add(c, a, b, (int) (a + b), Integer.compareUnsigned((int) (a + b), (int) a) < 0);
      case SUB64 -> subtract(c, a, b, a - b, Long.compareUnsigned(a, b) >= 0);
      case SUB32 -> subtract(c, a, b, (int) (a - b), Integer.compareUnsigned((int) a, (int) b) >= 0);
      case LOGIC -> {
        c.negative = a;
        c.zero = a;
        c.carry = 0;
        c.overflow = 0;
      }
      case PACKED -> c.nzcv((int) a);
      default -> {
      }
    }
  }

  private static void add(Cpu c, long a, long b, long r, boolean carry) {
    c.negative = r;
    c.zero = r;
    c.carry = carry ? 1 : 0;
    c.overflow = (a ^ r) & (b ^ r);
  }

  private static void subtract(Cpu c, long a, long b, long r, boolean carry) {
    c.negative = r;
    c.zero = r;
    c.carry = carry ? 1 : 0;
    c.overflow = (a ^ b) & (a ^ r);
  }

  /** C, 0 or 1. */
  public static int carry(Cpu c, int kind, long a, long b) {
    return switch (kind) {
      case STORED -> {
        settle(c);
        yield c.carry;
      }
      case ADD64 -> Long.compareUnsigned(a + b, a) < 0 ? 1 : 0;
      case ADD32 -> Integer.compareUnsigned((int) (a + b), (int) a) < 0 ? 1 : 0;
      case SUB64, SUB32 -> Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
      case PACKED -> (int) a >>> 29 & 1;
      default -> 0;
    };
  }

  /** Whether a condition code, from 0 to 15, holds. */
  public static boolean holds(Cpu c, int condition, int kind, long a, long b) {
    return switch (kind) {
      case SUB64, SUB32 -> subtracted(condition, kind, a, b);
      case STORED -> {
        settle(c);
        yield stored(condition, c.zero == 0, c.carry != 0, c.negative < 0, c.overflow < 0);
      }
      case LOGIC -> stored(condition, a == 0, false, a < 0, false);
      case PACKED -> stored(condition, (a & 1 << 30) != 0, (a & 1 << 29) != 0, (int) a < 0, (a & 1 << 28) != 0);
      case ADD64 -> stored(condition, a + b == 0, carry(c, kind, a, b) != 0, a + b < 0, ((a ^ a + b) & (b ^ a + b)) < 0);
      default -> added(condition, (int) a, (int) b);
    };
  }

  private static boolean added(int condition, int a, int b) {
    int r = a + b;
    return stored(condition, r == 0, Integer.compareUnsigned(r, a) < 0, r < 0, ((a ^ r) & (b ^ r)) < 0);
  }

  private static boolean subtracted(int condition, int kind, long a, long b) {
    boolean holds = switch (condition >> 1) {
      case 0 -> a == b;
      case 1 -> Long.compareUnsigned(a, b) >= 0;
      case 2 -> kind == SUB64 ? a - b < 0 : (int) (a - b) < 0;
      case 3 -> kind == SUB64 ? ((a ^ b) & (a ^ a - b)) < 0 : (int) ((a ^ b) & (a ^ a - b)) < 0;
      case 4 -> Long.compareUnsigned(a, b) > 0;
      case 5 -> a >= b;
      case 6 -> a > b;
      default -> true;
    };
    return holds ^ inverted(condition);
  }

  private static boolean stored(int condition, boolean zero, boolean carry, boolean negative, boolean overflow) {
    boolean holds = switch (condition >> 1) {
      case 0 -> zero;
      case 1 -> carry;
      case 2 -> negative;
      case 3 -> overflow;
      case 4 -> carry && !zero;
      case 5 -> negative == overflow;
      case 6 -> !zero && negative == overflow;
      default -> true;
    };
    return holds ^ inverted(condition);
  }

  /** Odd conditions are the opposites of even ones, but 15 is 14. */
  private static boolean inverted(int condition) {
    return (condition & 1) != 0 && condition != 15;
  }

  /** ADCS or SBCS, whose second operand is inverted: the result's flags, packed. */
  public static long withCarry(long a, long b, int carry, boolean wide) {
    long r = a + b + carry;
    if (!wide) {
      r = (int) r;
    }
    long out = a & b | (a | b) & ~r;
    long overflow = (a ^ r) & (b ^ r);
    int sign = wide ? 63 : 31;
    return (r < 0 ? 1L << 31 : 0) | (r == 0 ? 1 << 30 : 0) | (out >>> sign & 1) << 29 | (overflow >>> sign & 1) << 28;
  }
}
