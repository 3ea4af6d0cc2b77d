// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;

/** Executes while somebody counts branches: one instruction at a time, and no node but those that do nothing else. */
final class CountedExecution {
  private CountedExecution() {}

  /** Executes until {@code Cpu.left} is used up. Returns the node that comes next. */
  static Node run(Interpreter engine, Cpu c, Node first) {
    Node node = first;
    do {
      Node plain = node.plain();
      if (plain instanceof BreakpointNode point) {
        if (BreakpointNode.stops(c, c.page + plain.off)) {
          node = plain;
          continue;
        }
        plain = point.instruction();
      }
      int level = c.el;
      try {
        node = plain.exec(c, c.x);
        tell(c, plain, node, level);
      } catch (GuestFault fault) {
        c.pc = c.page + plain.off;
        c.exceptions.takeNoted();
        node = engine.jump(c.pc);
      }
    } while (--c.left > 0);
    return node;
  }

  /** Tells of an instruction that was executed at a level and led to a node, if it is a branch. */
  static void tell(Cpu c, Node plain, Node to, int level) {
    int kind = plain.branch(to, level);
    if (kind != 0) {
      c.counting.branched(level, kind);
    }
  }
}
