// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.xenolith.cpu.machinecode.VectorRegisters.place;

import java.util.List;
import java.util.function.IntPredicate;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Code of loads and stores of vector registers, and of moves between them and general ones. Source: Arm ARM DDI 0487, C7.2. */
final class VectorAccessCode {
  /** Bytes of a register as a power of two. */
  private static final int WHOLE = 4;

  private final X64 code;
  private final GuestRegisters registers;
  private final AccessCode accesses;
  private final VectorRegisters vectors;
  private final X64Vectors instructions;

  VectorAccessCode(X64 code, X64Vectors instructions, GuestRegisters registers, AccessCode accesses, VectorRegisters vectors) {
    this.code = code;
    this.instructions = instructions;
    this.registers = registers;
    this.accesses = accesses;
    this.vectors = vectors;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    add(table, Insn.LDR_FP_IMM_UNSIGNED, (word, _) -> load(word, size(word), accesses.base(word, Fields.imm12(word) << size(word))));
    add(table, Insn.LDUR_FP, (word, _) -> load(word, size(word), accesses.base(word, Fields.simm9(word))));
    add(table, Insn.LDR_FP_REG, (word, _) -> load(word, size(word), accesses.indexed(word, size(word))));
    add(table, Insn.LDR_FP_LITERAL, (word, at) -> {
      accesses.literal(word, at);
      load(word, 2 + Fields.size(word), X64.RAX);
    });
    add(table, Insn.LDR_FP_IMM_POST, (word, _) -> {
      load(word, size(word), accesses.base(word, 0));
      registers.add(Fields.rn(word), Fields.simm9(word));
    });
    add(table, Insn.LDR_FP_IMM_PRE, (word, _) -> {
      load(word, size(word), accesses.base(word, Fields.simm9(word)));
      registers.add(Fields.rn(word), Fields.simm9(word));
    });
    add(table, Insn.STR_FP_IMM_UNSIGNED, (word, _) -> store(word, size(word), accesses.base(word, Fields.imm12(word) << size(word))));
    add(table, Insn.STUR_FP, (word, _) -> store(word, size(word), accesses.base(word, Fields.simm9(word))));
    add(table, Insn.STR_FP_REG, (word, _) -> store(word, size(word), accesses.indexed(word, size(word))));
    add(table, Insn.STR_FP_IMM_POST, (word, _) -> {
      store(word, size(word), accesses.base(word, 0));
      registers.add(Fields.rn(word), Fields.simm9(word));
    });
    add(table, Insn.STR_FP_IMM_PRE, (word, _) -> {
      store(word, size(word), accesses.base(word, Fields.simm9(word)));
      registers.add(Fields.rn(word), Fields.simm9(word));
    });
    add(table, Insn.LDP_FP_OFFSET, (word, _) -> pair(false, AccessCode.Step.NONE, word));
    add(table, Insn.LDNP_FP, (word, _) -> pair(false, AccessCode.Step.NONE, word));
    add(table, Insn.LDP_FP_POST, (word, _) -> pair(false, AccessCode.Step.BEHIND, word));
    add(table, Insn.LDP_FP_PRE, (word, _) -> pair(false, AccessCode.Step.BEFORE, word));
    add(table, Insn.STP_FP_OFFSET, (word, _) -> pair(true, AccessCode.Step.NONE, word));
    add(table, Insn.STNP_FP, (word, _) -> pair(true, AccessCode.Step.NONE, word));
    add(table, Insn.STP_FP_POST, (word, _) -> pair(true, AccessCode.Step.BEHIND, word));
    add(table, Insn.STP_FP_PRE, (word, _) -> pair(true, AccessCode.Step.BEFORE, word));
    for (Insn insn : List.of(Insn.LD1_X1, Insn.LD1_X1_POST, Insn.ST1_X1, Insn.ST1_X1_POST)) {
      boolean store = insn == Insn.ST1_X1 || insn == Insn.ST1_X1_POST;
      boolean step = insn == Insn.LD1_X1_POST || insn == Insn.ST1_X1_POST;
      add(table, insn, (word, _) -> structure(store, step, word));
    }
    add(table, Insn.FMOV_TO_GENERAL, VectorAccessCode::whole, (word, _) -> {
      code.load(Fields.sf(word), X64.RAX, X64.RBP, place(Fields.rn(word)));
      registers.set(GuestRegisters.orZero(Fields.rd(word)), X64.RAX);
    });
    add(table, Insn.FMOV_FROM_GENERAL, VectorAccessCode::whole, (word, _) -> {
      registers.copy(Fields.sf(word), X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
      vectors.low(Fields.rd(word), X64.RAX);
    });
  }

  /** Whether a move between registers is one of 32 or 64 bits at the bottom. */
  private static boolean whole(int word) {
    return Fields.ftype(word) < 2;
  }

  private void add(CodeTable table, Insn insn, CodeTable.Emitter emitter) {
    add(table, insn, null, emitter);
  }

  private void add(CodeTable table, Insn insn, IntPredicate words, CodeTable.Emitter emitter) {
    table.put(insn, words, (word, at) -> {
      vectors.need();
      accesses.begin();
      emitter.emit(word, at);
    });
  }

  /** Bytes of a register that is loaded or stored, as a power of two. */
  private static int size(int word) {
    return Fields.size(word) + ((word & 1 << 23) != 0 ? WHOLE : 0);
  }

  private void load(int word, int size, int address) {
    accesses.check(address, 1 << size, AccessCode.element(size));
    read(size, Fields.rt(word), address, 0);
  }

  private void store(int word, int size, int address) {
    accesses.check(address, 1 << size, CodeExits.STORE | AccessCode.element(size));
    write(size, Fields.rt(word), address, 0);
  }

  /** One register, whose elements are next to each other. */
  private void structure(boolean store, boolean step, int word) {
    int size = Fields.q(word) ? WHOLE : 3;
    int address = accesses.base(word, 0);
    accesses.check(address, 1 << size, (store ? CodeExits.STORE : 0) | AccessCode.element(word >>> 10 & 3));
    if (store) {
      write(size, Fields.rt(word), address, 0);
    } else {
      read(size, Fields.rt(word), address, 0);
    }
    if (step) {
      if (Fields.rm(word) == 31) {
        registers.add(Fields.rn(word), 1 << size);
      } else {
        registers.addRegister(Fields.rn(word), Fields.rm(word));
      }
    }
  }

  private void read(int size, int register, int address, int offset) {
    if (size < 2) {
      code.loadIndexed(size, X64.RDX, address, X64.RCX, offset);
      vectors.low(register, X64.RDX);
    } else {
      instructions.indexed(size == WHOLE ? X64Vectors.LOAD : size == 3 ? X64Vectors.LOAD_LOW : X64Vectors.LOAD_WORD, 0, address, X64.RCX,
          offset);
      vectors.set(register, true);
    }
  }

  private void write(int size, int register, int address, int offset) {
    if (size == WHOLE) {
      instructions.memory(X64Vectors.LOAD, 0, place(register));
      instructions.indexed(X64Vectors.STORE, 0, address, X64.RCX, offset);
    } else {
      code.load(true, X64.RDX, X64.RBP, place(register));
      code.storeIndexed(size, X64.RDX, address, X64.RCX, offset);
    }
  }

  private void pair(boolean store, AccessCode.Step step, int word) {
    int size = Fields.size(word) + 2;
    int offset = Fields.simm7(word) << size;
    int address = accesses.base(word, step == AccessCode.Step.BEHIND ? 0 : offset);
    accesses.check(address, 2 << size, (store ? CodeExits.STORE : 0) | AccessCode.element(size));
    if (store) {
      write(size, Fields.rt(word), address, 0);
      write(size, Fields.rt2(word), address, 1 << size);
    } else {
      read(size, Fields.rt(word), address, 0);
      read(size, Fields.rt2(word), address, 1 << size);
    }
    if (step != AccessCode.Step.NONE) {
      registers.add(Fields.rn(word), offset);
    }
  }
}
