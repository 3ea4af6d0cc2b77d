// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.isa.Insn;

/**
 * Which instructions there is code for, and what emits it. A table instead of switches: Eclipse's compiler has a switch over an enumeration with so
 * many constants ask a method that is too large for the JVM to compile. And numbers instead of lambdas: each would be linked when a process
 * starts its first engine.
 */
final class CodeTable {
  /** Emits the code of instructions that are alike. */
  interface Emitter {
    /**
     * @param operation which of its operations the instruction was put into the table with
     * @param at        the instruction's number in its page
     */
    void emit(int operation, int word, int at);

    /** Whether there is code for this form of an instruction. */
    default boolean covers(int operation, int word) {
      return true;
    }
  }

  private final Emitter[] emitters = new Emitter[Insn.values().length];
  private final int[] operations = new int[emitters.length];

  /** There is code for instructions. */
  void put(Emitter emitter, int operation, Insn... insns) {
    for (Insn insn : insns) {
      emitters[insn.ordinal()] = emitter;
      operations[insn.ordinal()] = operation;
    }
  }

  /**
   * Whether there is code for an instruction.
   *
   * @param insn null for what is UNDEFINED
   */
  boolean covers(Insn insn, int word) {
    if (insn == null) {
      return false;
    }
    Emitter emitter = emitters[insn.ordinal()];
    return emitter != null && emitter.covers(operations[insn.ordinal()], word);
  }

  /** Emits the code of one that it {@link #covers}. */
  void emit(Insn insn, int word, int at) {
    emitters[insn.ordinal()].emit(operations[insn.ordinal()], word, at);
  }
}
