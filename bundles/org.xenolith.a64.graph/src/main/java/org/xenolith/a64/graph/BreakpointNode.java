// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;

/** An instruction that who looks into the machine may want to be told of before it is executed. */
public final class BreakpointNode extends Node {
  private final Node instruction;

  BreakpointNode(Node instruction) {
    this.instruction = instruction;
    off = instruction.off;
  }

  /** The node that does the instruction, whoever is told of it. */
  Node instruction() {
    instruction.next = next;
    return instruction;
  }

  /** Whether the CPU comes back before the instruction, which is counted once more then. */
  static boolean stops(Cpu cpu, long va) {
    if (!cpu.points.before(va)) {
      return false;
    }
    cpu.comeBack();
    return true;
  }

  @Override
  public Node exec(Cpu cpu, long[] x) {
    return stops(cpu, cpu.page + off) ? this : instruction().exec(cpu, x);
  }

  @Override
  public void dropped() {
    instruction.dropped();
  }
}
