// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/** What can't be decoded. */
final class RefusedNode extends Node {
  private final int vector;

  RefusedNode(int vector) {
    this.vector = vector;
  }

  @Override
  public Node exec(Core c, long[] r) {
    throw c.fault(vector, 0);
  }
}
