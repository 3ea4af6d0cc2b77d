// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.SimdImmediate;
import org.xenolith.hostcode.kit.X64;

/** Code of constants, of what moves lanes, and of AES and polynomials. Source: Arm ARM DDI 0487, C7.2. */
final class LaneCode implements CodeTable.Emitter {
  private static final int CONSTANT = 0;
  private static final int INVERTED_CONSTANT = 1;
  private static final int COPY_GENERAL = 2;
  private static final int COPY_LANE = 3;
  private static final int COPY_SCALAR = 4;
  private static final int GET = 5;
  private static final int GET_SIGNED = 6;
  private static final int PUT = 7;
  private static final int PUT_LANE = 8;
  private static final int AES_ENCRYPT = 9;
  private static final int AES_DECRYPT = 10;
  private static final int AES_MIX = 11;
  private static final int AES_UNMIX = 12;
  private static final int POLYNOMIAL = 13;
  private static final int OR_CONSTANT = 14;
  private static final int AND_NOT_CONSTANT = 15;

  private final X64 code;
  private final X64Vectors vectors;
  private final GuestRegisters general;
  private final VectorRegisters registers;

  LaneCode(X64 code, X64Vectors vectors, GuestRegisters general, VectorRegisters registers) {
    this.code = code;
    this.vectors = vectors;
    this.general = general;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, CONSTANT, Insn.MOVI_8, Insn.MOVI_16, Insn.MOVI_32, Insn.MOVI_MSL, Insn.MOVI_64, Insn.MOVI_64_SCALAR,
        Insn.FMOV_VEC_IMM);
    table.put(this, INVERTED_CONSTANT, Insn.MVNI_16, Insn.MVNI_32, Insn.MVNI_MSL);
    table.put(this, OR_CONSTANT, Insn.ORR_VEC_IMM_16, Insn.ORR_VEC_IMM_32);
    table.put(this, AND_NOT_CONSTANT, Insn.BIC_VEC_IMM_16, Insn.BIC_VEC_IMM_32);
    table.put(this, COPY_GENERAL, Insn.DUP_GENERAL);
    table.put(this, COPY_LANE, Insn.DUP_ELEMENT);
    table.put(this, COPY_SCALAR, Insn.DUP_SCALAR);
    table.put(this, GET, Insn.UMOV);
    table.put(this, GET_SIGNED, Insn.SMOV);
    table.put(this, PUT, Insn.INS_GENERAL);
    table.put(this, PUT_LANE, Insn.INS_ELEMENT);
    table.put(this, AES_ENCRYPT, Insn.AESE);
    table.put(this, AES_DECRYPT, Insn.AESD);
    table.put(this, AES_MIX, Insn.AESMC);
    table.put(this, AES_UNMIX, Insn.AESIMC);
    table.put(this, POLYNOMIAL, Insn.PMULL_P64);
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.need();
    switch (operation) {
      case CONSTANT -> constant(word, SimdImmediate.expand(word));
      case INVERTED_CONSTANT -> constant(word, ~SimdImmediate.expand(word));
      case COPY_GENERAL -> {
        general.load(true, X64.RAX, GuestRegisters.orZero(rn(word)));
        registers.copies(rd(word), size(word), X64.RAX, q(word));
      }
      case COPY_LANE -> {
        loadLane(word);
        registers.copies(rd(word), size(word), X64.RAX, q(word));
      }
      case COPY_SCALAR -> {
        loadLane(word);
        registers.low(rd(word), X64.RAX);
      }
      case GET -> {
        loadLane(word);
        general.set(GuestRegisters.orZero(rd(word)), X64.RAX);
      }
      case GET_SIGNED -> {
        vectors.loadElementSigned(q(word), size(word), X64.RAX, place(rn(word)) + lane(word));
        general.set(GuestRegisters.orZero(rd(word)), X64.RAX);
      }
      case PUT -> {
        general.load(true, X64.RAX, GuestRegisters.orZero(rn(word)));
        insert(word);
      }
      case PUT_LANE -> {
        int size = size(word);
        vectors.loadElement(size, X64.RAX, place(rn(word)) + ((word >>> 11 & 15) >>> size << size));
        insert(word);
      }
      case OR_CONSTANT, AND_NOT_CONSTANT -> {
        long value = SimdImmediate.expand(word);
        vectors.constant(0, operation == OR_CONSTANT ? value : ~value);
        vectors.memory(operation == OR_CONSTANT ? X64Vectors.OR : X64Vectors.AND, 0, place(rd(word)));
        registers.set(rd(word), q(word));
      }
      default -> {
        cipher(operation, word);
        registers.set(rd(word), true);
      }
    }
  }

  private void load(int register, int from) {
    vectors.memory(X64Vectors.LOAD, register, place(from));
  }

  private void constant(int word, long value) {
    code.constant(X64.RAX, value);
    registers.halves(rd(word), X64.RAX, q(word));
  }

  // ---- Lanes: the lowest set bit of imm5 is their size, the bits above it the lane

  private static int imm5(int word) {
    return word >>> 16 & 31;
  }

  private static int size(int word) {
    return Integer.numberOfTrailingZeros(imm5(word));
  }

  /** Where the lane is in its register. */
  private static int lane(int word) {
    return imm5(word) >>> size(word) + 1 << size(word);
  }

  private void loadLane(int word) {
    vectors.loadElement(size(word), X64.RAX, place(rn(word)) + lane(word));
  }

  /** RAX becomes a lane of the result. */
  private void insert(int word) {
    load(0, rd(word));
    vectors.insert(size(word), 0, X64.RAX, imm5(word) >>> size(word) + 1);
    registers.set(rd(word), true);
  }

  // ---- Cryptography

  private void cipher(int operation, int word) {
    switch (operation) {
      case AES_ENCRYPT -> round(word, X64Vectors.AES_ENCRYPT_LAST);
      case AES_DECRYPT -> round(word, X64Vectors.AES_DECRYPT_LAST);
      case AES_MIX -> {
        load(0, rn(word));
        vectors.zero(1);
        vectors.registers(X64Vectors.AES_DECRYPT_LAST, 0, 1);
        vectors.registers(X64Vectors.AES_ENCRYPT, 0, 1);
      }
      case AES_UNMIX -> vectors.memory(X64Vectors.AES_INVERSE, 0, place(rn(word)));
      default -> {
        load(0, rn(word));
        vectors.memory(X64Vectors.POLYNOMIAL, 0, place(rm(word)), q(word) ? 0x11 : 0);
      }
    }
  }

  private void round(int word, int operation) {
    load(0, rd(word));
    vectors.memory(X64Vectors.XOR, 0, place(rn(word)));
    vectors.zero(1);
    vectors.registers(operation, 0, 1);
  }
}
