// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;

/**
 * One decoded instruction, linked to the one that follows it. Nodes know nothing of linear addresses but their offset in the page, so that one decoded page
 * serves all its mappings; {@code r[PAGE]} is the mapping that is being executed.
 */
public abstract class Node {
  /** Offset of the instruction in its page. */
  public int off;
  /** Offset of the first byte behind it; beyond 4,096 if it reaches into the next page. */
  public int end;
  /** What follows when it doesn't branch. */
  public Node next;

  /**
   * Executes the instruction and returns what to execute next. May throw {@code CpuFault} as long as it has changed nothing that would be seen when it is
   * executed again.
   *
   * @param r {@code cpu.r}
   */
  public abstract Node exec(Core cpu, long[] r);

  /** Whether an address of its that isn't canonical is a stack fault. */
  public boolean usesStack() {
    return false;
  }

  /** Whether it comes back to itself until it is done: RF holds for all of it. */
  boolean repeats() {
    return false;
  }

  /** RIP of the instruction behind it. */
  protected final long nextPc(Core cpu, long[] r) {
    long pc = r[CpuState.PAGE] + end - cpu.base[CpuState.CS];
    return cpu.mode == DecodeMode.LONG_64 ? pc : pc & 0xFFFF_FFFFL;
  }
}
