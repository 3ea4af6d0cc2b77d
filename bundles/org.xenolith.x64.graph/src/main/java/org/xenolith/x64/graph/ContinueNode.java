// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/** Isn't an instruction, and isn't counted: continues at the offset, which may be in the next page. */
final class ContinueNode extends Node {
  private final Interpreter engine;

  ContinueNode(Interpreter engine, int offset) {
    this.engine = engine;
    off = offset;
    end = offset;
  }

  @Override
  public Node exec(Core c, long[] r) {
    c.left++;
    return engine.jump(c.linear(engine.pc(off)));
  }
}
