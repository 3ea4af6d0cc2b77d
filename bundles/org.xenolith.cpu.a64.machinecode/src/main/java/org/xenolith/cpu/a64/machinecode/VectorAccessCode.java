// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of loads and stores of vector registers, and of moves between them and general ones. Source: Arm ARM DDI 0487, C7.2. */
final class VectorAccessCode implements CodeTable.Emitter {
  private static final int SCALED = 0;
  private static final int UNSCALED = 1;
  private static final int INDEXED = 2;
  private static final int POST = 3;
  private static final int PRE = 4;
  private static final int LITERAL = 5;
  private static final int PAIR = 6;
  private static final int PAIR_POST = 7;
  private static final int PAIR_PRE = 8;
  private static final int TO_GENERAL = 9;
  private static final int FROM_GENERAL = 10;
  private static final int TO_GENERAL_HIGH = 11;
  private static final int FROM_GENERAL_HIGH = 12;
  /** Bytes from a register's lower half to its upper one. */
  private static final int HIGH = 8;
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
    table.put(this, SCALED, Insn.LDR_FP_IMM_UNSIGNED, Insn.STR_FP_IMM_UNSIGNED);
    table.put(this, UNSCALED, Insn.LDUR_FP, Insn.STUR_FP);
    table.put(this, INDEXED, Insn.LDR_FP_REG, Insn.STR_FP_REG);
    table.put(this, POST, Insn.LDR_FP_IMM_POST, Insn.STR_FP_IMM_POST);
    table.put(this, PRE, Insn.LDR_FP_IMM_PRE, Insn.STR_FP_IMM_PRE);
    table.put(this, LITERAL, Insn.LDR_FP_LITERAL);
    table.put(this, PAIR, Insn.LDP_FP_OFFSET, Insn.LDNP_FP, Insn.STP_FP_OFFSET, Insn.STNP_FP);
    table.put(this, PAIR_POST, Insn.LDP_FP_POST, Insn.STP_FP_POST);
    table.put(this, PAIR_PRE, Insn.LDP_FP_PRE, Insn.STP_FP_PRE);
    table.put(this, TO_GENERAL, Insn.FMOV_TO_GENERAL);
    table.put(this, FROM_GENERAL, Insn.FMOV_FROM_GENERAL);
    table.put(this, TO_GENERAL_HIGH, Insn.FMOV_TO_GENERAL_HIGH);
    table.put(this, FROM_GENERAL_HIGH, Insn.FMOV_FROM_GENERAL_HIGH);
  }

  @Override
  public boolean covers(int operation, int word) {
    // At the bottom, moves of 32 or 64 bits.
    return operation != TO_GENERAL && operation != FROM_GENERAL || Fields.ftype(word) < 2;
  }

  @Override
  public void emit(int operation, int word, int at) {
    vectors.need();
    accesses.begin();
    switch (operation) {
      case SCALED -> access(word, accesses.base(word, Fields.imm12(word) << size(word)));
      case UNSCALED -> access(word, accesses.base(word, Fields.simm9(word)));
      case INDEXED -> access(word, accesses.indexed(word, size(word)));
      case POST -> {
        access(word, accesses.base(word, 0));
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case PRE -> {
        access(word, accesses.base(word, Fields.simm9(word)));
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case LITERAL -> {
        accesses.literal(word, at);
        load(word, 2 + Fields.size(word), X64.RAX);
      }
      case PAIR -> pair(AccessCode.Step.NONE, word);
      case PAIR_POST -> pair(AccessCode.Step.BEHIND, word);
      case PAIR_PRE -> pair(AccessCode.Step.BEFORE, word);
      case TO_GENERAL -> {
        code.load(Fields.sf(word), X64.RAX, X64.RBP, place(Fields.rn(word)));
        registers.set(GuestRegisters.orZero(Fields.rd(word)), X64.RAX);
      }
      case TO_GENERAL_HIGH -> {
        code.load(true, X64.RAX, X64.RBP, place(Fields.rn(word)) + HIGH);
        registers.set(GuestRegisters.orZero(Fields.rd(word)), X64.RAX);
      }
      case FROM_GENERAL_HIGH -> {
        registers.copy(true, X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
        code.store(true, X64.RAX, X64.RBP, place(Fields.rd(word)) + HIGH);
      }
      default -> {
        registers.copy(Fields.sf(word), X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
        vectors.low(Fields.rd(word), X64.RAX);
      }
    }
  }

  private static boolean stores(int word) {
    return (word & 1 << 22) == 0;
  }

  private void access(int word, int address) {
    if (stores(word)) {
      store(word, size(word), address);
    } else {
      load(word, size(word), address);
    }
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

  private void pair(AccessCode.Step step, int word) {
    boolean store = stores(word);
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
