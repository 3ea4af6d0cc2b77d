// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.pages.NativePage;

/**
 * A loop that copies memory byte by byte, as boot loaders have it who were compiled for size: LDRB and STRB at one index, which goes up or down by one, and is
 * compared with a limit, in any order, with or without a branch over a return. Several of its rounds may be done at once. Source: Arm ARM DDI 0487, C6.2.
 */
final class CopyLoop {
  /** What isn't one. */
  static final int NONE = 0;
  /** Instructions of the longest round, the branches included. */
  private static final int LONGEST = 7;
  private static final int REGISTER = 31;
  private static final int TO = 5;
  private static final int INDEX = 10;
  private static final int LIMIT = 15;
  private static final int VALUE = 20;
  private static final int DOWN = 1 << 25;
  private static final int STEPS_BEFORE_ACCESS = 1 << 26;
  private static final int STEPS_BEFORE_COMPARISON = 1 << 27;
  private static final int LIMIT_FIRST = 1 << 28;
  private static final int LENGTH = 29;

  private final NativePage page;
  private final Decoder decoder;
  private int load;
  private int store;
  private int step;
  private int comparison;
  private boolean branched;
  private int what;

  private CopyLoop(NativePage page, Decoder decoder) {
    this.page = page;
    this.decoder = decoder;
  }

  /**
   * The loop that begins, and is come back to, at an instruction of a page, as a number for the functions below; {@link #NONE} if there is none. All of its instructions are
   * in {@link NativePage#holds} from then on, so that writing one of them ends what is known.
   */
  static int at(NativePage page, int first, Decoder decoder) {
    // Nearly everything else ends here, after a look at one word.
    return begins(decoder.decode(page.word(first)), page.word(first)) ? new CopyLoop(page, decoder).of(first) : NONE;
  }

  private static boolean begins(Insn insn, int word) {
    return switch (insn) {
      case ADD_IMM, SUB_IMM -> steps(word);
      case SUBS_SHIFTED -> compares(word);
      case LDR_REG -> bytes(word);
      default -> false;
    };
  }

  private static boolean steps(int word) {
    return Fields.sf(word) && Fields.addImmediate(word) == 1 && Fields.rd(word) == Fields.rn(word) && Fields.rd(word) != REGISTER;
  }

  private static boolean compares(int word) {
    return Fields.sf(word) && Fields.rd(word) == REGISTER && Fields.shift(word) == 0 && Fields.imms(word) == 0;
  }

  private static boolean bytes(int word) {
    return Fields.size(word) == 0 && Fields.option(word) == 3;
  }

  private int of(int first) {
    int at = first;
    int last = first;
    for (int length = 1; length <= LONGEST; length++) {
      if (at < 0 || at >= NativePage.WORDS || page.hasBreakpoint(at)) {
        return NONE;
      }
      last = Math.max(last, at);
      int next = next(at);
      if (next < 0) {
        return NONE;
      }
      if (next == first) {
        return complete() ? found(first, last, length) : NONE;
      }
      at = next;
    }
    return NONE;
  }

  private int found(int first, int last, int length) {
    page.translated(first, last + 1);
    return what | length << LENGTH;
  }

  /** Takes the instruction at a place for a part of the loop. Returns the one that follows while the index isn't at its limit; negative if there is none. */
  private int next(int at) {
    int word = page.word(at);
    switch (decoder.decode(word)) {
      case LDR_REG -> {
        if (load != 0 || !bytes(word)) {
          return -1;
        }
        load = word;
      }
      case STR_REG -> {
        if (load == 0 || store != 0 || !bytes(word)) {
          return -1;
        }
        store = word;
      }
      case ADD_IMM, SUB_IMM -> {
        if (step != 0 || !steps(word) || (load == 0) != (store == 0)) {
          return -1;
        }
        step(word);
      }
      case SUBS_SHIFTED -> {
        if (comparison != 0 || !compares(word)) {
          return -1;
        }
        comparison = word;
      }
      case B_COND -> {
        return comparison != 0 && !branched ? branch(at, word) : -1;
      }
      case B -> {
        return at + (int) (Fields.rel26(word) >> 2);
      }
      case null, default -> {
        return -1;
      }
    }
    return at + 1;
  }

  private void step(int word) {
    what |= (word & 1 << 30) != 0 ? DOWN : 0;
    what |= load == 0 ? STEPS_BEFORE_ACCESS : 0;
    what |= comparison == 0 ? STEPS_BEFORE_COMPARISON : 0;
    step = word;
  }

  /** Goes on as long as the two are different. */
  private int branch(int at, int word) {
    branched = true;
    return switch (Fields.branchCond(word)) {
      case 0 -> at + 1;
      case 1 -> at + (int) (Fields.rel19(word) >> 2);
      default -> -1;
    };
  }

  private boolean complete() {
    if (load == 0 || store == 0 || step == 0 || comparison == 0 || !branched) {
      return false;
    }
    int index = Fields.rd(step);
    int value = Fields.rt(load);
    boolean limitFirst = Fields.rm(comparison) == index;
    int limit = limitFirst ? Fields.rn(comparison) : Fields.rm(comparison);
    int from = Fields.rn(load);
    int to = Fields.rn(store);
    what |= from | to << TO | index << INDEX | limit << LIMIT | value << VALUE | (limitFirst ? LIMIT_FIRST : 0);
    return Fields.rm(load) == index && Fields.rm(store) == index && Fields.rt(store) == value && (limitFirst || Fields.rn(comparison)
        == index)
        && apart(index, limit, from, to) && apart(value, limit, from, to) && value != index && value != REGISTER;
  }

  /** Whether a register is none of others, which are no stack pointers. */
  private static boolean apart(int register, int... others) {
    for (int other : others) {
      if (other == register || other == REGISTER) {
        return false;
      }
    }
    return true;
  }

  // ---- What a loop is

  /** The register with the address that is read from, without the index. */
  static int from(int loop) {
    return loop & REGISTER;
  }

  /** The register with the address that is written to, without the index. */
  static int to(int loop) {
    return loop >> TO & REGISTER;
  }

  static int index(int loop) {
    return loop >> INDEX & REGISTER;
  }

  /** The register with the index at which the loop ends. */
  static int limit(int loop) {
    return loop >> LIMIT & REGISTER;
  }

  /** The register that has each byte on its way. */
  static int value(int loop) {
    return loop >> VALUE & REGISTER;
  }

  /** What so many rounds add to the index. */
  static int times(int loop, int rounds) {
    return (loop & DOWN) != 0 ? -rounds : rounds;
  }

  /** What was added to the index in a round when memory is read and written. */
  static int beforeAccess(int loop) {
    return (loop & STEPS_BEFORE_ACCESS) != 0 ? times(loop, 1) : 0;
  }

  /** What was added to the index in a round when it is compared. */
  static int beforeComparison(int loop) {
    return (loop & STEPS_BEFORE_COMPARISON) != 0 ? times(loop, 1) : 0;
  }

  /** Whether the index is subtracted from the limit, not the other way round. */
  static boolean limitFirst(int loop) {
    return (loop & LIMIT_FIRST) != 0;
  }

  /** Instructions of a round. */
  static int length(int loop) {
    return loop >>> LENGTH;
  }
}
