// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Core;

/** What can't be decoded. */
final class X64RefusedNode extends X64Node {
  private final int vector;

  X64RefusedNode(int vector) {
    this.vector = vector;
  }

  @Override
  public X64Node exec(X64Core c, long[] r) {
    throw c.fault(vector, 0);
  }
}
