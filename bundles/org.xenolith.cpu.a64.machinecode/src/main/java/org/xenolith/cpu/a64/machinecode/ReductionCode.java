// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.whole;

import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of operations on neighbouring lanes, on all lanes of a register, and on their bits. Source: Arm ARM DDI 0487, C7.2. */
final class ReductionCode implements CodeTable.Emitter {
  /** Operations of {@link VectorCode} on pairs; on all lanes with {@link #ALL}. */
  private static final int ALL = 16;
  private static final int WIDE_SUM = 32;
  private static final int SCALAR_SUM = 33;
  private static final int COUNT_BITS = 34;
  private static final int LANE64 = 3;
  /** PUNPCKHQDQ. */
  private static final int HIGH_HALVES = 0x66_0F6D;
  /** Orders: halves and neighbours exchanged. */
  private static final int HALVES = 0x4E;
  private static final int EXCHANGED = 0xB1;

  private final X64 code;
  private final X64Vectors vectors;
  private final VectorRegisters registers;
  private final PermutationCode permutations;
  private final WideCode wide;

  ReductionCode(X64 code, X64Vectors vectors, VectorRegisters registers, PermutationCode permutations, WideCode wide) {
    this.code = code;
    this.vectors = vectors;
    this.registers = registers;
    this.permutations = permutations;
    this.wide = wide;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, VectorCode.ADD, Insn.ADDP_VEC);
    table.put(this, VectorCode.MAX, Insn.SMAXP_VEC);
    table.put(this, VectorCode.MIN, Insn.SMINP_VEC);
    table.put(this, VectorCode.MAX_UNSIGNED, Insn.UMAXP_VEC);
    table.put(this, VectorCode.MIN_UNSIGNED, Insn.UMINP_VEC);
    table.put(this, ALL | VectorCode.ADD, Insn.ADDV);
    table.put(this, ALL | VectorCode.MAX, Insn.SMAXV);
    table.put(this, ALL | VectorCode.MIN, Insn.SMINV);
    table.put(this, ALL | VectorCode.MAX_UNSIGNED, Insn.UMAXV);
    table.put(this, ALL | VectorCode.MIN_UNSIGNED, Insn.UMINV);
    table.put(this, WIDE_SUM, Insn.SADDLV, Insn.UADDLV);
    table.put(this, SCALAR_SUM, Insn.ADDP_SCALAR);
    table.put(this, COUNT_BITS, Insn.CNT);
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.need();
    int size = esize(word);
    switch (operation) {
      case WIDE_SUM -> wideSum(size, word);
      case SCALAR_SUM -> {
        vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
        vectors.registers(X64Vectors.LOAD, 1, 0);
        vectors.registers(HIGH_HALVES, 1, 1);
        vectors.registers(VectorCode.host(VectorCode.ADD, LANE64), 0, 1);
        registers.set(rd(word), false);
      }
      case COUNT_BITS -> {
        count(word);
        registers.set(rd(word), whole(word));
      }
      default -> {
        if ((operation & ALL) != 0) {
          vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
          fold(operation & ~ALL, size, q(word));
          lowest(8 << size, word);
        } else {
          permutations.both(word);
          permutations.unzip(size, 0, 1);
          vectors.registers(VectorCode.host(operation, size), 0, 1);
          registers.set(rd(word), whole(word));
        }
      }
    }
  }

  /** The lowest lane of XMM0 becomes what an operation makes of all lanes, or of those of the low half. Takes XMM1. */
  private void fold(int operation, int size, boolean whole) {
    int host = VectorCode.host(operation, size);
    if (whole) {
      vectors.registers(X64Vectors.SHUFFLE32, 1, 0, HALVES);
      vectors.registers(host, 0, 1);
    }
    if (size < LANE64) {
      vectors.registers(X64Vectors.SHUFFLE32, 1, 0, EXCHANGED);
      vectors.registers(host, 0, 1);
    }
    if (size < 2) {
      vectors.registers(X64Vectors.SHUFFLE_LOW, 1, 0, EXCHANGED);
      vectors.registers(host, 0, 1);
    }
    if (size == 0) {
      vectors.registers(X64Vectors.LOAD, 1, 0);
      vectors.shift(X64Vectors.RIGHT, 1, 1, 8);
      vectors.registers(host, 0, 1);
    }
  }

  /** The result is so many bits of XMM0. */
  private void lowest(int bits, int word) {
    if (bits == 64) {
      registers.set(rd(word), false);
      return;
    }
    vectors.toGeneral(false, X64.RAX, 0);
    if (bits < 32) {
      code.zeroExtend(bits, X64.RAX, X64.RAX);
    }
    registers.low(rd(word), X64.RAX);
  }

  private void wideSum(int size, int word) {
    boolean unsigned = (word & 1 << 29) != 0;
    vectors.memory(q(word) ? X64Vectors.LOAD : X64Vectors.LOAD_LOW, 0, place(rn(word)));
    if (size == 0) {
      wide.pairs(0, unsigned);
    }
    wide.pairs(Math.max(size, 1), unsigned);
    fold(VectorCode.ADD, size == 2 ? LANE64 : 2, true);
    lowest(16 << size, word);
  }

  /** By the number of bits of four. */
  private void count(int word) {
    vectors.constant(2, 0x0302_0201_0201_0100L);
    code.constant(X64.RAX, 0x0403_0302_0302_0201L);
    vectors.insert(LANE64, 2, X64.RAX, 1);
    vectors.constant(3, 0x0F0F_0F0F_0F0F_0F0FL);
    vectors.memory(X64Vectors.LOAD, 1, place(rn(word)));
    vectors.registers(X64Vectors.LOAD, 4, 1);
    vectors.shift(X64Vectors.RIGHT, 1, 4, 4);
    vectors.registers(X64Vectors.AND, 1, 3);
    vectors.registers(X64Vectors.AND, 4, 3);
    vectors.registers(X64Vectors.LOAD, 0, 2);
    vectors.registers(X64Vectors.SHUFFLE_BYTES, 0, 1);
    vectors.registers(X64Vectors.SHUFFLE_BYTES, 2, 4);
    vectors.registers(VectorCode.host(VectorCode.ADD, 0), 0, 2);
  }
}
