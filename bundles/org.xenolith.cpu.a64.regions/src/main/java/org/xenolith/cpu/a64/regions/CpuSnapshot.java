// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;

/** What regions may change of a CPU. */
final class CpuSnapshot {
  private final long[] x = new long[32];
  private final long[] v = new long[64];
  private long negative;
  private long zero;
  private int carry;
  private long overflow;
  private int fpsr;
  private long left;
  private int nzcv;

  void take(Cpu c) {
    System.arraycopy(c.x, 0, x, 0, x.length);
    System.arraycopy(c.v, 0, v, 0, v.length);
    negative = c.negative;
    zero = c.zero;
    carry = c.carry;
    overflow = c.overflow;
    fpsr = c.fp.fpsr;
    left = c.left;
    nzcv = c.nzcv();
  }

  void put(Cpu c) {
    System.arraycopy(x, 0, c.x, 0, x.length);
    System.arraycopy(v, 0, c.v, 0, v.length);
    c.negative = negative;
    c.zero = zero;
    c.carry = carry;
    c.overflow = overflow;
    c.fp.fpsr = fpsr;
    c.left = left;
  }

  long left() {
    return left;
  }

  /** What another one has differently, a line each: this one's value, then the other's. */
  String differences(CpuSnapshot other) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < x.length; i++) {
      append(text, i == 31 ? "sp" : "x" + i, x[i], other.x[i]);
    }
    for (int i = 0; i < v.length; i++) {
      append(text, "v" + i / 2 + (i % 2 == 0 ? ".low" : ".high"), v[i], other.v[i]);
    }
    append(text, "nzcv", nzcv >>> 28, other.nzcv >>> 28);
    append(text, "fpsr", fpsr, other.fpsr);
    append(text, "left", left, other.left);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, long one, long other) {
    if (one != other) {
      text.append("  %s: %x, %x%n".formatted(name, one, other));
    }
  }
}
