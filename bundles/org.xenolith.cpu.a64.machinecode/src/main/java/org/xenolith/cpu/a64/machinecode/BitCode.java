// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of bit fields, shifts, and operations on one register. Source: Arm ARM DDI 0487, C6.2. */
final class BitCode implements CodeTable.Emitter {
  private static final int FIELD = 0;
  private static final int INSERT = 1;
  private static final int EXTRACT = 2;
  private static final int CONSTANT = 3;
  private static final int KEEP = 4;
  private static final int VARIABLE = 5;
  private static final int LEADING_ZEROS = 6;
  private static final int REVERSE_BITS = 7;
  private static final int REVERSE = 8;
  private static final int REVERSE_WORDS = 9;
  private static final int REVERSE_HALFWORDS = 10;
  /** By op2 of a shift. */
  private static final int[] SHIFTS = {X64.SHL, X64.SHR, X64.SAR, X64.ROR};

  private final X64 code;
  private final GuestRegisters registers;
  private final FlagCode flags;
  private final VectorCache held;

  BitCode(X64 code, GuestRegisters registers, FlagCode flags, VectorCache held) {
    this.held = held;
    this.code = code;
    this.registers = registers;
    this.flags = flags;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, FIELD, Insn.SBFM, Insn.UBFM);
    table.put(this, INSERT, Insn.BFM);
    table.put(this, EXTRACT, Insn.EXTR);
    table.put(this, CONSTANT, Insn.MOVZ, Insn.MOVN);
    table.put(this, KEEP, Insn.MOVK);
    table.put(this, VARIABLE, Insn.LSLV, Insn.LSRV, Insn.ASRV, Insn.RORV);
    table.put(this, LEADING_ZEROS, Insn.CLZ);
    table.put(this, REVERSE_BITS, Insn.RBIT);
    table.put(this, REVERSE, Insn.REV64);
    table.put(this, REVERSE_WORDS, Insn.REV32);
    table.put(this, REVERSE_HALFWORDS, Insn.REV16);
  }

  @Override
  public void emit(int operation, int word, int at) {
    held.keep();
    boolean wide = Fields.sf(word);
    int rd = rd(word);
    int rn = rn(word);
    switch (operation) {
      case FIELD -> field((word & 1 << 30) != 0 ? X64.SHR : X64.SAR, wide, word, rd, rn);
      case INSERT -> insert(wide, word, rd, rn);
      case EXTRACT -> extract(wide, word, rd, rn);
      case CONSTANT -> constant(wide, word, rd);
      case KEEP -> keep(wide, word, rd);
      case VARIABLE -> variable(SHIFTS[word >>> 10 & 3], wide, word, rd, rn);
      case LEADING_ZEROS -> leadingZeros(wide, rd, rn);
      case REVERSE_BITS -> reverseBits(wide, rd, rn);
      case REVERSE -> reverse(true, rd, rn);
      case REVERSE_WORDS -> reverseWords(wide, rd, rn);
      default -> {
        registers.load(wide, X64.RAX, rn);
        swap(wide, 8, 0x00FF_00FF_00FF_00FFL);
        registers.set(rd, X64.RAX);
      }
    }
  }

  private static int rd(int word) {
    return GuestRegisters.orZero(Fields.rd(word));
  }

  private static int rn(int word) {
    return GuestRegisters.orZero(Fields.rn(word));
  }

  /** MOVZ, MOVN. */
  private void constant(boolean wide, int word, int rd) {
    long value = (long) Fields.imm16(word) << Fields.moveWideShift(word);
    if ((word & 1 << 30) == 0) {
      value = wide ? ~value : ~value & 0xFFFF_FFFFL;
    }
    int to = registers.target(rd);
    code.constant(to, value);
    registers.set(rd, to);
    flags.keep();
  }

  private void keep(boolean wide, int word, int rd) {
    int shift = Fields.moveWideShift(word);
    long value = (long) Fields.imm16(word) << shift;
    registers.load(true, X64.RAX, rd);
    code.constant(X64.RCX, ~(0xFFFFL << shift));
    code.arithmetic(X64.AND, true, X64.RAX, X64.RCX);
    code.constant(X64.RCX, value);
    code.arithmetic(X64.OR, wide, X64.RAX, X64.RCX);
    registers.set(rd, X64.RAX);
  }

  private void field(int right, boolean wide, int word, int rd, int rn) {
    int size = wide ? 64 : 32;
    int rotate = Fields.immr(word);
    int last = Fields.imms(word);
    boolean signed = right == X64.SAR;
    if (rotate == 0 && (last == 7 || last == 15 || last == 31 && wide)) {
      int from = registers.source(rn, X64.RAX);
      int to = registers.target(rd);
      if (signed) {
        code.signExtend(wide, last + 1, to, from);
      } else if (last == 31) {
        code.move(false, to, from);
      } else {
        code.zeroExtend(last + 1, to, from);
      }
      registers.set(rd, to);
      flags.keep();
      return;
    }
    int to = registers.target(rd);
    // The field's highest bit goes to the top, then down to where it belongs.
    int up = size - 1 - last;
    int down = last >= rotate ? up + rotate : up + rotate - size;
    if (up == 0 && down == 0) {
      registers.copy(wide, to, rn);
    } else {
      registers.load(wide, to, rn);
    }
    shift(X64.SHL, wide, to, up);
    shift(right, wide, to, down);
    registers.set(rd, to);
  }

  private void shift(int op, boolean wide, int register, int count) {
    if (count != 0) {
      code.shift(op, wide, register, count);
    }
  }

  private void insert(boolean wide, int word, int rd, int rn) {
    int size = wide ? 64 : 32;
    int rotate = Fields.immr(word);
    int last = Fields.imms(word);
    int width = last >= rotate ? last - rotate + 1 : last + 1;
    int lowest = last >= rotate ? 0 : size - rotate;
    long mask = (width == 64 ? -1L : (1L << width) - 1) << lowest;
    registers.load(wide, X64.RCX, rn);
    shift(X64.ROR, wide, X64.RCX, rotate);
    code.constant(X64.RDX, wide ? mask : mask & 0xFFFF_FFFFL);
    code.arithmetic(X64.AND, wide, X64.RCX, X64.RDX);
    code.group3(X64.NOT, wide, X64.RDX);
    registers.load(wide, X64.RAX, rd);
    code.arithmetic(X64.AND, wide, X64.RAX, X64.RDX);
    code.arithmetic(X64.OR, wide, X64.RAX, X64.RCX);
    registers.set(rd, X64.RAX);
  }

  private void extract(boolean wide, int word, int rd, int rn) {
    int lowest = Fields.imms(word);
    if (rn == GuestRegisters.orZero(Fields.rm(word))) {
      int to = registers.target(rd);
      if (lowest == 0) {
        registers.copy(wide, to, rn);
      } else {
        registers.rotated(wide, to, rn, lowest);
      }
      registers.set(rd, to);
      return;
    }
    registers.copy(wide, X64.RAX, GuestRegisters.orZero(Fields.rm(word)));
    if (lowest != 0) {
      code.shiftPair(wide, X64.RAX, registers.source(rn, X64.RCX), lowest);
    }
    registers.set(rd, X64.RAX);
  }

  private void variable(int op, boolean wide, int word, int rd, int rn) {
    registers.load(false, X64.RCX, GuestRegisters.orZero(Fields.rm(word)));
    registers.copy(wide, X64.RAX, rn);
    code.shiftByCount(op, wide, X64.RAX);
    registers.set(rd, X64.RAX);
  }

  private void leadingZeros(boolean wide, int rd, int rn) {
    int size = wide ? 64 : 32;
    registers.load(wide, X64.RCX, rn);
    code.highestBit(wide, X64.RDX, X64.RCX);
    code.constant(X64.RAX, 2 * size - 1);
    code.moveIf(X64.NE, true, X64.RAX, X64.RDX);
    code.arithmeticConstant(X64.XOR, false, X64.RAX, size - 1);
    registers.set(rd, X64.RAX);
  }

  private void reverse(boolean wide, int rd, int rn) {
    registers.load(wide, X64.RAX, rn);
    code.swapBytes(wide, X64.RAX);
    registers.set(rd, X64.RAX);
  }

  private void reverseWords(boolean wide, int rd, int rn) {
    if (wide) {
      registers.load(true, X64.RAX, rn);
      code.swapBytes(true, X64.RAX);
      code.shift(X64.ROR, true, X64.RAX, 32);
      registers.set(rd, X64.RAX);
    } else {
      reverse(false, rd, rn);
    }
  }

  private void reverseBits(boolean wide, int rd, int rn) {
    registers.load(wide, X64.RAX, rn);
    code.swapBytes(wide, X64.RAX);
    swap(wide, 4, 0x0F0F_0F0F_0F0F_0F0FL);
    swap(wide, 2, 0x3333_3333_3333_3333L);
    swap(wide, 1, 0x5555_5555_5555_5555L);
    registers.set(rd, X64.RAX);
  }

  /** In RAX, what the mask has changes places with what is {@code distance} bits above. */
  private void swap(boolean wide, int distance, long mask) {
    code.constant(X64.RCX, wide ? mask : mask & 0xFFFF_FFFFL);
    code.move(wide, X64.RDX, X64.RAX);
    code.shift(X64.SHR, wide, X64.RAX, distance);
    code.arithmetic(X64.AND, wide, X64.RDX, X64.RCX);
    code.arithmetic(X64.AND, wide, X64.RAX, X64.RCX);
    code.shift(X64.SHL, wide, X64.RDX, distance);
    code.arithmetic(X64.OR, wide, X64.RAX, X64.RDX);
  }
}
