// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.List;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/** Code of near jumps, calls and returns, and of IRETQ: each ends its block. Source: Intel SDM volume 2. */
final class BranchCode implements CodeTable.Emitter {
  private static final List<String> CONDITIONS = List.of("jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja", "js", "jns", "jp", "jnp", "jl",
      "jge", "jle", "jg");

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final StackCode stack;
  private final CodeBlock block;
  private final ReturnCode returns;
  /** Instructions of the block, with this one. */
  private int instructions;

  BranchCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses, StackCode stack, CodeBlock block,
      ReturnCode returns) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.stack = stack;
    this.block = block;
    this.returns = returns;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : Insn.values()) {
      if (CONDITIONS.contains(insn.mnemonic())) {
        table.put(this, insn);
      }
    }
    for (Insn insn : new Insn[] {Insn.JMP_JB, Insn.JMP_JZ, Insn.JMP_EV, Insn.CALL_JZ, Insn.CALL_EV, Insn.RET,
        Insn.RET_IW, Insn.IRETW}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(Instruction insn) {
    return insn.insn() != Insn.IRETW || insn.operandSize() == 64;
  }

  @Override
  public boolean leaves(Instruction insn) {
    return true;
  }

  /** Says how many instructions come before, in the block that this one ends. */
  void behind(int before) {
    instructions = before + 1;
  }

  /** Whether an instruction may go on straight. */
  static boolean conditional(Insn insn) {
    return CONDITIONS.contains(insn.mnemonic());
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    switch (insn.insn()) {
      case JMP_JB, JMP_JZ -> {
        block.ends(instructions);
        block.to(end + insn.imm());
      }
      case CALL_JZ -> {
        stack.room();
        block.address(X64.RDX, end);
        stack.push(X64.RDX);
        block.ends(instructions);
        block.to(end + insn.imm());
      }
      case JMP_EV -> {
        target(insn, end);
        away();
      }
      case CALL_EV -> {
        target(insn, end);
        code.store(true, X64.RAX, X64.RBP, StateLayout.TARGET);
        // As of PUSH: what was loaded isn't loaded again.
        addresses.begin();
        stack.room();
        block.address(X64.RDX, end);
        stack.push(X64.RDX);
        code.load(true, X64.RAX, X64.RBP, StateLayout.TARGET);
        away();
      }
      case RET, RET_IW -> {
        int pointer = registers.host(CpuState.RSP);
        addresses.check(pointer, 8, true, false);
        code.loadIndexed(3, X64.RAX, pointer, X64.RCX, 0);
        addresses.canonical(X64.RAX);
        code.address(true, pointer, pointer, 8 + (insn.insn() == Insn.RET ? 0 : (int) insn.imm() & 0xFFFF));
        away();
      }
      case IRETW -> {
        returns.emit();
        away();
      }
      default -> {
        flags.restore();
        block.ends(instructions);
        block.toIf(CONDITIONS.indexOf(insn.insn().mnemonic()), end + insn.imm());
      }
    }
  }

  private void away() {
    block.ends(instructions);
    block.branch();
  }

  /** Has the target of an indirect branch in RAX. */
  private void target(Instruction insn, int end) {
    if (insn.memory()) {
      addresses.operand(insn, end, 8, Operand.Access.READ);
      code.loadIndexed(3, X64.RAX, X64.RAX, X64.RCX, 0);
    } else {
      registers.load(X64.RAX, insn.rm());
    }
    addresses.canonical(X64.RAX);
  }
}
