// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.List;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Insn;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Operand;

/** Code of near jumps, calls and returns, and of IRETQ: each ends its block. Source: Intel SDM volume 2. */
final class X64BranchCode implements X64CodeTable.Emitter {
  private static final List<String> CONDITIONS = List.of("jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja", "js", "jns", "jp", "jnp", "jl",
      "jge", "jle", "jg");

  private final X64 code;
  private final X64HeldRegisters registers;
  private final X64FlagCode flags;
  private final X64AddressCode addresses;
  private final X64StackCode stack;
  private final X64CodeBlock block;
  private final X64ReturnCode returns;
  /** Instructions of the block, with this one. */
  private int instructions;

  X64BranchCode(X64 code, X64HeldRegisters registers, X64FlagCode flags, X64AddressCode addresses, X64StackCode stack, X64CodeBlock block,
      X64ReturnCode returns) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.stack = stack;
    this.block = block;
    this.returns = returns;
  }

  /** Adds what there is code for. */
  void addTo(X64CodeTable table) {
    for (X64Insn insn : X64Insn.values()) {
      if (CONDITIONS.contains(insn.mnemonic())) {
        table.put(this, insn);
      }
    }
    for (X64Insn insn : new X64Insn[] {X64Insn.JMP_JB, X64Insn.JMP_JZ, X64Insn.JMP_EV, X64Insn.CALL_JZ, X64Insn.CALL_EV, X64Insn.RET,
        X64Insn.RET_IW, X64Insn.IRETW}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(X64Instruction insn) {
    return insn.insn() != X64Insn.IRETW || insn.operandSize() == 64;
  }

  @Override
  public boolean leaves(X64Instruction insn) {
    return true;
  }

  /** Says how many instructions come before, in the block that this one ends. */
  void behind(int before) {
    instructions = before + 1;
  }

  /** Whether an instruction may go on straight. */
  static boolean conditional(X64Insn insn) {
    return CONDITIONS.contains(insn.mnemonic());
  }

  @Override
  public void emit(X64Instruction insn, int at, int end, boolean needed) {
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
        code.store(true, X64.RAX, X64.RBP, X64StateLayout.TARGET);
        // As of PUSH: what was loaded isn't loaded again.
        addresses.begin();
        stack.room();
        block.address(X64.RDX, end);
        stack.push(X64.RDX);
        code.load(true, X64.RAX, X64.RBP, X64StateLayout.TARGET);
        away();
      }
      case RET, RET_IW -> {
        int pointer = registers.host(X64State.RSP);
        addresses.check(pointer, 8, true, false);
        code.loadIndexed(3, X64.RAX, pointer, X64.RCX, 0);
        addresses.canonical(X64.RAX);
        code.address(true, pointer, pointer, 8 + (insn.insn() == X64Insn.RET ? 0 : (int) insn.imm() & 0xFFFF));
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
  private void target(X64Instruction insn, int end) {
    if (insn.memory()) {
      addresses.operand(insn, end, 8, X64Operand.Access.READ);
      code.loadIndexed(3, X64.RAX, X64.RAX, X64.RCX, 0);
    } else {
      registers.load(X64.RAX, insn.rm());
    }
    addresses.canonical(X64.RAX);
  }
}
