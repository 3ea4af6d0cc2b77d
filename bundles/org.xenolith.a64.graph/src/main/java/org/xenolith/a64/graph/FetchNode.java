// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;

/** Stands for an instruction that could not be fetched: tries again and takes the exception. */
final class FetchNode extends Node {
  private final Interpreter engine;

  FetchNode(Interpreter engine) {
    this.engine = engine;
  }

  @Override
  public Node exec(Cpu cpu, long[] x) {
    long va = cpu.page + off;
    if ((va & 3) != 0) {
      cpu.pc = va;
      cpu.exceptions.pcAlignment();
      return engine.jump(cpu.pc);
    }
    if (cpu.env.bus().readable(cpu.mmu.code(va).frame) == null) {
      cpu.exceptions.noteFetchExternalAbort(va);
      throw GuestFault.INSTANCE;
    }
    cpu.left++;
    return engine.jump(va);
  }
}
