// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;

/** Executes one instruction at a time, and nothing that was translated, while a debug exception may come of any of them. */
final class DebugSteps {
  private final Interpreter engine;
  private final Cpu cpu;

  DebugSteps(Interpreter engine) {
    this.engine = engine;
    cpu = engine.cpu();
  }

  /** Executes until {@code Cpu.left} is used up, or nothing is armed any more. Leaves {@code Cpu.pc} where it goes on. */
  void run() {
    Cpu c = cpu;
    do {
      step(c);
      if (!c.debug.armed()) {
        c.attention();
      }
    } while (--c.left > 0);
  }

  /** In the order of Arm ARM D1.3.5: software step, the fetch, breakpoints, an illegal state, the instruction. */
  private void step(Cpu c) {
    if (c.debug.takeStep()) {
      return;
    }
    Node node = engine.jump(c.pc).plain();
    c.pc = c.page + node.off;
    if (node instanceof BreakpointNode point) {
      if (BreakpointNode.stops(c, c.pc)) {
        return;
      }
      node = point.instruction();
    }
    boolean fetched = !(node instanceof FetchNode);
    if (fetched) {
      if (c.debug.takeBreakpoint()) {
        return;
      }
      if (c.illegal != 0) {
        c.exceptions.illegalState();
        return;
      }
    }
    boolean stepped = fetched && c.debug.stepping();
    c.debug.begin();
    int level = c.el;
    try {
      Node next = node.exec(c, c.x);
      if (c.counting.branches()) {
        CountedExecution.tell(c, node, next, level);
      }
      c.pc = c.page + next.off;
      c.debug.executed(stepped, ExclusiveNodes.loads(node));
    } catch (GuestFault fault) {
      c.pc = c.page + node.off;
      c.exceptions.takeNoted();
    }
  }
}
