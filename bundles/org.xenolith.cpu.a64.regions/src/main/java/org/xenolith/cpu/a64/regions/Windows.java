// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Which base registers of a region have a {@link Window}: those of the most loads, and of the most stores, in loops. */
final class Windows {
  /** More would take the JVM's compiler long and not stay in the host's registers. */
  private static final int MOST = 4;
  /** Instructions of the longest loop that is looked at: longer ones seldom run often enough to be worth more code. */
  private static final int LONGEST = 48;

  private final Flow flow;
  private final Map<Integer, Integer> uses = new HashMap<>();
  private final Map<Integer, Window> windows = new HashMap<>();

  /** @param first the first local variable that is free */
  Windows(Flow flow, int first) {
    this.flow = flow;
    flow.blocks.values().stream().filter(this::loops).forEach(this::count);
    int next = first;
    for (int key : uses.keySet().stream().sorted(Comparator.comparing((Integer key) -> -uses.get(key)).thenComparing(key -> key))
        .limit(MOST).toList()) {
      windows.put(key, Window.at(next));
      next += Window.LOCALS;
    }
  }

  /** Whether a short branch backwards leads over a block or to it. */
  private boolean loops(Block block) {
    return flow.blocks.subMap(block.first, true, block.first + LONGEST, true).values().stream()
        .anyMatch(from -> (from.how == Block.End.ALWAYS || from.how == Block.End.MAYBE) && from.target <= block.first
            && from.target > from.end - LONGEST && flow.begins(from.target));
  }

  private void count(Block block) {
    for (int at = block.first; at < block.end; at++) {
      int key = key(flow.insns[at], flow.words[at]);
      if (key >= 0) {
        uses.merge(key, 1, Integer::sum);
      }
    }
  }

  /** A number for the base register and the direction of an access; -1 if it has no base, or isn't one. */
  private static int key(Insn insn, int word) {
    if (!Translated.memory(insn) || insn == Insn.LDR_LITERAL || insn == Insn.LDRSW_LITERAL) {
      return -1;
    }
    return Fields.rn(word) << 1 | (Translated.stores(insn) ? 1 : 0);
  }

  /** The window of an access; null if it has none. */
  Window of(Insn insn, int word) {
    return windows.get(key(insn, word));
  }

  /** All of them. */
  Iterable<Window> all() {
    return windows.values();
  }
}
