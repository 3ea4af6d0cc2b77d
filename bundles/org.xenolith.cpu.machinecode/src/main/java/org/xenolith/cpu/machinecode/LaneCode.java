// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.SimdImmediate;

/** Code of what moves, shifts and narrows lanes, and of cryptography. Source: Arm ARM DDI 0487, C7.2. */
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
  private static final int RIGHT = 9;
  private static final int RIGHT_SIGNED = 10;
  private static final int LEFT = 11;
  private static final int NARROW_RIGHT = 12;
  private static final int NARROW = 13;
  private static final int EXTRACT = 14;
  private static final int ZIP_FIRST = 15;
  private static final int ZIP_SECOND = 16;
  private static final int REVERSE64 = 17;
  private static final int REVERSE32 = 18;
  private static final int AES_ENCRYPT = 19;
  private static final int AES_DECRYPT = 20;
  private static final int AES_MIX = 21;
  private static final int AES_UNMIX = 22;
  private static final int POLYNOMIAL = 23;

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
    table.put(this, CONSTANT, Insn.MOVI_8, Insn.MOVI_16, Insn.MOVI_32, Insn.MOVI_MSL, Insn.MOVI_64, Insn.MOVI_64_SCALAR);
    table.put(this, INVERTED_CONSTANT, Insn.MVNI_16, Insn.MVNI_32, Insn.MVNI_MSL);
    table.put(this, COPY_GENERAL, Insn.DUP_GENERAL);
    table.put(this, COPY_LANE, Insn.DUP_ELEMENT);
    table.put(this, COPY_SCALAR, Insn.DUP_SCALAR);
    table.put(this, GET, Insn.UMOV);
    table.put(this, GET_SIGNED, Insn.SMOV);
    table.put(this, PUT, Insn.INS_GENERAL);
    table.put(this, PUT_LANE, Insn.INS_ELEMENT);
    table.put(this, RIGHT, Insn.USHR_VEC_IMM);
    table.put(this, RIGHT_SIGNED, Insn.SSHR_VEC_IMM);
    table.put(this, LEFT, Insn.SHL_VEC_IMM);
    table.put(this, NARROW_RIGHT, Insn.SHRN);
    table.put(this, NARROW, Insn.XTN);
    table.put(this, EXTRACT, Insn.EXT);
    table.put(this, ZIP_FIRST, Insn.ZIP1);
    table.put(this, ZIP_SECOND, Insn.ZIP2);
    table.put(this, REVERSE64, Insn.REV64_VEC);
    table.put(this, REVERSE32, Insn.REV32_VEC);
    table.put(this, AES_ENCRYPT, Insn.AESE);
    table.put(this, AES_DECRYPT, Insn.AESD);
    table.put(this, AES_MIX, Insn.AESMC);
    table.put(this, AES_UNMIX, Insn.AESIMC);
    table.put(this, POLYNOMIAL, Insn.PMULL_P64);
  }

  @Override
  public boolean covers(int operation, int word) {
    return switch (operation) {
      case RIGHT, LEFT -> shifted(word) > 0;
      case RIGHT_SIGNED -> shifted(word) == 1 || shifted(word) == 2;
      case REVERSE64 -> esize(word) != 1;
      case REVERSE32 -> esize(word) == 0;
      default -> true;
    };
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.need();
    switch (operation) {
      case CONSTANT -> constant(word, SimdImmediate.expand(word));
      case INVERTED_CONSTANT -> constant(word, ~SimdImmediate.expand(word));
      case COPY_GENERAL -> copyGeneral(word);
      case COPY_LANE -> {
        loadLane(word);
        copies(word);
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
      case NARROW_RIGHT -> narrow(word, shifted(word), right(word));
      case NARROW -> narrow(word, esize(word), 0);
      case REVERSE64 -> reverse(word, esize(word) == 0, esize(word) == 2);
      case REVERSE32 -> reverse(word, true, true);
      case AES_ENCRYPT, AES_DECRYPT, AES_MIX, AES_UNMIX, POLYNOMIAL -> {
        cipher(operation, word);
        registers.set(rd(word), true);
      }
      default -> {
        compute(operation, word);
        registers.set(rd(word), q(word));
      }
    }
  }

  /** Has the result in XMM0, or in its low half. */
  private void compute(int operation, int word) {
    load(0, rn(word));
    switch (operation) {
      case RIGHT -> vectors.shift(X64Vectors.RIGHT, shifted(word), 0, right(word));
      case RIGHT_SIGNED -> vectors.shift(X64Vectors.RIGHT_SIGNED, shifted(word), 0, right(word));
      case LEFT -> vectors.shift(X64Vectors.LEFT, shifted(word), 0, immediate(word) - (8 << shifted(word)));
      case EXTRACT -> extract(word);
      case ZIP_FIRST -> vectors.memory(ZIP_LOW[esize(word)], 0, place(rm(word)));
      default -> {
        if (q(word)) {
          vectors.memory(ZIP_HIGH[esize(word)], 0, place(rm(word)));
        } else {
          vectors.memory(ZIP_LOW[esize(word)], 0, place(rm(word)));
          vectors.shift(X64Vectors.RIGHT_BYTES, LANE64, 0, 8);
        }
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

  private void copyGeneral(int word) {
    int from = GuestRegisters.orZero(rn(word));
    switch (size(word)) {
      case 0 -> code.zeroExtend(8, X64.RAX, general.source(from, X64.RAX));
      case 1 -> code.zeroExtend(16, X64.RAX, general.source(from, X64.RAX));
      case 2 -> general.copy(false, X64.RAX, from);
      default -> general.load(true, X64.RAX, from);
    }
    copies(word);
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

  private void extract(int word) {
    int first = word >>> 11 & 15;
    if (q(word)) {
      load(0, rm(word));
      vectors.memory(X64Vectors.EXTRACT, 0, place(rn(word)), first);
    } else {
      vectors.memory(X64Vectors.LOW_HALVES, 0, place(rm(word)));
      vectors.shift(X64Vectors.RIGHT_BYTES, LANE64, 0, first);
    }
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
