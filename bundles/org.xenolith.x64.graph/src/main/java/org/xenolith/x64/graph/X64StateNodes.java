// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Control;
import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Instruction;

/** FXSAVE, FXRSTOR, XSAVE, XSAVEOPT, XSAVEC, XRSTOR. */
final class X64StateNodes extends X64Node {
  private final String operation;
  private final X64Address address;
  private final boolean wide;

  X64StateNodes(X64Operands operands) {
    X64Instruction insn = operands.insn();
    operation = insn.insn().mnemonic();
    address = operands.address();
    wide = insn.operandSize() == 64;
  }

  @Override
  public X64Node exec(X64Core c, long[] r) {
    boolean fx = operation.startsWith("fx");
    if (fx ? (c.cr0 & X64Control.EM) != 0 : (c.cr4 & X64Control.OSXSAVE) == 0) {
      throw c.fault(fx ? X64Vector.NM : X64Vector.UD);
    }
    if ((c.cr0 & X64Control.TS) != 0) {
      throw c.fault(X64Vector.NM);
    }
    boolean writes = operation.equals("fxsave") || operation.startsWith("xsave");
    long at = address.of(c, r, fx ? 512 : 576, writes);
    if ((at & (fx ? 15 : 63)) != 0) {
      throw c.fault(X64Vector.GP, 0);
    }
    long mask = r[X64State.RDX] << 32 | r[X64State.RAX] & 0xFFFF_FFFFL;
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
