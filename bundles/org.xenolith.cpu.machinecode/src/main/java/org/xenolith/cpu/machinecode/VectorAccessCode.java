// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Code of loads and stores of vector registers, and of moves between them and general ones. Source: Arm ARM DDI 0487, C7.2. */
final class VectorAccessCode {
  /** Bytes of a register as a power of two. */
  private static final int WHOLE = 4;

  private final X64 code;
  private final GuestRegisters registers;
  private final AccessCode accesses;
  private final WaysOut leaving;

  VectorAccessCode(X64 code, GuestRegisters registers, AccessCode accesses, WaysOut leaving) {
    this.code = code;
    this.registers = registers;
    this.accesses = accesses;
    this.leaving = leaving;
  }

  /** Whether there is code for an instruction. */
  static boolean covers(Insn insn, int word) {
    return switch (insn) {
      case LDR_FP_IMM_UNSIGNED, LDUR_FP, LDR_FP_IMM_POST, LDR_FP_IMM_PRE, LDR_FP_REG, LDR_FP_LITERAL, STR_FP_IMM_UNSIGNED, STUR_FP,
          STR_FP_IMM_POST, STR_FP_IMM_PRE, STR_FP_REG, LDP_FP_OFFSET, LDP_FP_POST, LDP_FP_PRE, LDNP_FP, STP_FP_OFFSET, STP_FP_POST,
          STP_FP_PRE, STNP_FP -> true;
      case FMOV_TO_GENERAL, FMOV_FROM_GENERAL -> Fields.ftype(word) < 2;
      default -> false;
    };
  }

  private static int place(int register) {
    return StateLayout.VECTORS + 16 * register;
  }

  /**
   * Emits an instruction.
   *
   * @param off where it is in its page
   */
  void emit(Insn insn, int word, int off) {
    accesses.begin();
    int begin = code.at();
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.VECTORS_OPEN, 0);
    leaving.vectorsIf(X64.E, begin);
    int size = Fields.size(word) + ((word & 1 << 23) != 0 ? WHOLE : 0);
    switch (insn) {
      case LDR_FP_IMM_UNSIGNED -> load(word, size, accesses.base(word, Fields.imm12(word) << size));
      case LDUR_FP -> load(word, size, accesses.base(word, Fields.simm9(word)));
      case LDR_FP_REG -> load(word, size, accesses.indexed(word, size));
      case LDR_FP_LITERAL -> {
        accesses.literal(word, off);
        load(word, 2 + Fields.size(word), X64.RAX);
      }
      case LDR_FP_IMM_POST -> {
        load(word, size, accesses.base(word, 0));
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case LDR_FP_IMM_PRE -> {
        load(word, size, accesses.base(word, Fields.simm9(word)));
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case STR_FP_IMM_UNSIGNED -> store(word, size, accesses.base(word, Fields.imm12(word) << size));
      case STUR_FP -> store(word, size, accesses.base(word, Fields.simm9(word)));
      case STR_FP_REG -> store(word, size, accesses.indexed(word, size));
      case STR_FP_IMM_POST -> {
        store(word, size, accesses.base(word, 0));
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case STR_FP_IMM_PRE -> {
        store(word, size, accesses.base(word, Fields.simm9(word)));
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case FMOV_TO_GENERAL -> {
        code.load(Fields.sf(word), X64.RAX, X64.RBP, place(Fields.rn(word)));
        registers.set(GuestRegisters.orZero(Fields.rd(word)), X64.RAX);
      }
      case FMOV_FROM_GENERAL -> {
        registers.copy(Fields.sf(word), X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
        low(Fields.rd(word), X64.RAX);
      }
      default -> pair(insn, word);
    }
  }

  /** A register becomes a value in its low half. */
  private void low(int register, int value) {
    code.store(true, value, X64.RBP, place(register));
    code.storeConstant(true, 0, X64.RBP, place(register) + 8);
  }

  private void load(int word, int size, int address) {
    accesses.check(address, 1 << size, AccessCode.element(size));
    read(size, Fields.rt(word), address, 0);
  }

  private void store(int word, int size, int address) {
    accesses.check(address, 1 << size, CodeExits.STORE | AccessCode.element(size));
    write(size, Fields.rt(word), address, 0);
  }

  private void read(int size, int register, int address, int offset) {
    code.loadIndexed(Math.min(size, 3), X64.RDX, address, X64.RCX, offset);
    if (size < WHOLE) {
      low(register, X64.RDX);
    } else {
      code.store(true, X64.RDX, X64.RBP, place(register));
      code.loadIndexed(3, X64.RDX, address, X64.RCX, offset + 8);
      code.store(true, X64.RDX, X64.RBP, place(register) + 8);
    }
  }

  private void write(int size, int register, int address, int offset) {
    code.load(true, X64.RDX, X64.RBP, place(register));
    code.storeIndexed(Math.min(size, 3), X64.RDX, address, X64.RCX, offset);
    if (size == WHOLE) {
      code.load(true, X64.RDX, X64.RBP, place(register) + 8);
      code.storeIndexed(3, X64.RDX, address, X64.RCX, offset + 8);
    }
  }

  private void pair(Insn insn, int word) {
    int size = Fields.size(word) + 2;
    int offset = Fields.simm7(word) << size;
    boolean post = insn == Insn.LDP_FP_POST || insn == Insn.STP_FP_POST;
    boolean pre = insn == Insn.LDP_FP_PRE || insn == Insn.STP_FP_PRE;
    boolean store = insn == Insn.STP_FP_OFFSET || insn == Insn.STP_FP_POST || insn == Insn.STP_FP_PRE || insn == Insn.STNP_FP;
    int address = accesses.base(word, post ? 0 : offset);
    accesses.check(address, 2 << size, (store ? CodeExits.STORE : 0) | AccessCode.element(size));
    if (store) {
      write(size, Fields.rt(word), address, 0);
      write(size, Fields.rt2(word), address, 1 << size);
    } else {
      read(size, Fields.rt(word), address, 0);
      read(size, Fields.rt2(word), address, 1 << size);
    }
    if (post || pre) {
      registers.add(Fields.rn(word), offset);
    }
  }
}
