// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** The control flow around one word of a page: blocks that direct branches inside the page connect, up to a limit. */
final class Flow {
  /** The last word of a page leads to another page: it is left to the interpreter. */
  private static final int LAST = 1023;
  /** Words between a jump and where it may lead to. */
  private static final int NEAR = 256;

  final int[] words;
  final Insn[] insns = new Insn[LAST + 1];
  final TreeMap<Integer, Block> blocks = new TreeMap<>();
  /** Words behind those that must be interpreted: places to come back to. */
  final List<Integer> resumes = new ArrayList<>();
  private final Decoder decoder;
  private final BitSet warm;
  private final BitSet breakpoints;
  private final int first;
  private final int limit;
  private final BitSet inside = new BitSet();
  private final BitSet leaders = new BitSet();
  private int cost;

  /**
   * @param words the page, 1,024 of them
   * @param first word to begin at
   * @param limit of what the instructions cost, in bytes of bytecode, about
   * @param warm  words that were branched to before: what never was is left out
   * @param breakpoints words that are the interpreter's
   */
  Flow(int[] words, Decoder decoder, int first, int limit, BitSet warm, BitSet breakpoints) {
    this.words = words;
    this.decoder = decoder;
    this.first = first;
    this.limit = limit;
    this.warm = warm;
    this.breakpoints = breakpoints;
    find();
    divide();
    link();
  }

  /** Less of the same. */
  Flow smaller() {
    return new Flow(words, decoder, first, limit / 2, warm, breakpoints);
  }

  /** Instructions that are translated. */
  int size() {
    return inside.cardinality();
  }

  /** The words that are translated. */
  int[] places() {
    return inside.stream().toArray();
  }

  boolean contains(int word) {
    return inside.get(word);
  }

  /** Whether the word begins a block. */
  boolean begins(int word) {
    return blocks.containsKey(word);
  }

  private Insn insn(int at) {
    if (insns[at] == null) {
      insns[at] = decoder.decode(words[at]);
    }
    return insns[at];
  }

  private boolean translated(int at) {
    Insn insn = insn(at);
    if (insn == null || at == LAST || breakpoints.get(at)) {
      return false;
    }
    return branches(insn) || jumps(insn) || Translated.covers(insn, words[at]);
  }

  private static boolean branches(Insn insn) {
    return switch (insn) {
      case B, BL, B_COND, CBZ, CBNZ, TBZ, TBNZ -> true;
      default -> false;
    };
  }

  /** Whether it branches to an address in a register. */
  private static boolean jumps(Insn insn) {
    return insn == Insn.BR || insn == Insn.BLR || insn == Insn.RET;
  }

  /** The word that a direct branch leads to, or -1 if it is on another page. */
  int target(int at) {
    int word = words[at];
    long relative = switch (insns[at]) {
      case B, BL -> Fields.rel26(word);
      case TBZ, TBNZ -> Fields.rel14(word);
      default -> Fields.rel19(word);
    };
    long target = at + (relative >> 2);
    return target < 0 || target > LAST ? -1 : (int) target;
  }

  /** Collects instructions breadth first, so that what is near the entry comes in; then what jumps may lead to. */
  private void find() {
    find(new ArrayList<>(List.of(first)));
    List<Integer> open = new ArrayList<>();
    inside.stream().filter(at -> table(insns[at], words[at])).forEach(at -> warm.stream()
        .filter(to -> Math.abs(to - at) < NEAR && !inside.get(to)).forEach(open::add));
    find(open);
  }

  private void find(List<Integer> open) {
    open.forEach(leaders::set);
    for (int next = 0; next < open.size() && cost < limit; next++) {
      for (int at = open.get(next); at <= LAST && !inside.get(at) && cost < limit; at++) {
        if (!translated(at)) {
          if (insns[at] != null && continues(insns[at]) && at < LAST) {
            leaders.set(at + 1);
            resumes.add(at + 1);
            open.add(at + 1);
          }
          break;
        }
        inside.set(at);
        cost += Translated.cost(insns[at]);
        if (branches(insns[at])) {
          int target = target(at);
          if (target >= 0 && warm.get(target)) {
            leaders.set(target);
            open.add(target);
          }
        }
        if (insns[at] == Insn.BL || insns[at] == Insn.BLR) {
          leaders.set(at + 1);
          open.add(at + 1);
        }
        if (ends(insns[at])) {
          break;
        }
        if (branches(insns[at])) {
          leaders.set(at + 1);
        }
      }
    }
  }

  /** Whether it may jump to one of several places nearby: not so by the registers that calls by way of a table of addresses use. */
  private static boolean table(Insn insn, int word) {
    return insn == Insn.BR && Fields.rn(word) != 16 && Fields.rn(word) != 17;
  }

  /** Where a jump may lead to inside. */
  private void successors(Block block) {
    int at = block.end - 1;
    if (table(insns[at], words[at])) {
      block.others = blocks.keySet().stream().filter(to -> warm.get(to)).mapToInt(Integer::intValue).toArray();
    } else if (insns[at] == Insn.RET) {
      block.others = inside.stream().filter(call -> insns[call] == Insn.BL && begins(target(call)) && begins(call + 1))
          .map(call -> call + 1).toArray();
    }
  }

  /** Whether a branch is always taken. */
  private static boolean ends(Insn insn) {
    return insn == Insn.B || insn == Insn.BL || jumps(insn);
  }

  /** Whether what is interpreted usually goes on with the next word. */
  private static boolean continues(Insn insn) {
    return switch (insn) {
      case B, BR, RET, ERET, DRPS, BRK, HLT -> false;
      default -> true;
    };
  }

  private void divide() {
    for (int at = inside.nextSetBit(0); at >= 0; at = inside.nextSetBit(at)) {
      Block block = new Block(at);
      blocks.put(at, block);
      do {
        at++;
      } while (inside.get(at) && !leaders.get(at) && !branches(insns[at - 1]) && !jumps(insns[at - 1]));
      block.end = at;
    }
  }

  private void link() {
    for (Block block : blocks.values()) {
      Insn last = insns[block.end - 1];
      if (branches(last)) {
        block.target = target(block.end - 1);
        block.how = !ends(last) ? Block.End.MAYBE : block.target < 0 ? Block.End.JUMP : Block.End.ALWAYS;
      } else if (jumps(last)) {
        block.how = Block.End.JUMP;
        successors(block);
      } else {
        block.how = inside.get(block.end) || translated(block.end) ? Block.End.FALL : Block.End.INTERPRET;
      }
    }
  }
}
