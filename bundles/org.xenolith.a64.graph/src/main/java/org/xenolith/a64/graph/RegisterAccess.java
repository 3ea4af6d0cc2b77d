// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

/** One at a base and an index register, extended and shifted. */
abstract class RegisterAccess extends BasedAccess {
  private int rm;
  private int option;
  private int shift;

  /** Gives it its operands. */
  final Node of(int t, int n, int m, int extension, int by) {
    rm = m;
    option = extension;
    shift = by;
    return at(t, n);
  }

  final long index(long[] x) {
    return Registers.extend(x[rm], option) << shift;
  }
}
