// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/**
 * Shifts and rotations (Intel SDM volume 2, SAL/SAR/SHL/SHR, RCL/RCR/ROL/ROR, SHLD, SHRD). Values are zero-extended from their size of 8, 16, 32 or 64 bits; the
 * count is masked and not 0. Where the manual leaves OF undefined it follows the rule for a count of 1.
 */
final class Shifts {
  static final int ROL = 0;
  static final int ROR = 1;
  static final int RCL = 2;
  static final int RCR = 3;
  static final int SHL = 4;
  static final int SHR = 5;
  static final int SAR = 7;

  private Shifts() {}

  static long of(int operation, Core c, long value, int count, int size) {
    return switch (operation) {
      case ROL -> rol(c, value, count, size);
      case ROR -> ror(c, value, count, size);
      case RCL -> rcl(c, value, count % (size + 1), size);
      case RCR -> rcr(c, value, count % (size + 1), size);
      case SHR -> shr(c, value, count, size);
      case SAR -> sar(c, value, count, size);
      default -> shl(c, value, count, size);
    };
  }

  private static long mask(int size) {
    return -1L >>> 64 - size;
  }

  static long shl(Core c, long value, int count, int size) {
    long carry = count > size ? 0 : value >>> size - count & 1;
    long z = count >= size ? 0 : value << count & mask(size);
    flags(c, z, carry, carry ^ z >>> size - 1, size);
    return z;
  }

  static long shr(Core c, long value, int count, int size) {
    long before = count > size ? 0 : value >>> count - 1;
    long z = before >>> 1;
    flags(c, z, before & 1, (before ^ z) >>> size - 1, size);
    return z;
  }

  static long sar(Core c, long value, int count, int size) {
    long signed = value << 64 - size >> 64 - size;
    long before = signed >> Math.min(count - 1, 63);
    long z = before >> 1 & mask(size);
    flags(c, z, before & 1, 0, size);
    return z;
  }

  private static void flags(Core c, long z, long carry, long overflow, int size) {
    Arithmetic.result(c, z << 64 - size, 64 - size);
    c.adjust = 0;
    c.carries(carry, overflow & 1);
  }

  private static long rol(Core c, long value, int count, int size) {
    int by = count & size - 1;
    long z = by == 0 ? value : (value << by | value >>> size - by) & mask(size);
    c.carries(z & 1, (z ^ z >>> size - 1) & 1);
    return z;
  }

  private static long ror(Core c, long value, int count, int size) {
    int by = count & size - 1;
    long z = by == 0 ? value : (value >>> by | value << size - by) & mask(size);
    c.carries(z >>> size - 1 & 1, (z >>> size - 1 ^ z >>> size - 2) & 1);
    return z;
  }

  private static long rcl(Core c, long value, int count, int size) {
    long z = value;
    long carry = c.carries >>> 63;
    for (int i = 0; i < count; i++) {
      long out = z >>> size - 1 & 1;
      z = (z << 1 | carry) & mask(size);
      carry = out;
    }
    if (count > 0) {
      c.carries(carry, (carry ^ z >>> size - 1) & 1);
    }
    return z;
  }

  private static long rcr(Core c, long value, int count, int size) {
    long z = value;
    long carry = c.carries >>> 63;
    for (int i = 0; i < count; i++) {
      long out = z & 1;
      z = z >>> 1 | carry << size - 1;
      carry = out;
    }
    if (count > 0) {
      c.carries(carry, (z >>> size - 1 ^ z >>> size - 2) & 1);
    }
    return z;
  }

  /** SHLD. A count beyond 16 of a 16-bit operand goes on with the destination, as processors do. */
  static long shld(Core c, long value, long source, int count, int size) {
    long z;
    long carry;
    if (size == 64) {
      z = value << count | source >>> 64 - count;
      carry = value >>> 64 - count & 1;
    } else if (size == 32) {
      z = (value << count | source >>> 32 - count) & mask(32);
      carry = value >>> 32 - count & 1;
    } else {
      long all = value << 32 | source << 16 | value;
      z = all << count >>> 32 & 0xFFFF;
      carry = all << count - 1 >>> 47 & 1;
    }
    flags(c, z, carry, (z ^ value) >>> size - 1, size);
    return z;
  }

  /** SHRD. */
  static long shrd(Core c, long value, long source, int count, int size) {
    long z;
    long carry;
    if (size == 64) {
      z = value >>> count | source << 64 - count;
      carry = value >>> count - 1 & 1;
    } else if (size == 32) {
      long all = source << 32 | value;
      z = all >>> count & mask(32);
      carry = all >>> count - 1 & 1;
    } else {
      long all = value << 32 | source << 16 | value;
      z = all >>> count & 0xFFFF;
      carry = all >>> count - 1 & 1;
    }
    flags(c, z, carry, (z ^ value) >>> size - 1, size);
    return z;
  }
}
