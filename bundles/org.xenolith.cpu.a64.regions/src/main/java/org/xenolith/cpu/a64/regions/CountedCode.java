// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.CodePage;
import org.xenolith.a64.graph.Node;
import org.xenolith.a64.isa.Disassembler;

/** A region of a machine that is watched: tells how many instructions it executed and why it was left. */
final class CountedCode extends RegionCode {
  private static final String JUMP_OUT = "branch to a register or out of the page";
  private static final String ELSEWHERE = "branch to code that is in no region, or a slice's end";

  private final RegionCode code;
  /** By word, of instructions that the region is left for. */
  private final String[] reasons = new String[CodePage.WORDS];

  CountedCode(RegionCode code) {
    super(new Node[0]);
    this.code = code;
    page = code.page;
  }

  @Override
  protected int run(Cpu c, long[] x, int entry) {
    long before = c.left;
    int way = code.run(c, x, entry);
    long executed = before - c.left;
    String wayOut = way == JUMP ? JUMP_OUT : way < INTERPRET ? ELSEWHERE : reason((way & 0xFFF) >> 2);
    c.exits.tell(watcher -> watcher.translated(executed, wayOut));
    return way;
  }

  private String reason(int at) {
    String reason = reasons[at];
    if (reason == null) {
      reason = (new Disassembler().disassemble(0, page.word(at)).split("\\s", 2)[0] + " to be interpreted").intern();
      reasons[at] = reason;
    }
    return reason;
  }
}
