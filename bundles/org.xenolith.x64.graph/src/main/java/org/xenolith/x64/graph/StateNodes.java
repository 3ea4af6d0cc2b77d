// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.isa.Instruction;

/** FXSAVE, FXRSTOR, XSAVE, XSAVEOPT, XSAVEC, XRSTOR. */
final class StateNodes extends Node {
  private final String operation;
  private final OperandAddress address;
  private final boolean wide;

  StateNodes(IntegerOperands operands) {
    Instruction insn = operands.insn();
    operation = insn.insn().mnemonic();
    address = operands.address();
    wide = insn.operandSize() == 64;
  }

  @Override
  public Node exec(Core c, long[] r) {
    boolean fx = operation.startsWith("fx");
    if (fx ? (c.cr0 & ControlBits.EM) != 0 : (c.cr4 & ControlBits.OSXSAVE) == 0) {
      throw c.fault(fx ? ExceptionVector.NM : ExceptionVector.UD);
    }
    if ((c.cr0 & ControlBits.TS) != 0) {
      throw c.fault(ExceptionVector.NM);
    }
    boolean writes = operation.equals("fxsave") || operation.startsWith("xsave");
    long at = address.of(c, r, fx ? 512 : 576, writes);
    if ((at & (fx ? 15 : 63)) != 0) {
      throw c.fault(ExceptionVector.GP, 0);
    }
    long mask = r[CpuState.RDX] << 32 | r[CpuState.RAX] & 0xFFFF_FFFFL;
    switch (operation) {
      case "fxsave" -> c.extended.fxsave(at, wide);
      case "fxrstor" -> c.extended.fxrstor(at, wide);
      case "xrstor" -> c.extended.xrstor(at, wide, mask);
      default -> c.extended.xsave(at, wide, mask, operation.equals("xsaveopt"), operation.equals("xsavec"));
    }
    return next;
  }

  @Override
  public boolean usesStack() {
    return address.stack();
  }
}
