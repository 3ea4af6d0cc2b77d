// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Node;
import org.xenolith.a64.isa.Disassembler;

/**
 * Executes a region, takes everything back, has the same instructions interpreted, and compares. What goes on is the
 * interpreter's state. Stores must be logged, and exclusive ones not be in the region: a monitor isn't taken back.
 */
final class CheckedCode extends RegionCode {
  private final RegionCode code;
  private final Translation translation;
  private final CpuSnapshot before = new CpuSnapshot();
  private final CpuSnapshot translated = new CpuSnapshot();
  private final CpuSnapshot interpreted = new CpuSnapshot();

  CheckedCode(RegionCode code, Translation translation) {
    super(new Node[0]);
    this.code = code;
    page = code.page;
    this.translation = translation;
    code.undo = new Undo();
  }

  @Override
  protected int run(Cpu c, long[] x, int entry) {
    Undo undo = code.undo;
    undo.clear();
    before.take(c);
    long home = c.page;
    int way = code.run(c, x, entry);
    Flags.settle(c);
    long target = c.pc;
    translated.take(c);
    undo.exchange();
    before.put(c);
    Node node = page.nodes[translation.entries()[entry]];
    for (long i = before.left() - translated.left(); i > 0; i--) {
      node = node.plain().exec(c, x);
      c.left--;
    }
    interpreted.take(c);
    String difference = interpreted.differences(translated);
    String memory = undo.difference();
    int to = way == JUMP ? (int) target & 0xFFF : way & 0xFFF;
    if (!difference.isEmpty() || memory != null || node.off != to) {
      throw new IllegalStateException("lockstep: interpreter and region differ, entered at 0x%x\n%s%s  next: %x, %x\n%s".formatted(
          home + translation.entries()[entry] * 4L, difference, memory == null ? "" : "  " + memory + "\n", node.off, to, listing(home)));
    }
    c.pc = target;
    return way;
  }

  private String listing(long home) {
    Disassembler disassembler = new Disassembler();
    StringBuilder text = new StringBuilder();
    for (int at : translation.flow().places()) {
      int word = translation.flow().words[at];
      text.append("  %x: %08x  %s%n".formatted(home + at * 4L, word, disassembler.disassemble(home + at * 4L, word)));
    }
    return text.toString();
  }
}
