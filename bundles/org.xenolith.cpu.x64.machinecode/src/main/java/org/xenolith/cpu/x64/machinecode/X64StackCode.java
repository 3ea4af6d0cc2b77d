// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Insn;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Operand;

/** Code of PUSH, POP and LEAVE of 64 bits. Source: Intel SDM volume 2. */
final class X64StackCode implements X64CodeTable.Emitter {
  private final X64 code;
  private final X64HeldRegisters registers;
  private final X64AddressCode addresses;

  X64StackCode(X64 code, X64HeldRegisters registers, X64AddressCode addresses) {
    this.code = code;
    this.registers = registers;
    this.addresses = addresses;
  }

  /** Adds what there is code for. */
  void addTo(X64CodeTable table) {
    for (X64Insn insn : new X64Insn[] {X64Insn.PUSH_ZV, X64Insn.PUSH_IZ, X64Insn.PUSH_IBS, X64Insn.PUSH_EV, X64Insn.POP_ZV,
        X64Insn.LEAVE}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(X64Instruction insn) {
    return insn.operandSize() == 64;
  }

  @Override
  public boolean leaves(X64Instruction insn) {
    return true;
  }

  @Override
  public void emit(X64Instruction insn, int at, int end, boolean needed) {
    switch (insn.insn()) {
      case PUSH_ZV -> pushRegister(insn.opcodeRegister());
      case PUSH_EV -> {
        if (insn.memory()) {
          addresses.operand(insn, end, 8, X64Operand.Access.READ);
          code.loadIndexed(3, X64.RDX, X64.RAX, X64.RCX, 0);
          code.store(true, X64.RDX, X64.RBP, X64StateLayout.TARGET);
          // Both pages may have one place in the TLB: what was loaded isn't loaded again.
          addresses.begin();
          room();
          code.load(true, X64.RDX, X64.RBP, X64StateLayout.TARGET);
          push(X64.RDX);
        } else {
          pushRegister(insn.rm());
        }
      }
      case POP_ZV -> pop(insn.opcodeRegister());
      case LEAVE -> leave();
      default -> {
        room();
        code.storeConstantIndexed((int) insn.imm(), X64.RAX, X64.RCX, 0);
        registers.set(X64State.RSP, X64.RAX);
      }
    }
  }

  /** Has the place of the next word below the stack at RAX plus RCX, or leaves. RDX and flags are lost. */
  void room() {
    code.address(true, X64.RAX, registers.host(X64State.RSP), -8);
    addresses.check(X64.RAX, 8, false, true);
  }

  /** Stores a register of the host's in the {@link #room}, and moves RSP there. */
  void push(int from) {
    code.storeIndexed(3, from, X64.RAX, X64.RCX, 0);
    registers.set(X64State.RSP, X64.RAX);
  }

  private void pushRegister(int register) {
    room();
    push(registers.source(register, X64.RDX));
  }

  private void pop(int register) {
    int stack = registers.host(X64State.RSP);
    addresses.check(stack, 8, true, false);
    int to = register == X64State.RSP ? X64.RDX : registers.target(register, X64.RDX);
    code.loadIndexed(3, to, stack, X64.RCX, 0);
    code.address(true, stack, stack, 8);
    registers.set(register, to);
  }

  private void leave() {
    int frame = registers.host(X64State.RBP);
    addresses.check(frame, 8, true, false);
    code.loadIndexed(3, X64.RDX, frame, X64.RCX, 0);
    code.address(true, registers.host(X64State.RSP), frame, 8);
    registers.set(X64State.RBP, X64.RDX);
  }
}
