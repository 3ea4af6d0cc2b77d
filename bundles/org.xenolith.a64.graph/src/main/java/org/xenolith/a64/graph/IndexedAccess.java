// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

/** One that writes its address back, before or after. */
abstract class IndexedAccess extends BasedAccess {
  /** Added to the base for the access. */
  long imm;
  /** Added to the base that is written back. */
  long step;

  /** Gives it its operands. */
  final Node of(int t, int n, long offset, long back) {
    imm = offset;
    step = back;
    return at(t, n);
  }
}
