// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.cpu.api.CpuEngine;

/** Executes Java instead of instructions, one call for each: for tests of the core only. */
public final class ToyEngine implements CpuEngine {
  private final Cpu cpu;
  private final Program program;

  /** What a CPU does. */
  public interface Program {
    /** Executes one instruction. */
    void step(Cpu cpu);

    /** The engine that executes it goes. */
    default void closed() {}
  }

  ToyEngine(Cpu cpu, Program program) {
    this.cpu = cpu;
    this.program = program;
  }

  @Override
  public long run(long budget) {
    cpu.begin(budget);
    while (cpu.more()) {
      while (cpu.left > 0) {
        program.step(cpu);
        cpu.pc += 4;
        cpu.left--;
      }
    }
    return cpu.end();
  }

  @Override
  public void close() {
    program.closed();
  }
}
