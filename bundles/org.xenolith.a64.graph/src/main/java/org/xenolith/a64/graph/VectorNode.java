// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.simd.VectorOperation;

/** An instruction on vector registers only. */
final class VectorNode extends Node {
  private final VectorOperation operation;

  VectorNode(VectorOperation operation) {
    this.operation = operation;
  }

  @Override
  public Node exec(Cpu c, long[] x) {
    if (c.fpTrapped) {
      throw trap(c);
    }
    operation.execute(c.v, c.fpcr, c.fp);
    return next;
  }

  /** Notes that FP and SIMD are trapped: nothing of the instruction happens. */
  static GuestFault trap(Cpu c) {
    c.exceptions.noteFpTrap();
    return GuestFault.INSTANCE;
  }
}
