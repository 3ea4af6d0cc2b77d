// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;

/** Executes while somebody counts branches: one instruction at a time, each of which is looked at. Decoded instructions don't know whether they are branches. */
final class CountedExecution {
  private static final int PAGE = 4096;

  private final Interpreter engine;
  private final Core cpu;
  private final DecodedPages pages;

  CountedExecution(Interpreter engine, Core cpu, DecodedPages pages) {
    this.engine = engine;
    this.cpu = cpu;
    this.pages = pages;
  }

  /** Executes until {@code Core.left} is used up. Returns the node that comes next. */
  Node run(Node first) {
    Core c = cpu;
    Node node = first;
    do {
      Node at = node;
      if (at instanceof BreakpointNode point) {
        if (point.stops(c)) {
          continue;
        }
        at = point.instruction();
      }
      int level = c.cpl;
      // An instruction may write over itself.
      boolean branch = isBranch(at);
      try {
        node = at.exec(c, c.r);
        if (branch || at instanceof SplitNode split && split.isBranch()) {
          c.counting.branched(level);
        }
      } catch (CpuFault fault) {
        node = engine.fault(at);
      }
    } while (--c.left > 0);
    return node;
  }

  private static Node instruction(Node node) {
    return node instanceof BreakpointNode point ? point.instruction() : node;
  }

  /** Whether a node is a branch that its page has all of. */
  private boolean isBranch(Node node) {
    CodePage page = engine.fetched();
    if (page == null || node.off >= PAGE || instruction(page.nodes[node.off]) != node || node instanceof SplitNode) {
      return false;
    }
    return pages.isBranch(page, node.off, Math.min(node.end, PAGE) - node.off);
  }
}
