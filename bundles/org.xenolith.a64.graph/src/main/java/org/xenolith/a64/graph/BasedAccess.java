// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;

/** An access of general register rt at a base, which may be the stack pointer. */
abstract class BasedAccess extends Node {
  int rt;
  int rn;
  private long stack;

  final Node at(int t, int n) {
    rt = t;
    rn = n;
    stack = n == Cpu.SP ? 15 : 0;
    return this;
  }

  final long base(Cpu c, long[] x) {
    long base = x[rn];
    if ((base & stack) != 0) {
      c.memory.checkStack();
    }
    return base;
  }
}
