// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.CodeEntry;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.CodePage;
import org.xenolith.a64.graph.Node;

/**
 * What translated regions have in common. A region executes whole instructions of one page and leaves before the first one
 * that it can't execute itself, with all guest state where the interpreter expects it.
 */
public abstract class RegionCode {
  /** Set in the result of {@link #run}: the instruction there must be interpreted, it isn't one for a region. */
  static final int INTERPRET = 1 << 12;
  /** The result of {@link #run} if a branch was executed that leads to the address in {@code Cpu.pc}. */
  static final int JUMP = 1 << 13;

  /** Nodes that the code calls for instructions on vector registers. */
  protected final Node[] calls;
  /** The page that it is of. */
  CodePage page;
  /** Where stores are logged, in code that does. */
  protected Undo undo;

  /** @param calls nodes that the code calls */
  protected RegionCode(Node[] calls) {
    this.calls = calls;
  }

  /** Whether a branch to an address of this page finds the page without a walk, as the interpreter would. */
  protected final boolean stays(Cpu cpu, long va) {
    CodeEntry entry = cpu.code[Cpu.tlbIndex(va) & cpu.code.length - 1];
    return entry.tag == (va & -4096 | cpu.fetchContext) && entry.code == page;
  }

  /**
   * Executes from an entry on. {@code Cpu.left} covers the longest way to the next check.
   *
   * @param entry number of the entry
   * @return offset in the page of what comes next, and {@link #INTERPRET}; or {@link #JUMP}
   */
  protected abstract int run(Cpu cpu, long[] x, int entry);
}
