// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.util.function.IntPredicate;
import org.xenolith.a64.isa.Insn;

/**
 * Which instructions there is code for, and what emits it. A table instead of switches: Eclipse's compiler has a switch over an enumeration with so
 * many constants ask a method that is too large for the JVM to compile.
 */
final class CodeTable {
  /** Emits an instruction's code. */
  interface Emitter {
    /** @param at the instruction's number in its page */
    void emit(int word, int at);
  }

  private final Emitter[] emitters = new Emitter[Insn.values().length];
  private final IntPredicate[] covered = new IntPredicate[emitters.length];

  /** There is code for an instruction. */
  void put(Insn insn, Emitter emitter) {
    put(insn, (IntPredicate) null, emitter);
  }

  /** There is the same code for two. */
  void put(Insn insn, Insn other, Emitter emitter) {
    put(insn, emitter);
    put(other, emitter);
  }

  /**
   * There is code for some forms of an instruction.
   *
   * @param words whether it is one of them; null for all
   */
  void put(Insn insn, IntPredicate words, Emitter emitter) {
    emitters[insn.ordinal()] = emitter;
    covered[insn.ordinal()] = words;
  }

  /**
   * What emits an instruction's code; null if nothing does.
   *
   * @param insn null for what is UNDEFINED
   */
  Emitter of(Insn insn, int word) {
    if (insn == null) {
      return null;
    }
    IntPredicate words = covered[insn.ordinal()];
    return words == null || words.test(word) ? emitters[insn.ordinal()] : null;
  }
}
