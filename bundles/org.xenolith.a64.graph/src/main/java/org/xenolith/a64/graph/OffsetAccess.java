// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

/** One at an offset from its base. */
abstract class OffsetAccess extends BasedAccess {
  long imm;

  /** Gives it its operands. */
  final Node of(int t, int n, long offset) {
    imm = offset;
    return at(t, n);
  }
}
