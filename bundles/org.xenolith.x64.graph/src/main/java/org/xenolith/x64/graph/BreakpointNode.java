// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;

/** An instruction that who looks into the machine may want to be told of before it is executed. */
final class BreakpointNode extends Node {
  private final Node instruction;

  BreakpointNode(Node instruction) {
    this.instruction = instruction;
    off = instruction.off;
    end = instruction.end;
  }

  /** The node that does the instruction, whoever is told of it. */
  Node instruction() {
    return instruction;
  }

  /** Whether the CPU comes back before the instruction, which is counted once more then. */
  boolean stops(Core cpu) {
    if (!cpu.points.before(cpu.r[CpuState.PAGE] + off)) {
      return false;
    }
    cpu.comeBack();
    return true;
  }

  @Override
  public Node exec(Core cpu, long[] r) {
    if (stops(cpu)) {
      return this;
    }
    Node to = instruction.exec(cpu, r);
    if (to != instruction) {
      return to;
    }
    cpu.points.repeats(r[CpuState.PAGE] + off);
    return this;
  }

  @Override
  boolean repeats() {
    return instruction.repeats();
  }

  @Override
  public boolean usesStack() {
    return instruction.usesStack();
  }
}
