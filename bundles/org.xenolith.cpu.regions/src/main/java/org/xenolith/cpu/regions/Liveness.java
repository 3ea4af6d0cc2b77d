package org.xenolith.cpu.regions;

import java.util.HashMap;
import java.util.Map;

/**
 * What general registers must be filled at an entry and written back at a way out. Sets are a bit for each register; 31 is SP.
 * A way out writes back what any way to it may have written; on a way that has not, that must have been filled.
 */
final class Liveness {
  private final Flow flow;
  /** By block: registers that may have been written before it since the region was entered. */
  private final Map<Integer, Long> dirty = new HashMap<>();
  /** By block: registers whose values before it matter. */
  private final Map<Integer, Long> live = new HashMap<>();

  Liveness(Flow flow) {
    this.flow = flow;
    spreadDirty();
    spreadLive();
  }

  /** What must be filled where the region is entered at a block. */
  long filled(int block) {
    return live.get(block);
  }

  /** What must be written back where it is left before a word of a block. */
  long dirtyBefore(Block block, int word) {
    long set = dirty.get(block.first);
    for (int at = block.first; at < word; at++) {
      set |= Translated.written(flow.insns[at], flow.words[at]);
    }
    return set;
  }

  private void spreadDirty() {
    flow.blocks.keySet().forEach(first -> dirty.put(first, 0L));
    for (boolean changed = true; changed;) {
      changed = false;
      for (Block block : flow.blocks.values()) {
        long out = dirtyBefore(block, block.end);
        changed |= flows(block, block.target, out) | flows(block, block.end, out);
      }
    }
  }

  private boolean flows(Block from, int to, long set) {
    boolean leads = switch (from.how) {
      case FALL -> to == from.end;
      case ALWAYS -> to == from.target;
      case MAYBE -> true;
      default -> false;
    };
    Long old = leads ? dirty.get(to) : null;
    return old != null && dirty.put(to, old | set) != (old | set);
  }

  private void spreadLive() {
    flow.blocks.keySet().forEach(first -> live.put(first, 0L));
    for (boolean changed = true; changed;) {
      changed = false;
      for (Block block : flow.blocks.descendingMap().values()) {
        long set = after(block);
        for (int at = block.end - 1; at >= block.first; at--) {
          long written = Translated.written(flow.insns[at], flow.words[at]);
          set = set & ~written | Translated.read(flow.insns[at], flow.words[at]);
          if (Translated.mayLeave(flow.insns[at])) {
            // It may be left here.
            set |= dirtyBefore(block, at);
          }
        }
        changed |= live.put(block.first, set) != set;
      }
    }
  }

  private long after(Block block) {
    long out = dirtyBefore(block, block.end);
    boolean leaves = block.how == Block.End.JUMP || block.how == Block.End.INTERPRET;
    long set = leaves ? out : 0;
    if (block.how == Block.End.FALL || block.how == Block.End.MAYBE) {
      set |= at(block.end, block.end - 1, out);
    }
    if (block.how == Block.End.ALWAYS || block.how == Block.End.MAYBE) {
      set |= at(block.target, block.end - 1, out);
    }
    return set;
  }

  /** What matters on a way to a word, which may be one out. */
  private long at(int to, int from, long out) {
    Long known = live.get(to);
    return known == null ? out : to <= from ? known | out : known;
  }
}
