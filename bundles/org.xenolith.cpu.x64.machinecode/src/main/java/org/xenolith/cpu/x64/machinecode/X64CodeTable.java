// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.x64.isa.X64Insn;
import org.xenolith.x64.isa.X64Instruction;

/** Which instructions there is code for, and what emits it. */
final class X64CodeTable {
  /** Emits the code of instructions that are alike. */
  interface Emitter {
    /** Whether there is code for an instruction of one of its forms. */
    boolean covers(X64Instruction insn);

    /**
     * Emits it.
     *
     * @param at     offset of the instruction in its page
     * @param end    offset of what is behind it
     * @param needed whether its flags are needed in memory behind it
     */
    void emit(X64Instruction insn, int at, int end, boolean needed);

    /** Whether code may leave in the middle of it, so that flags must be in memory before it. */
    boolean leaves(X64Instruction insn);

    /** Whether an instruction is a block of its own. */
    default boolean alone() {
      return false;
    }
  }

  private final Emitter[] emitters = new Emitter[X64Insn.values().length];

  /** There is code for a form. */
  void put(Emitter emitter, X64Insn insn) {
    emitters[insn.ordinal()] = emitter;
  }

  /** What emits an instruction's code; null if there is none. */
  Emitter of(X64Instruction insn) {
    Emitter emitter = emitters[insn.insn().ordinal()];
    return emitter != null && emitter.covers(insn) ? emitter : null;
  }
}
