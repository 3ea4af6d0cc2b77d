// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.fp.X87Result;

/** An x87 instruction that waits for pending exceptions and leaves its address. */
abstract class X87Node extends X64Node {
  /** The operand in memory, or null. */
  final X64Address address;
  /** Its bytes. */
  final int size;
  /** Whether it is stored to. */
  private final boolean stores;
  private final X87Result result;

  X87Node(X87Result result, X64Address address, int size, boolean stores) {
    this.result = result;
    this.address = address;
    this.size = size;
    this.stores = stores;
  }

  @Override
  public final X64Node exec(X64Core c, long[] r) {
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
    c.lastInstruction = r[X64State.PAGE] + off - c.base[X64State.CS];
    if (address != null) {
      c.lastData = at;
    }
    return next;
  }

  /** Does it. @param at linear address of the operand in memory */
  abstract void run(X64Core c, X87Result z, long at);

  @Override
  public boolean usesStack() {
    return address != null && address.stack();
  }
}
