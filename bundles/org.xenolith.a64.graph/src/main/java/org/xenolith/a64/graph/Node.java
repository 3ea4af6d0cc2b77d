// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;

/**
 * One decoded instruction, linked to the one that follows it. Nodes know nothing of virtual addresses but their offset in the
 * page, so that one decoded page serves all its mappings; {@code Cpu.page} is the mapping that is being executed.
 */
public abstract class Node {
  /** Offset of the instruction in its page. */
  public int off;
  /** What follows when it doesn't branch. */
  public Node next;

  /**
   * Executes the instruction and returns what to execute next. May throw {@code GuestFault} as long as it has changed
   * nothing that would be seen when it is executed again.
   *
   * @param x {@code cpu.x}
   */
  public abstract Node exec(Cpu cpu, long[] x);

  /** Memory no longer holds the instruction: nobody will branch to the node, but one that is executed may still return it. */
  public void dropped() {}

  /**
   * What performance monitors count it as, of the kinds in {@code CpuMonitor}; 0 if it is no branch.
   *
   * @param to    what it returned when it was executed
   * @param level the exception level that it was executed at
   */
  int branch(Node to, int level) {
    return 0;
  }

  /** The node that does nothing but the instruction. */
  public Node plain() {
    return this;
  }
}
