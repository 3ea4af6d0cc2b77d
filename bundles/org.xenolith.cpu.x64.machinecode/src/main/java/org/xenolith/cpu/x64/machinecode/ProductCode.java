// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/**
 * Code of MUL, IMUL, DIV and IDIV of 32 and 64 bits. What a division may fault for is the interpreter's, with some that don't. Flags that are undefined are what the interpreter makes
 * of them: those of the product's low half, and of a quotient those before. Source: Intel SDM volume 2.
 */
final class ProductCode implements CodeTable.Emitter {
  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final SideExits leaving;

  ProductCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.leaving = leaving;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : new Insn[] {Insn.IMUL_GV_EV, Insn.IMUL_GV_EV_IZ, Insn.IMUL_GV_EV_IBS, Insn.MUL_EV, Insn.IMUL_EV,
        Insn.DIV_EV, Insn.IDIV_EV}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(Instruction insn) {
    return insn.operandSize() >= 32;
  }

  @Override
  public boolean leaves(Instruction insn) {
    return insn.memory() || insn.insn() == Insn.DIV_EV || insn.insn() == Insn.IDIV_EV;
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    boolean wide = insn.operandSize() == 64;
    if (insn.memory()) {
      addresses.operand(insn, end, insn.operandSize() >> 3, Operand.Access.READ);
      code.loadIndexed(wide ? 3 : 2, X64.RDX, X64.RAX, X64.RCX, 0);
    } else {
      registers.load(X64.RDX, insn.rm());
    }
    switch (insn.insn()) {
      case MUL_EV, IMUL_EV -> product(insn.insn() == Insn.IMUL_EV, wide, needed);
      case DIV_EV -> quotient(wide);
      case IDIV_EV -> signedQuotient(wide);
      default -> narrow(insn, wide, needed);
    }
  }

  /** IMUL of two or three operands: the source is in RDX. */
  private void narrow(Instruction insn, boolean wide, boolean needed) {
    if (insn.insn() == Insn.IMUL_GV_EV) {
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
    registers.load(X64.RAX, CpuState.RAX);
    code.group3(signed ? X64.IMUL : X64.MUL, wide, X64.RDX);
    flags.lost();
    if (needed) {
      code.setByteIf(X64.O, X64.RCX);
    }
    registers.set(CpuState.RAX, X64.RAX);
    registers.set(CpuState.RDX, X64.RDX);
    if (needed) {
      code.move(true, X64.RDX, X64.RAX);
      flags.productMade(wide, X64.RDX);
    }
  }

  private void quotient(boolean wide) {
    code.move(true, X64.RCX, X64.RDX);
    registers.load(X64.RDX, CpuState.RDX);
    // A divisor of zero, and quotients that are too large.
    code.arithmetic(X64.CMP, wide, X64.RDX, X64.RCX);
    leaving.interpretIf(X64.AE);
    registers.load(X64.RAX, CpuState.RAX);
    divide(X64.DIV, wide);
  }

  private void signedQuotient(boolean wide) {
    code.move(true, X64.RCX, X64.RDX);
    // Zero and minus one.
    code.address(wide, X64.RDX, X64.RCX, 1);
    code.arithmeticConstant(X64.CMP, wide, X64.RDX, 1);
    leaving.interpretIf(X64.BE);
    registers.load(X64.RAX, CpuState.RAX);
    code.signIntoDx(wide);
    code.arithmetic(X64.CMP, wide, X64.RDX, registers.source(CpuState.RDX, X64.RDX));
    leaving.interpretIf(X64.NE);
    divide(X64.IDIV, wide);
  }

  private void divide(int operation, boolean wide) {
    code.group3(operation, wide, X64.RCX);
    flags.lost();
    registers.set(CpuState.RAX, X64.RAX);
    registers.set(CpuState.RDX, X64.RDX);
  }
}
