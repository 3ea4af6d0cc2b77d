// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;

/** Which instructions there is code for, and what emits it. */
final class CodeTable {
  /** Emits the code of instructions that are alike. */
  interface Emitter {
    /** Whether there is code for an instruction of one of its forms. */
    boolean covers(Instruction insn);

    /**
     * Emits it.
     *
     * @param at     offset of the instruction in its page
     * @param end    offset of what is behind it
     * @param needed whether its flags are needed in memory behind it
     */
    void emit(Instruction insn, int at, int end, boolean needed);

    /** Whether code may leave in the middle of it, so that flags must be in memory before it. */
    boolean leaves(Instruction insn);

    /** Whether an instruction is a block of its own. */
    default boolean alone() {
      return false;
    }
  }

  private final Emitter[] emitters = new Emitter[Insn.values().length];

  /** There is code for a form. */
  void put(Emitter emitter, Insn insn) {
    emitters[insn.ordinal()] = emitter;
  }

  /** What emits an instruction's code; null if there is none. */
  Emitter of(Instruction insn) {
    Emitter emitter = emitters[insn.insn().ordinal()];
    return emitter != null && emitter.covers(insn) ? emitter : null;
  }
}
