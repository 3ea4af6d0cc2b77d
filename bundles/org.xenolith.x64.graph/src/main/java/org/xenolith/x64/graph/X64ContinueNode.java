// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Core;

/** Isn't an instruction, and isn't counted: continues at the offset, which may be in the next page. */
final class X64ContinueNode extends X64Node {
  private final X64Interpreter engine;

  X64ContinueNode(X64Interpreter engine, int offset) {
    this.engine = engine;
    off = offset;
    end = offset;
  }

  @Override
  public X64Node exec(X64Core c, long[] r) {
    c.left++;
    return engine.jump(c.linear(engine.pc(off)));
  }
}
