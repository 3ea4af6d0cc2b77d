// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.HashMap;
import java.util.Map;

/** Which general registers must be filled at an entry: those whose values before it are read. A bit for each; 31 is SP. */
final class Liveness {
  private final Flow flow;
  private final Map<Integer, Long> live = new HashMap<>();

  Liveness(Flow flow) {
    this.flow = flow;
    flow.blocks.keySet().forEach(first -> live.put(first, 0L));
    boolean changed;
    do {
      changed = false;
      for (Block block : flow.blocks.descendingMap().values()) {
        long set = before(block);
        changed |= live.put(block.first, set) != set;
      }
    } while (changed);
  }

  /** What must be filled where the region is entered at a block. */
  long filled(int block) {
    return live.get(block);
  }

  private long before(Block block) {
    long set = 0;
    if (block.how == Block.End.FALL || block.how == Block.End.MAYBE) {
      set |= live.getOrDefault(block.end, 0L);
    }
    if (block.how == Block.End.ALWAYS || block.how == Block.End.MAYBE) {
      set |= live.getOrDefault(block.target, 0L);
    }
    for (int other : block.others) {
      set |= live.get(other);
    }
    for (int at = block.end - 1; at >= block.first; at--) {
      set = set & ~Translated.written(flow.insns[at], flow.words[at]) | Translated.read(flow.insns[at], flow.words[at]);
    }
    return set;
  }
}
