// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of what takes lanes of registers apart and puts them together. Source: Arm ARM DDI 0487, C7.2. */
final class PermutationCode implements CodeTable.Emitter {
  private static final int ZIP_FIRST = 0;
  private static final int ZIP_SECOND = 1;
  private static final int UNZIP_FIRST = 2;
  private static final int UNZIP_SECOND = 3;
  private static final int TRANSPOSE_FIRST = 4;
  private static final int TRANSPOSE_SECOND = 5;
  private static final int EXTRACT = 6;
  private static final int LOOKUP = 7;
  private static final int LOOKUP_OR_KEEP = 8;
  private static final int REVERSE64 = 9;
  private static final int REVERSE32 = 10;
  private static final int REVERSE16 = 11;
  private static final int LANE64 = 3;
  /** PUNPCKL by the power of two of a lane's bytes. */
  private static final int[] ZIP_LOW = {0x66_0F60, 0x66_0F61, 0x66_0F62, 0x66_0F6C};
  /** PUNPCKH. */
  private static final int[] ZIP_HIGH = {0x66_0F68, 0x66_0F69, 0x66_0F6A, 0x66_0F6D};
  /** PACKUSDW. */
  private static final int PACK16_UNSIGNED = 0x66_0F382B;
  /** SHUFPS. */
  private static final int SHUFFLE_PAIR = 0x0FC6;
  /** PSUBB. */
  private static final int SUB8 = 0x66_0FF8;
  /** Orders: reversed, and with neighbours exchanged. */
  private static final int REVERSED = 0x1B;
  private static final int EXCHANGED = 0xB1;

  private final X64 code;
  private final X64Vectors vectors;
  private final VectorRegisters registers;

  PermutationCode(X64 code, X64Vectors vectors, VectorRegisters registers) {
    this.code = code;
    this.vectors = vectors;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, ZIP_FIRST, Insn.ZIP1);
    table.put(this, ZIP_SECOND, Insn.ZIP2);
    table.put(this, UNZIP_FIRST, Insn.UZP1);
    table.put(this, UNZIP_SECOND, Insn.UZP2);
    table.put(this, TRANSPOSE_FIRST, Insn.TRN1);
    table.put(this, TRANSPOSE_SECOND, Insn.TRN2);
    table.put(this, EXTRACT, Insn.EXT);
    table.put(this, LOOKUP, Insn.TBL);
    table.put(this, LOOKUP_OR_KEEP, Insn.TBX);
    table.put(this, REVERSE64, Insn.REV64_VEC);
    table.put(this, REVERSE32, Insn.REV32_VEC);
    table.put(this, REVERSE16, Insn.REV16_VEC);
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.need();
    int size = esize(word);
    switch (operation) {
      case UNZIP_FIRST, UNZIP_SECOND -> {
        both(word);
        unzip(size, 0, 1);
        if (operation == UNZIP_SECOND) {
          load(0, 1);
        }
      }
      case TRANSPOSE_FIRST, TRANSPOSE_SECOND -> transpose(operation == TRANSPOSE_SECOND, size, word);
      case LOOKUP -> lookup(word);
      case LOOKUP_OR_KEEP -> {
        lookup(word);
        keep(word);
      }
      case REVERSE64 -> reverse64(size, word);
      case REVERSE32 -> {
        if (size == 0) {
          reverse(word);
          vectors.registers(X64Vectors.SHUFFLE32, 0, 0, EXCHANGED);
        } else {
          halfwords(word, EXCHANGED);
        }
      }
      case REVERSE16 -> {
        vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
        load(1, 0);
        vectors.shift(X64Vectors.LEFT, 1, 0, 8);
        vectors.shift(X64Vectors.RIGHT, 1, 1, 8);
        vectors.registers(X64Vectors.OR, 0, 1);
      }
      default -> {
        vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
        neighbours(operation, size, word);
      }
    }
    registers.set(rd(word), q(word));
  }

  private void load(int to, int from) {
    vectors.registers(X64Vectors.LOAD, to, from);
  }

  /** EXT and ZIP: XMM0 has the first operand. */
  private void neighbours(int operation, int size, int word) {
    int first = word >>> 11 & 15;
    switch (operation) {
      case ZIP_FIRST -> vectors.memory(ZIP_LOW[size], 0, place(rm(word)));
      case ZIP_SECOND -> {
        if (q(word)) {
          vectors.memory(ZIP_HIGH[size], 0, place(rm(word)));
        } else {
          vectors.memory(ZIP_LOW[size], 0, place(rm(word)));
          vectors.shift(X64Vectors.RIGHT_BYTES, LANE64, 0, 8);
        }
      }
      default -> {
        if (q(word)) {
          vectors.memory(X64Vectors.LOAD, 1, place(rm(word)));
          vectors.registers(X64Vectors.EXTRACT, 1, 0, first);
          load(0, 1);
        } else {
          vectors.memory(X64Vectors.LOW_HALVES, 0, place(rm(word)));
          vectors.shift(X64Vectors.RIGHT_BYTES, LANE64, 0, first);
        }
      }
    }
  }

  /** Both operands come to XMM0 and XMM1, or, if they are halves, to XMM0. */
  void both(int word) {
    vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
    if (q(word)) {
      vectors.memory(X64Vectors.LOAD, 1, place(rm(word)));
    } else {
      vectors.memory(X64Vectors.LOW_HALVES, 0, place(rm(word)));
      vectors.zero(1);
    }
  }

  /** Lanes of two registers in turn: the first ones in the first, the others in the second. */
  void zip(int size, int first, int second, int spare) {
    load(spare, first);
    vectors.registers(ZIP_LOW[size], first, second);
    vectors.registers(ZIP_HIGH[size], spare, second);
    load(second, spare);
  }

  /** Of all lanes of two registers those at even places come to the first, and those at odd ones to the second. Takes XMM6 and XMM7. */
  void unzip(int size, int first, int second) {
    switch (size) {
      case 0, 1 -> {
        load(6, first);
        load(7, second);
        // Of wider lanes the low halves, then the high ones.
        for (int register : new int[] {first, second}) {
          vectors.shift(X64Vectors.LEFT, size + 1, register, 8 << size);
          vectors.shift(X64Vectors.RIGHT, size + 1, register, 8 << size);
        }
        vectors.shift(X64Vectors.RIGHT, size + 1, 6, 8 << size);
        vectors.shift(X64Vectors.RIGHT, size + 1, 7, 8 << size);
        int pack = size == 0 ? X64Vectors.PACK8 : PACK16_UNSIGNED;
        vectors.registers(pack, first, second);
        vectors.registers(pack, 6, 7);
        load(second, 6);
      }
      case 2 -> {
        load(6, first);
        vectors.registers(SHUFFLE_PAIR, first, second, 0x88);
        vectors.registers(SHUFFLE_PAIR, 6, second, 0xDD);
        load(second, 6);
      }
      default -> zip(LANE64, first, second, 6);
    }
  }

  /** Even or odd lanes of both, in turn. */
  private void transpose(boolean odd, int size, int word) {
    vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
    vectors.memory(X64Vectors.LOAD, 1, place(rm(word)));
    if (size == LANE64) {
      vectors.registers(odd ? ZIP_HIGH[LANE64] : ZIP_LOW[LANE64], 0, 1);
      return;
    }
    int bits = 8 << size;
    if (odd) {
      vectors.shift(X64Vectors.RIGHT, size + 1, 0, bits);
      vectors.shift(X64Vectors.RIGHT, size + 1, 1, bits);
      vectors.shift(X64Vectors.LEFT, size + 1, 1, bits);
    } else {
      vectors.shift(X64Vectors.LEFT, size + 1, 0, bits);
      vectors.shift(X64Vectors.RIGHT, size + 1, 0, bits);
      vectors.shift(X64Vectors.LEFT, size + 1, 1, bits);
    }
    vectors.registers(X64Vectors.OR, 0, 1);
  }

  // ---- Tables of one to four registers

  private static int length(int word) {
    return (word >>> 13 & 3) + 1;
  }

  /** XMM0 has what each index finds in the table, or 0. */
  private void lookup(int word) {
    // What is below 16 stays there, and what isn't gets its high bit: the host takes a byte's four low bits unless that is set.
    vectors.constant(3, 0x7070_7070_7070_7070L);
    vectors.constant(4, 0x1010_1010_1010_1010L);
    vectors.memory(X64Vectors.LOAD, 2, place(rm(word)));
    for (int i = 0; i < length(word); i++) {
      int to = i == 0 ? 0 : 1;
      vectors.memory(X64Vectors.LOAD, to, place(rn(word) + i & 31));
      load(5, 2);
      vectors.registers(X64Vectors.ADD8_SATURATED, 5, 3);
      vectors.registers(X64Vectors.SHUFFLE_BYTES, to, 5);
      if (i != 0) {
        vectors.registers(X64Vectors.OR, 0, 1);
      }
      if (i + 1 < length(word)) {
        vectors.registers(SUB8, 2, 4);
      }
    }
  }

  /** Where no index is in the table, the destination stays. */
  private void keep(int word) {
    // Unsigned: the least of both is the limit where an index isn't below it.
    vectors.constant(1, 0x1010_1010_1010_1010L * length(word));
    vectors.memory(X64Vectors.LOAD, 2, place(rm(word)));
    vectors.registers(X64Vectors.MIN8_UNSIGNED, 2, 1);
    vectors.registers(X64Vectors.EQUAL8, 2, 1);
    vectors.memory(X64Vectors.AND, 2, place(rd(word)));
    vectors.registers(X64Vectors.OR, 0, 2);
  }

  // ---- Reversed lanes

  private void reverse64(int size, int word) {
    switch (size) {
      case 0 -> reverse(word);
      case 1 -> halfwords(word, REVERSED);
      default -> vectors.memory(X64Vectors.SHUFFLE32, 0, place(rn(word)), EXCHANGED);
    }
  }

  /** Halfwords of each half in an order. */
  private void halfwords(int word, int order) {
    vectors.memory(X64Vectors.SHUFFLE_LOW, 0, place(rn(word)), order);
    vectors.registers(X64Vectors.SHUFFLE_HIGH, 0, 0, order);
  }

  /** Bytes of each half. */
  private void reverse(int word) {
    code.load(true, X64.RAX, X64.RBP, place(rn(word)));
    code.swapBytes(true, X64.RAX);
    vectors.fromGeneral(true, 0, X64.RAX);
    if (q(word)) {
      code.load(true, X64.RAX, X64.RBP, place(rn(word)) + 8);
      code.swapBytes(true, X64.RAX);
      vectors.insert(LANE64, 0, X64.RAX, 1);
    }
  }
}
