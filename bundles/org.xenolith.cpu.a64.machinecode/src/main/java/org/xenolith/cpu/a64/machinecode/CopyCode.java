// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.hostcode.kit.X64;

/** Code before a {@link CopyLoop}, which leaves if many rounds of it are to come. */
final class CopyCode {
  private final X64 code;
  private final GuestRegisters registers;
  private final SideExits leaving;

  CopyCode(X64 code, GuestRegisters registers, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.leaving = leaving;
  }

  /** Has many rounds, if there are as many, done at once before the next instruction. */
  void emit(int loop) {
    boolean down = CopyLoop.times(loop, 1) < 0;
    registers.load(true, X64.RAX, down ? CopyLoop.index(loop) : CopyLoop.limit(loop));
    registers.apply(X64.SUB, true, X64.RAX, down ? CopyLoop.limit(loop) : CopyLoop.index(loop));
    code.arithmeticConstant(X64.CMP, true, X64.RAX, CopyExits.LEAST);
    int few = code.jumpShortIf(X64.B);
    code.arithmeticConstant(X64.CMP, true, X64.R15, CopyExits.LEAST * CopyLoop.length(loop));
    leaving.copyIf(X64.GE, loop);
    code.patchShort(few);
  }
}
