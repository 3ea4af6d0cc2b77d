// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Insn;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Operand;

/**
 * Code of MUL, IMUL, DIV and IDIV of 32 and 64 bits. What a division may fault for is the interpreter's, with some that don't. Flags that are undefined are what the interpreter makes
 * of them: those of the product's low half, and of a quotient those before. Source: Intel SDM volume 2.
 */
final class X64ProductCode implements X64CodeTable.Emitter {
  private final X64 code;
  private final X64HeldRegisters registers;
  private final X64FlagCode flags;
  private final X64AddressCode addresses;
  private final X64WaysOut leaving;

  X64ProductCode(X64 code, X64HeldRegisters registers, X64FlagCode flags, X64AddressCode addresses, X64WaysOut leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.leaving = leaving;
  }

  /** Adds what there is code for. */
  void addTo(X64CodeTable table) {
    for (X64Insn insn : new X64Insn[] {X64Insn.IMUL_GV_EV, X64Insn.IMUL_GV_EV_IZ, X64Insn.IMUL_GV_EV_IBS, X64Insn.MUL_EV, X64Insn.IMUL_EV,
        X64Insn.DIV_EV, X64Insn.IDIV_EV}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(X64Instruction insn) {
    return insn.operandSize() >= 32;
  }

  @Override
  public boolean leaves(X64Instruction insn) {
    return insn.memory() || insn.insn() == X64Insn.DIV_EV || insn.insn() == X64Insn.IDIV_EV;
  }

  @Override
  public void emit(X64Instruction insn, int at, int end, boolean needed) {
    boolean wide = insn.operandSize() == 64;
    if (insn.memory()) {
      addresses.operand(insn, end, insn.operandSize() >> 3, X64Operand.Access.READ);
      code.loadIndexed(wide ? 3 : 2, X64.RDX, X64.RAX, X64.RCX, 0);
    } else {
      registers.load(X64.RDX, insn.rm());
    }
    switch (insn.insn()) {
      case MUL_EV, IMUL_EV -> product(insn.insn() == X64Insn.IMUL_EV, wide, needed);
      case DIV_EV -> quotient(wide);
      case IDIV_EV -> signedQuotient(wide);
      default -> narrow(insn, wide, needed);
    }
  }

  /** IMUL of two or three operands: the source is in RDX. */
  private void narrow(X64Instruction insn, boolean wide, boolean needed) {
    if (insn.insn() == X64Insn.IMUL_GV_EV) {
      code.multiply(wide, X64.RDX, registers.source(insn.reg(), X64.RCX));
    } else {
      // 69 /r id
      code.rex(wide, X64.RDX, 0, X64.RDX);
      code.byteOf(0x69);
      code.modRegister(X64.RDX, X64.RDX);
      code.intOf((int) insn.imm());
    }
    flags.lost();
    if (needed) {
      code.setByteIf(X64.O, X64.RCX);
    }
    registers.set(insn.reg(), X64.RDX);
    if (needed) {
      flags.productMade(wide, X64.RDX);
    }
  }

  private void product(boolean signed, boolean wide, boolean needed) {
    registers.load(X64.RAX, X64State.RAX);
    code.group3(signed ? X64.IMUL : X64.MUL, wide, X64.RDX);
    flags.lost();
    if (needed) {
      code.setByteIf(X64.O, X64.RCX);
    }
    registers.set(X64State.RAX, X64.RAX);
    registers.set(X64State.RDX, X64.RDX);
    if (needed) {
      code.move(true, X64.RDX, X64.RAX);
      flags.productMade(wide, X64.RDX);
    }
  }

  private void quotient(boolean wide) {
    code.move(true, X64.RCX, X64.RDX);
    registers.load(X64.RDX, X64State.RDX);
    // A divisor of zero, and quotients that are too large.
    code.arithmetic(X64.CMP, wide, X64.RDX, X64.RCX);
    leaving.interpretIf(X64.AE);
    registers.load(X64.RAX, X64State.RAX);
    divide(X64.DIV, wide);
  }

  private void signedQuotient(boolean wide) {
    code.move(true, X64.RCX, X64.RDX);
    // Zero and minus one.
    code.address(wide, X64.RDX, X64.RCX, 1);
    code.arithmeticConstant(X64.CMP, wide, X64.RDX, 1);
    leaving.interpretIf(X64.BE);
    registers.load(X64.RAX, X64State.RAX);
    code.signIntoDx(wide);
    code.arithmetic(X64.CMP, wide, X64.RDX, registers.source(X64State.RDX, X64.RDX));
    leaving.interpretIf(X64.NE);
    divide(X64.IDIV, wide);
  }

  private void divide(int operation, boolean wide) {
    code.group3(operation, wide, X64.RCX);
    flags.lost();
    registers.set(X64State.RAX, X64.RAX);
    registers.set(X64State.RDX, X64.RDX);
  }
}
