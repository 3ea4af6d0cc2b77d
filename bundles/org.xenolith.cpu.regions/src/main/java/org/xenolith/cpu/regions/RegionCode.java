package org.xenolith.cpu.regions;

import org.xenolith.cpu.arch.CodeEntry;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.graph.CodePage;
import org.xenolith.cpu.graph.Node;

/**
 * What translated regions have in common. A region executes whole instructions of one page and leaves before the first one
 * that it can't execute itself, with all guest state where the interpreter expects it.
 */
public abstract class RegionCode {
  /** Set in the result of {@link #run}: the instruction there must be interpreted, it isn't one for a region. */
  static final int INTERPRET = 1 << 12;
  /** The result of {@link #run} if a branch was executed that leads to the address in {@code Cpu.pc}. */
  static final int JUMP = 1 << 13;
  /** Set in the result of {@link #run}: it is about the page of a region that was called, {@code RegionEngine.left}. */
  static final int ELSEWHERE = 1 << 14;
  /** The result of {@link #call} if what was called has returned. */
  static final int RETURNED = -1;

  /** Nodes that the code calls for instructions on vector registers. */
  protected final Node[] calls;
  /** The page that it is of. */
  CodePage page;
  /** Who executes it. */
  RegionEngine engine;
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
   * Executes what a call leads to, as far as it is in regions. All guest state must be where the interpreter expects it, and
   * {@code Cpu.pc} be what is called.
   *
   * @param back the address behind the call
   * @return {@link #RETURNED} if that is where it goes on: this page is the current one then; else what {@link #run} is to return
   */
  protected final int call(Cpu cpu, long[] x, long back) {
    return engine.call(page, cpu, x, back);
  }

  /**
   * Executes from an entry on. {@code Cpu.left} covers the longest way to the next check.
   *
   * @param entry number of the entry
   * @return offset in the page of what comes next, and {@link #INTERPRET}; or {@link #JUMP}; or what {@link #call} has returned
   */
  protected abstract int run(Cpu cpu, long[] x, int entry);
}
