// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.whole;

import org.xenolith.a64.isa.Insn;

/** Code of shifts of lanes by constants, and of what makes lanes narrower. Source: Arm ARM DDI 0487, C7.2. */
final class ShiftCode implements CodeTable.Emitter {
  private static final int RIGHT = 0;
  private static final int RIGHT_ADDED = 1;
  private static final int LEFT = 2;
  private static final int RIGHT_INSERTED = 3;
  private static final int LEFT_INSERTED = 4;
  private static final int NARROW_RIGHT = 5;
  private static final int NARROW = 6;
  private static final int LONG = 7;
  private static final int LONG_BY_SIZE = 8;
  private static final int LANE64 = 3;

  private final X64Vectors vectors;
  private final VectorRegisters registers;
  private final VectorCache held;

  ShiftCode(X64Vectors vectors, VectorRegisters registers, VectorCache held) {
    this.held = held;
    this.vectors = vectors;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, RIGHT, Insn.USHR_VEC_IMM, Insn.SSHR_VEC_IMM, Insn.USHR_SCALAR_IMM, Insn.SSHR_SCALAR_IMM);
    table.put(this, RIGHT_ADDED, Insn.USRA_VEC_IMM, Insn.SSRA_VEC_IMM, Insn.USRA_SCALAR_IMM, Insn.SSRA_SCALAR_IMM);
    table.put(this, LEFT, Insn.SHL_VEC_IMM, Insn.SHL_SCALAR_IMM);
    table.put(this, RIGHT_INSERTED, Insn.SRI_VEC_IMM, Insn.SRI_SCALAR_IMM);
    table.put(this, LEFT_INSERTED, Insn.SLI_VEC_IMM, Insn.SLI_SCALAR_IMM);
    table.put(this, NARROW_RIGHT, Insn.SHRN);
    table.put(this, NARROW, Insn.XTN);
    table.put(this, LONG, Insn.USHLL, Insn.SSHLL);
    table.put(this, LONG_BY_SIZE, Insn.SHLL);
  }

  @Override
  public void emit(int operation, int word, int at) {
    held.keep();
    registers.need();
    switch (operation) {
      case NARROW_RIGHT -> narrow(word, size(word), right(word));
      case NARROW -> narrow(word, esize(word), 0);
      case LONG -> {
        registers.widen(0, rn(word), size(word), unsigned(word), q(word));
        left(size(word) + 1, leftBy(word));
        registers.set(rd(word), true);
      }
      case LONG_BY_SIZE -> {
        registers.widen(0, rn(word), esize(word), true, q(word));
        left(esize(word) + 1, 8 << esize(word));
        registers.set(rd(word), true);
      }
      default -> {
        vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
        compute(operation, word);
        registers.set(rd(word), whole(word));
      }
    }
  }

  /** Has the operand in XMM0 shifted. */
  private void compute(int operation, int word) {
    int size = size(word);
    switch (operation) {
      case RIGHT -> right(word, size, unsigned(word));
      case RIGHT_ADDED -> {
        right(word, size, unsigned(word));
        vectors.memory(VectorCode.host(VectorCode.ADD, size), 0, place(rd(word)));
      }
      case LEFT -> left(size, leftBy(word));
      case RIGHT_INSERTED -> {
        right(word, size, true);
        insert(word, right(word) == 8 << size ? 0 : ones(size) >>> right(word));
      }
      default -> {
        left(size, leftBy(word));
        insert(word, ones(size) << leftBy(word) & ones(size));
      }
    }
  }

  // ---- Constants: the highest set bit of immh is the lane's size

  private static int immediate(int word) {
    return word >>> 16 & 127;
  }

  private static int size(int word) {
    return 28 - Integer.numberOfLeadingZeros(immediate(word));
  }

  private static int right(int word) {
    return (16 << size(word)) - immediate(word);
  }

  private static int leftBy(int word) {
    return immediate(word) - (8 << size(word));
  }

  private static boolean unsigned(int word) {
    return (word & 1 << 29) != 0;
  }

  private static long ones(int size) {
    return -1L >>> 64 - (8 << size);
  }

  // ---- Shifts of XMM0

  private void right(int word, int size, boolean unsigned) {
    int count = right(word);
    if (!unsigned && (size == 0 || size == LANE64)) {
      // The host has none: shifted as unsigned, its highest bit is made the sign.
      int bits = 8 << size;
      int by = Math.min(count, bits - 1);
      logicalRight(size, by);
      vectors.constant(1, VectorCode.copies(size, 1L << bits - 1 - by));
      vectors.registers(X64Vectors.XOR, 0, 1);
      vectors.registers(VectorCode.host(VectorCode.SUB, size), 0, 1);
    } else if (unsigned) {
      logicalRight(size, count);
    } else {
      vectors.shift(X64Vectors.RIGHT_SIGNED, size, 0, count);
    }
  }

  private void logicalRight(int size, int count) {
    vectors.shift(X64Vectors.RIGHT, Math.max(size, 1), 0, count);
    if (size == 0) {
      bytes(0xFF >>> count);
    }
  }

  private void left(int size, int count) {
    vectors.shift(X64Vectors.LEFT, Math.max(size, 1), 0, count);
    if (size == 0) {
      bytes(0xFF << count & 0xFF);
    }
  }

  /** Bytes were shifted in pairs: bits of others go. */
  private void bytes(int mask) {
    vectors.constant(1, VectorCode.copies(0, mask));
    vectors.registers(X64Vectors.AND, 0, 1);
  }

  /** Where a mask has no bits, those of the destination stay. */
  private void insert(int word, long mask) {
    vectors.constant(1, VectorCode.copies(size(word), ~mask & ones(size(word))));
    vectors.memory(X64Vectors.AND, 1, place(rd(word)));
    vectors.registers(X64Vectors.OR, 0, 1);
  }

  /** Halves of lanes, of {@code 2 << size} bytes, that are shifted right, become those of one half of the result. */
  private void narrow(int word, int size, int right) {
    vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
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
}
