// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Fault;

/** Executes while somebody counts branches: one instruction at a time, each of which is looked at. Decoded instructions don't know whether they are branches. */
final class X64CountedExecution {
  private static final int PAGE = 4096;

  private final X64Interpreter engine;
  private final X64Core cpu;
  private final X64DecodedPages pages;

  X64CountedExecution(X64Interpreter engine, X64Core cpu, X64DecodedPages pages) {
    this.engine = engine;
    this.cpu = cpu;
    this.pages = pages;
  }

  /** Executes until {@code X64Core.left} is used up. Returns the node that comes next. */
  X64Node run(X64Node first) {
    X64Core c = cpu;
    X64Node node = first;
    do {
      X64Node at = node;
      if (at instanceof X64BreakpointNode point) {
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
        if (branch || at instanceof X64SplitNode split && split.isBranch()) {
          c.counting.branched(level);
        }
      } catch (X64Fault fault) {
        node = engine.fault(at);
      }
    } while (--c.left > 0);
    return node;
  }

  private static X64Node instruction(X64Node node) {
    return node instanceof X64BreakpointNode point ? point.instruction() : node;
  }

  /** Whether a node is a branch that its page has all of. */
  private boolean isBranch(X64Node node) {
    X64CodePage page = engine.fetched();
    if (page == null || node.off >= PAGE || instruction(page.nodes[node.off]) != node || node instanceof X64SplitNode) {
      return false;
    }
    return pages.isBranch(page, node.off, Math.min(node.end, PAGE) - node.off);
  }
}
