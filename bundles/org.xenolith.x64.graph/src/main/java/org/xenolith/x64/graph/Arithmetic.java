// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/**
 * Arithmetic that sets flags (Intel SDM volume 1, appendix A). Operands of the functions with a parameter {@code up} are moved up so that their sign is bit 63:
 * {@code up} is 64 less their size in bits. So are their results.
 */
final class Arithmetic {
  static final int ADD = 0;
  static final int OR = 1;
  static final int ADC = 2;
  static final int SBB = 3;
  static final int AND = 4;
  static final int SUB = 5;
  static final int XOR = 6;
  static final int CMP = 7;
  static final int TEST = 8;

  private Arithmetic() {}

  static long of(int operation, Core c, long x, long y, int up) {
    return switch (operation) {
      case ADD -> add(c, x, y, 0, up);
      case OR -> logic(c, x | y, up);
      case ADC -> add(c, x, y, c.carries >>> 63 << up, up);
      case SBB -> subtract(c, x, y, c.carries >>> 63 << up, up);
      case AND, TEST -> logic(c, x & y, up);
      case XOR -> logic(c, x ^ y, up);
      default -> subtract(c, x, y, 0, up);
    };
  }

  static long add(Core c, long x, long y, long carry, int up) {
    long z = x + y + carry;
    c.carries = x & y | (x | y) & ~z;
    c.adjust = (x ^ y ^ z) >>> up;
    result(c, z, up);
    return z;
  }

  static long subtract(Core c, long x, long y, long borrow, int up) {
    long z = x - y - borrow;
    c.carries = ~x & y | ~(x ^ y) & z;
    c.adjust = (x ^ y ^ z) >>> up;
    result(c, z, up);
    return z;
  }

  static long logic(Core c, long z, int up) {
    c.carries = 0;
    c.adjust = 0;
    result(c, z, up);
    return z;
  }

  /** ZF, SF and PF. */
  static void result(Core c, long z, int up) {
    c.zero = z;
    c.sign = z;
    c.parity = z >>> up;
  }

  static long increment(Core c, long x, int up) {
    long cf = c.carries & Long.MIN_VALUE;
    long z = add(c, x, 1L << up, 0, up);
    keepCarry(c, cf);
    return z;
  }

  static long decrement(Core c, long x, int up) {
    long cf = c.carries & Long.MIN_VALUE;
    long z = subtract(c, x, 1L << up, 0, up);
    keepCarry(c, cf);
    return z;
  }

  /** OF as it was just made, CF as it was before. */
  private static void keepCarry(Core c, long cf) {
    long of = (c.carries ^ c.carries << 1) & Long.MIN_VALUE;
    c.carries = cf | (cf ^ of) >>> 1;
  }

  /** CF, with OF as it is. */
  static void carry(Core c, long cf) {
    c.carries(cf, c.overflow() ? 1 : 0);
  }

  /** A condition by its encoding: O, NO, B, AE, E, NE, BE, A, S, NS, P, NP, L, GE, LE, G. */
  static boolean holds(Core c, int condition) {
    boolean held = switch (condition >> 1) {
      case 0 -> c.overflow();
      case 1 -> c.carries < 0;
      case 2 -> c.zero == 0;
      case 3 -> c.carries < 0 || c.zero == 0;
      case 4 -> c.sign < 0;
      case 5 -> c.evenParity();
      case 6 -> less(c);
      default -> c.zero == 0 || less(c);
    };
    return held != ((condition & 1) != 0);
  }

  static boolean less(Core c) {
    return (c.sign ^ c.carries ^ c.carries << 1) < 0;
  }
}
