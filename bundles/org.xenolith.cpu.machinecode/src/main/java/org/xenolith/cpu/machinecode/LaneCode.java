// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.machinecode.VectorRegisters.place;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.SimdImmediate;

/** Code of what moves, shifts and narrows lanes, and of cryptography. Source: Arm ARM DDI 0487, C7.2. */
final class LaneCode {
  private static final int LANE64 = 3;
  /** PUNPCKL by the power of two of a lane's bytes. */
  private static final int[] ZIP_LOW = {0x66_0F60, 0x66_0F61, 0x66_0F62, 0x66_0F6C};
  /** PUNPCKH. */
  private static final int[] ZIP_HIGH = {0x66_0F68, 0x66_0F69, 0x66_0F6A, 0x66_0F6D};
  /** What a lane is multiplied with to be in all lanes of 64 bits. */
  private static final long[] COPIES = {0x0101_0101_0101_0101L, 0x0001_0001_0001_0001L, 0x1_0000_0001L, 1};

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
    constants(table);
    lanes(table);
    shifts(table);
    permutations(table);
    cryptography(table);
  }

  private void add(CodeTable table, Insn insn, IntPredicate words, CodeTable.Emitter emitter) {
    table.put(insn, words, (word, at) -> {
      registers.need();
      emitter.emit(word, at);
    });
  }

  /** Adds an instruction whose result is XMM0, or its low half. */
  private void result(CodeTable table, Insn insn, IntPredicate words, CodeTable.Emitter emitter) {
    add(table, insn, words, (word, at) -> {
      emitter.emit(word, at);
      registers.set(rd(word), q(word));
    });
  }

  private void load(int register, int from) {
    vectors.memory(X64Vectors.LOAD, register, place(from));
  }

  private void constants(CodeTable table) {
    for (Insn insn : List.of(Insn.MOVI_8, Insn.MOVI_16, Insn.MOVI_32, Insn.MOVI_MSL, Insn.MOVI_64, Insn.MOVI_64_SCALAR)) {
      add(table, insn, null, (word, _) -> constant(word, SimdImmediate.expand(word)));
    }
    for (Insn insn : List.of(Insn.MVNI_16, Insn.MVNI_32, Insn.MVNI_MSL)) {
      add(table, insn, null, (word, _) -> constant(word, ~SimdImmediate.expand(word)));
    }
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

  private void lanes(CodeTable table) {
    add(table, Insn.DUP_GENERAL, null, (word, _) -> {
      int from = GuestRegisters.orZero(rn(word));
      switch (size(word)) {
        case 0 -> code.zeroExtend(8, X64.RAX, general.source(from, X64.RAX));
        case 1 -> code.zeroExtend(16, X64.RAX, general.source(from, X64.RAX));
        case 2 -> general.copy(false, X64.RAX, from);
        default -> general.load(true, X64.RAX, from);
      }
      copies(word);
    });
    add(table, Insn.DUP_ELEMENT, null, (word, _) -> {
      vectors.loadElement(size(word), X64.RAX, place(rn(word)) + lane(word));
      copies(word);
    });
    add(table, Insn.DUP_SCALAR, null, (word, _) -> {
      vectors.loadElement(size(word), X64.RAX, place(rn(word)) + lane(word));
      registers.low(rd(word), X64.RAX);
    });
    add(table, Insn.UMOV, null, (word, _) -> {
      vectors.loadElement(size(word), X64.RAX, place(rn(word)) + lane(word));
      general.set(GuestRegisters.orZero(rd(word)), X64.RAX);
    });
    add(table, Insn.SMOV, null, (word, _) -> {
      vectors.loadElementSigned(q(word), size(word), X64.RAX, place(rn(word)) + lane(word));
      general.set(GuestRegisters.orZero(rd(word)), X64.RAX);
    });
    add(table, Insn.INS_GENERAL, null, (word, _) -> {
      general.load(true, X64.RAX, GuestRegisters.orZero(rn(word)));
      insert(word);
    });
    add(table, Insn.INS_ELEMENT, null, (word, _) -> {
      int size = size(word);
      vectors.loadElement(size, X64.RAX, place(rn(word)) + ((word >>> 11 & 15) >>> size << size));
      insert(word);
    });
  }

  /** RAX becomes a lane of the result. */
  private void insert(int word) {
    load(0, rd(word));
    vectors.insert(size(word), 0, imm5(word) >>> size(word) + 1);
    registers.set(rd(word), true);
  }

  /** A lane in RAX is copied to all of the result's. */
  private void copies(int word) {
    if (size(word) < LANE64) {
      code.constant(X64.RCX, COPIES[size(word)]);
      code.multiply(true, X64.RAX, X64.RCX);
    }
    registers.halves(rd(word), X64.RAX, q(word));
  }

  // ---- Shifts: the highest set bit of immh is the lane's size

  private static int immediate(int word) {
    return word >>> 16 & 127;
  }

  private static int shifted(int word) {
    return 28 - Integer.numberOfLeadingZeros(immediate(word));
  }

  private static int right(int word) {
    return (16 << shifted(word)) - immediate(word);
  }

  private void shifts(CodeTable table) {
    result(table, Insn.USHR_VEC_IMM, word -> shifted(word) > 0, (word, _) -> {
      load(0, rn(word));
      vectors.shift(X64Vectors.RIGHT, shifted(word), 0, right(word));
    });
    result(table, Insn.SSHR_VEC_IMM, word -> shifted(word) == 1 || shifted(word) == 2, (word, _) -> {
      load(0, rn(word));
      vectors.shift(X64Vectors.RIGHT_SIGNED, shifted(word), 0, right(word));
    });
    result(table, Insn.SHL_VEC_IMM, word -> shifted(word) > 0, (word, _) -> {
      load(0, rn(word));
      vectors.shift(X64Vectors.LEFT, shifted(word), 0, immediate(word) - (8 << shifted(word)));
    });
    add(table, Insn.SHRN, null, (word, _) -> narrow(word, shifted(word), right(word)));
    add(table, Insn.XTN, null, (word, _) -> narrow(word, esize(word), 0));
  }

  /** Halves of lanes, of {@code 2 << size} bytes, that are shifted right, become those of one half of the result. */
  private void narrow(int word, int size, int right) {
    load(0, rn(word));
    if (right != 0) {
      vectors.shift(X64Vectors.RIGHT, size + 1, 0, right);
    }
    switch (size) {
      case 0 -> {
        vectors.shift(X64Vectors.LEFT, 1, 0, 8);
        vectors.shift(X64Vectors.RIGHT, 1, 0, 8);
        vectors.registers(X64Vectors.PACK8, 0, 0);
      }
      case 1 -> {
        vectors.shift(X64Vectors.LEFT, 2, 0, 16);
        vectors.shift(X64Vectors.RIGHT_SIGNED, 2, 0, 16);
        vectors.registers(X64Vectors.PACK16, 0, 0);
      }
      default -> vectors.registers(X64Vectors.SHUFFLE32, 0, 0, 0x08);
    }
    if (q(word)) {
      vectors.registers(X64Vectors.LOAD, 1, 0);
      vectors.memory(X64Vectors.LOAD_LOW, 0, place(rd(word)));
      vectors.registers(X64Vectors.LOW_HALVES, 0, 1);
    }
    registers.set(rd(word), q(word));
  }

  // ---- Permutations

  private void permutations(CodeTable table) {
    result(table, Insn.EXT, null, (word, _) -> {
      int first = word >>> 11 & 15;
      if (q(word)) {
        load(0, rm(word));
        vectors.memory(X64Vectors.EXTRACT, 0, place(rn(word)), first);
      } else {
        load(0, rn(word));
        vectors.memory(X64Vectors.LOW_HALVES, 0, place(rm(word)));
        vectors.shift(X64Vectors.RIGHT_BYTES, LANE64, 0, first);
      }
    });
    result(table, Insn.ZIP1, null, (word, _) -> {
      load(0, rn(word));
      vectors.memory(ZIP_LOW[esize(word)], 0, place(rm(word)));
    });
    result(table, Insn.ZIP2, null, (word, _) -> {
      load(0, rn(word));
      if (q(word)) {
        vectors.memory(ZIP_HIGH[esize(word)], 0, place(rm(word)));
      } else {
        vectors.memory(ZIP_LOW[esize(word)], 0, place(rm(word)));
        vectors.shift(X64Vectors.RIGHT_BYTES, LANE64, 0, 8);
      }
    });
    add(table, Insn.REV64_VEC, word -> esize(word) != 1, (word, _) -> reverse(word, esize(word) == 0, esize(word) == 2));
    add(table, Insn.REV32_VEC, word -> esize(word) == 0, (word, _) -> reverse(word, true, true));
  }

  /** Halves have their bytes reversed, or their words exchanged, or both. */
  private void reverse(int word, boolean bytes, boolean words) {
    for (int half = 0; half < 16; half += 8) {
      if (half == 0 || q(word)) {
        code.load(true, X64.RAX, X64.RBP, place(rn(word)) + half);
        if (bytes) {
          code.swapBytes(true, X64.RAX);
        }
        if (words) {
          code.shift(X64.ROR, true, X64.RAX, 32);
        }
        if (half == 0) {
          vectors.fromGeneral(true, 0, X64.RAX);
        } else {
          vectors.insert(LANE64, 0, 1);
        }
      }
    }
    registers.set(rd(word), true);
  }

  // ---- Cryptography

  private void cryptography(CodeTable table) {
    crypto(table, Insn.AESE, word -> round(word, X64Vectors.AES_ENCRYPT_LAST));
    crypto(table, Insn.AESD, word -> round(word, X64Vectors.AES_DECRYPT_LAST));
    crypto(table, Insn.AESMC, word -> {
      load(0, rn(word));
      vectors.zero(1);
      vectors.registers(X64Vectors.AES_DECRYPT_LAST, 0, 1);
      vectors.registers(X64Vectors.AES_ENCRYPT, 0, 1);
    });
    crypto(table, Insn.AESIMC, word -> vectors.memory(X64Vectors.AES_INVERSE, 0, place(rn(word))));
    crypto(table, Insn.PMULL_P64, word -> {
      load(0, rn(word));
      vectors.memory(X64Vectors.POLYNOMIAL, 0, place(rm(word)), q(word) ? 0x11 : 0);
    });
  }

  private void round(int word, int operation) {
    load(0, rd(word));
    vectors.memory(X64Vectors.XOR, 0, place(rn(word)));
    vectors.zero(1);
    vectors.registers(operation, 0, 1);
  }

  private void crypto(CodeTable table, Insn insn, IntConsumer computation) {
    add(table, insn, null, (word, _) -> {
      computation.accept(word);
      registers.set(rd(word), true);
    });
  }
}
