// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of multiplications and divisions. Source: Arm ARM DDI 0487, C6.2. */
final class MultiplyCode implements CodeTable.Emitter {
  private static final int PRODUCT = 0;
  private static final int LONG_PRODUCT = 1;
  private static final int HIGH = 2;
  private static final int DIVIDE = 3;

  private final X64 code;
  private final GuestRegisters registers;

  MultiplyCode(X64 code, GuestRegisters registers) {
    this.code = code;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, PRODUCT, Insn.MADD, Insn.MSUB);
    table.put(this, LONG_PRODUCT, Insn.SMADDL, Insn.SMSUBL, Insn.UMADDL, Insn.UMSUBL);
    table.put(this, HIGH, Insn.SMULH, Insn.UMULH);
    table.put(this, DIVIDE, Insn.UDIV, Insn.SDIV);
  }

  @Override
  public void emit(int operation, int word, int at) {
    boolean subtract = (word & 1 << 15) != 0;
    boolean unsigned = (word & 1 << 23) != 0;
    switch (operation) {
      case PRODUCT -> product(Fields.sf(word), word, subtract);
      case LONG_PRODUCT -> longProduct(!unsigned, word, subtract);
      case HIGH -> high(unsigned ? X64.MUL : X64.IMUL, word);
      default -> divide((word & 1 << 10) != 0, Fields.sf(word), word);
    }
  }

  private static int rn(int word) {
    return GuestRegisters.orZero(Fields.rn(word));
  }

  private static int rm(int word) {
    return GuestRegisters.orZero(Fields.rm(word));
  }

  private void product(boolean wide, int word, boolean subtract) {
    registers.load(wide, X64.RAX, rn(word));
    code.multiply(wide, X64.RAX, registers.source(rm(word), X64.RCX));
    sum(wide, word, subtract);
  }

  private void sum(boolean wide, int word, boolean subtract) {
    int rd = GuestRegisters.orZero(Fields.rd(word));
    int ra = GuestRegisters.orZero(Fields.ra(word));
    if (subtract) {
      registers.load(wide, X64.RCX, ra);
      code.arithmetic(X64.SUB, wide, X64.RCX, X64.RAX);
      registers.set(rd, X64.RCX);
    } else {
      if (ra != Cpu.ZERO) {
        registers.apply(X64.ADD, wide, X64.RAX, ra);
      }
      registers.set(rd, X64.RAX);
    }
  }

  private void longProduct(boolean signed, int word, boolean subtract) {
    extended(signed, X64.RAX, rn(word));
    extended(signed, X64.RCX, rm(word));
    code.multiply(true, X64.RAX, X64.RCX);
    sum(true, word, subtract);
  }

  private void extended(boolean signed, int to, int register) {
    if (signed) {
      code.signExtend(true, 32, to, registers.source(register, to));
    } else {
      registers.copy(false, to, register);
    }
  }

  private void high(int op, int word) {
    registers.load(true, X64.RAX, rn(word));
    code.group3(op, true, registers.source(rm(word), X64.RCX));
    registers.set(GuestRegisters.orZero(Fields.rd(word)), X64.RDX);
  }

  /** What the host would trap for is left out: division by zero is 0, and by -1 the negative. */
  private void divide(boolean signed, boolean wide, int word) {
    registers.load(wide, X64.RCX, rm(word));
    registers.copy(wide, X64.RAX, rn(word));
    code.test(wide, X64.RCX, X64.RCX);
    int divisible = code.jumpShortIf(X64.NE);
    code.constant(X64.RAX, 0);
    int zero = code.jumpShort();
    code.patchShort(divisible);
    int negated = -1;
    if (signed) {
      code.arithmeticConstant(X64.CMP, wide, X64.RCX, -1);
      int other = code.jumpShortIf(X64.NE);
      code.group3(X64.NEG, wide, X64.RAX);
      negated = code.jumpShort();
      code.patchShort(other);
      code.signIntoDx(wide);
      code.group3(X64.IDIV, wide, X64.RCX);
    } else {
      code.constant(X64.RDX, 0);
      code.group3(X64.DIV, wide, X64.RCX);
    }
    code.patchShort(zero);
    if (negated >= 0) {
      code.patchShort(negated);
    }
    registers.set(GuestRegisters.orZero(Fields.rd(word)), X64.RAX);
  }
}
