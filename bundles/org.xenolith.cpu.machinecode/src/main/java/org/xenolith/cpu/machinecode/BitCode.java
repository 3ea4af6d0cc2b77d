// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Code of bit fields, shifts, and operations on one register. Source: Arm ARM DDI 0487, C6.2. */
final class BitCode {
  private final X64 code;
  private final GuestRegisters registers;
  private final FlagCode flags;

  BitCode(X64 code, GuestRegisters registers, FlagCode flags) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(Insn.SBFM, (word, _) -> field(X64.SAR, Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.UBFM, (word, _) -> field(X64.SHR, Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.BFM, (word, _) -> insert(Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.EXTR, (word, _) -> extract(Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.MOVZ, (word, _) -> constant(rd(word), (long) Fields.imm16(word) << Fields.moveWideShift(word)));
    table.put(Insn.MOVN, (word, _) -> {
      long value = ~((long) Fields.imm16(word) << Fields.moveWideShift(word));
      constant(rd(word), Fields.sf(word) ? value : value & 0xFFFF_FFFFL);
    });
    table.put(Insn.MOVK, (word, _) -> keep(Fields.sf(word), word, rd(word)));
    table.put(Insn.LSLV, (word, _) -> variable(X64.SHL, Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.LSRV, (word, _) -> variable(X64.SHR, Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.ASRV, (word, _) -> variable(X64.SAR, Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.RORV, (word, _) -> variable(X64.ROR, Fields.sf(word), word, rd(word), rn(word)));
    table.put(Insn.CLZ, (word, _) -> leadingZeros(Fields.sf(word), rd(word), rn(word)));
    table.put(Insn.RBIT, (word, _) -> reverseBits(Fields.sf(word), rd(word), rn(word)));
    table.put(Insn.REV64, (word, _) -> reverse(true, rd(word), rn(word)));
    table.put(Insn.REV32, (word, _) -> {
      if (Fields.sf(word)) {
        registers.load(true, X64.RAX, rn(word));
        code.swapBytes(true, X64.RAX);
        code.shift(X64.ROR, true, X64.RAX, 32);
        registers.set(rd(word), X64.RAX);
      } else {
        reverse(false, rd(word), rn(word));
      }
    });
    table.put(Insn.REV16, (word, _) -> {
      registers.load(Fields.sf(word), X64.RAX, rn(word));
      swap(Fields.sf(word), 8, 0x00FF_00FF_00FF_00FFL);
      registers.set(rd(word), X64.RAX);
    });
  }

  private static int rd(int word) {
    return GuestRegisters.orZero(Fields.rd(word));
  }

  private static int rn(int word) {
    return GuestRegisters.orZero(Fields.rn(word));
  }

  /** A register becomes a constant. */
  void constant(int rd, long value) {
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
    registers.copy(wide, to, rn);
    // The field's highest bit goes to the top, then down to where it belongs.
    int up = size - 1 - last;
    shift(X64.SHL, wide, to, up);
    shift(right, wide, to, last >= rotate ? up + rotate : up + rotate - size);
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
