// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/** Code of PUSH, POP and LEAVE of 64 bits. Source: Intel SDM volume 2. */
final class StackCode implements CodeTable.Emitter {
  private final X64 code;
  private final RegisterCache registers;
  private final AddressCode addresses;

  StackCode(X64 code, RegisterCache registers, AddressCode addresses) {
    this.code = code;
    this.registers = registers;
    this.addresses = addresses;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : new Insn[] {Insn.PUSH_ZV, Insn.PUSH_IZ, Insn.PUSH_IBS, Insn.PUSH_EV, Insn.POP_ZV,
        Insn.LEAVE}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(Instruction insn) {
    return insn.operandSize() == 64;
  }

  @Override
  public boolean leaves(Instruction insn) {
    return true;
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    switch (insn.insn()) {
      case PUSH_ZV -> pushRegister(insn.opcodeRegister());
      case PUSH_EV -> {
        if (insn.memory()) {
          addresses.operand(insn, end, 8, Operand.Access.READ);
          code.loadIndexed(3, X64.RDX, X64.RAX, X64.RCX, 0);
          code.store(true, X64.RDX, X64.RBP, StateLayout.TARGET);
          // Both pages may have one place in the TLB: what was loaded isn't loaded again.
          addresses.begin();
          room();
          code.load(true, X64.RDX, X64.RBP, StateLayout.TARGET);
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
        registers.set(CpuState.RSP, X64.RAX);
      }
    }
  }

  /** Has the place of the next word below the stack at RAX plus RCX, or leaves. RDX and flags are lost. */
  void room() {
    code.address(true, X64.RAX, registers.host(CpuState.RSP), -8);
    addresses.check(X64.RAX, 8, false, true);
  }

  /** Stores a register of the host's in the {@link #room}, and moves RSP there. */
  void push(int from) {
    code.storeIndexed(3, from, X64.RAX, X64.RCX, 0);
    registers.set(CpuState.RSP, X64.RAX);
  }

  private void pushRegister(int register) {
    room();
    push(registers.source(register, X64.RDX));
  }

  private void pop(int register) {
    int stack = registers.host(CpuState.RSP);
    addresses.check(stack, 8, true, false);
    int to = register == CpuState.RSP ? X64.RDX : registers.target(register, X64.RDX);
    code.loadIndexed(3, to, stack, X64.RCX, 0);
    code.address(true, stack, stack, 8);
    registers.set(register, to);
  }

  private void leave() {
    int frame = registers.host(CpuState.RBP);
    addresses.check(frame, 8, true, false);
    code.loadIndexed(3, X64.RDX, frame, X64.RCX, 0);
    code.address(true, registers.host(CpuState.RSP), frame, 8);
    registers.set(CpuState.RBP, X64.RDX);
  }
}
