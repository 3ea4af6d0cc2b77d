// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64State;

/** An instruction that who looks into the machine may want to be told of before it is executed. */
final class X64BreakpointNode extends X64Node {
  private final X64Node instruction;

  X64BreakpointNode(X64Node instruction) {
    this.instruction = instruction;
    off = instruction.off;
    end = instruction.end;
  }

  /** The node that does the instruction, whoever is told of it. */
  X64Node instruction() {
    return instruction;
  }

  /** Whether the CPU comes back before the instruction, which is counted once more then. */
  boolean stops(X64Core cpu) {
    if (!cpu.points.before(cpu.r[X64State.PAGE] + off)) {
      return false;
    }
    cpu.comeBack();
    return true;
  }

  @Override
  public X64Node exec(X64Core cpu, long[] r) {
    if (stops(cpu)) {
      return this;
    }
    X64Node to = instruction.exec(cpu, r);
    if (to != instruction) {
      return to;
    }
    cpu.points.repeats(r[X64State.PAGE] + off);
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
