// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;

/** Stands behind the last word of every page: continues on the next virtual page. It is no instruction and isn't counted. */
final class PageEndNode extends Node {
  private final Interpreter engine;

  PageEndNode(Interpreter engine) {
    this.engine = engine;
    this.off = 4096;
  }

  @Override
  public Node exec(Cpu cpu, long[] x) {
    cpu.left++;
    return engine.jump(cpu.page + 4096);
  }
}
