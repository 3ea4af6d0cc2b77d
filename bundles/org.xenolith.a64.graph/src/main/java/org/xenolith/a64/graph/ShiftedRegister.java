// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

/** An instruction whose second source is shifted. */
abstract class ShiftedRegister extends ThreeRegisters {
  private int kind;
  private int amount;

  /** Gives it its operands. @param shift LSL, LSR, ASR, ROR by number */
  final Node of(int d, int n, int m, int shift, int by) {
    kind = shift;
    amount = by;
    return of(d, n, m);
  }

  final long operand64(long[] x) {
    long v = x[rm];
    return switch (kind) {
      case 0 -> v << amount;
      case 1 -> v >>> amount;
      case 2 -> v >> amount;
      default -> Long.rotateRight(v, amount);
    };
  }

  final int operand32(long[] x) {
    int v = (int) x[rm];
    return switch (kind) {
      case 0 -> v << amount;
      case 1 -> v >>> amount;
      case 2 -> v >> amount;
      default -> Integer.rotateRight(v, amount);
    };
  }
}
