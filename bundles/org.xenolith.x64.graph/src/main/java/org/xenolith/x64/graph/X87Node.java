// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.fp.X87Result;

/** An x87 instruction that waits for pending exceptions and leaves its address. */
abstract class X87Node extends Node {
  /** The operand in memory, or null. */
  final OperandAddress address;
  /** Its bytes. */
  final int size;
  /** Whether it is stored to. */
  private final boolean stores;
  private final X87Result result;

  X87Node(X87Result result, @Nullable OperandAddress address, int size, boolean stores) {
    this.result = result;
    this.address = address;
    this.size = size;
    this.stores = stores;
  }

  @Override
  public final Node exec(Core c, long[] r) {
    X87Stack.begin(c);
    long at = 0;
    if (address != null) {
      at = address.of(c, r, size, stores);
      if (stores) {
        // What can fault comes before anything changes.
        c.memory.probe(at, size);
      }
    }
    run(c, result, at);
    c.lastInstruction = r[CpuState.PAGE] + off - c.base[CpuState.CS];
    if (address != null) {
      c.lastData = at;
    }
    return next;
  }

  /** Does it. @param at linear address of the operand in memory */
  abstract void run(Core c, X87Result z, long at);

  @Override
  public boolean usesStack() {
    return address != null && address.stack();
  }
}
