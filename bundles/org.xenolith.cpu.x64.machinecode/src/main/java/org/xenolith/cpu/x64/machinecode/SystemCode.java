// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/**
 * Code of what kernels do all the time and that has no effect but on the CPU: PUSHF, POPF of flags of arithmetic, CLI and STI where they are allowed and let nothing through, SWAPGS, reads
 * of segment registers and of the time-stamp counter. Source: Intel SDM volume 2.
 */
final class SystemCode implements CodeTable.Emitter {
  /** STI, the instruction behind it, and one before which interrupts are looked at. */
  private static final int SHADOW = 3;
  /** What POPF may change besides flags of arithmetic. */
  private static final int POPPED = FlagBits.TF | FlagBits.IF | FlagBits.DF | FlagBits.IOPL | FlagBits.NT | FlagBits.AC | FlagBits.ID;

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final StackCode stack;
  private final SideExits leaving;
  /** Instructions of the block from this one on. */
  private int rest;

  SystemCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses, StackCode stack, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.stack = stack;
    this.leaving = leaving;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : new Insn[] {Insn.PUSHF, Insn.POPF, Insn.SWAPGS, Insn.CLI, Insn.STI, Insn.RDTSC, Insn.RDTSCP,
        Insn.MOV_EVW_SW}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(Instruction insn) {
    return insn.insn() != Insn.PUSHF && insn.insn() != Insn.POPF || insn.operandSize() == 64;
  }

  @Override
  public boolean leaves(Instruction insn) {
    return true;
  }

  /** Says how many instructions the block has from this one on. */
  void with(int instructions) {
    rest = instructions;
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    switch (insn.insn()) {
      case PUSHF -> {
        stack.room();
        code.loadByte(X64.RDX, X64.RBP, StateLayout.FLAGS);
        code.shift(X64.SHL, false, X64.RDX, 11);
        code.arithmeticMemory(X64.OR, false, X64.RDX, X64.RBP, StateLayout.SYSTEM_FLAGS);
        // OR DL, the byte in memory: with bit 1, which LAHF sets.
        code.byteOf(0x0A);
        code.modMemory(X64.RDX, X64.RBP, StateLayout.FLAGS + 1);
        stack.push(X64.RDX);
      }
      case CLI -> {
        code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.IF_OPEN, 0);
        leaving.interpretIf(X64.E);
        code.arithmeticMemoryConstant(X64.AND, false, X64.RBP, StateLayout.SYSTEM_FLAGS, ~FlagBits.IF);
        flags.lost();
      }
      case POPF -> popFlags();
      case SWAPGS -> {
        code.testMemory(X64.RBP, StateLayout.SUPERVISOR, 1);
        leaving.interpretIf(X64.E);
        code.load(true, X64.RAX, X64.RBP, StateLayout.GS_BASE);
        code.load(true, X64.RDX, X64.RBP, StateLayout.KERNEL_GS_BASE);
        code.store(true, X64.RAX, X64.RBP, StateLayout.KERNEL_GS_BASE);
        code.store(true, X64.RDX, X64.RBP, StateLayout.GS_BASE);
        flags.lost();
      }
      case STI -> letThrough();
      case RDTSC, RDTSCP -> time(insn.insn() == Insn.RDTSCP);
      default -> selector(insn, end);
    }
  }

  /** POPF. Whatever changes more than flags of arithmetic is the interpreter's. */
  private void popFlags() {
    int stack = registers.host(CpuState.RSP);
    addresses.check(stack, 8, true, false);
    code.testMemory(X64.RBP, StateLayout.RESUMED, 1);
    leaving.interpretIf(X64.NE);
    code.loadIndexed(3, X64.RDX, stack, X64.RCX, 0);
    code.move(false, X64.RAX, X64.RDX);
    code.arithmeticMemory(X64.XOR, false, X64.RAX, X64.RBP, StateLayout.SYSTEM_FLAGS);
    code.testConstant(X64.RAX, POPPED);
    leaving.interpretIf(X64.NE);
    flags.become(X64.RDX);
    code.address(true, stack, stack, 8);
  }

  /** STI. Nothing waits to be let through, and nothing is asserted in code. If the next instruction is the last that is granted the interpreter keeps that it comes before interrupts. */
  private void letThrough() {
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.IF_OPEN, 0);
    leaving.interpretIf(X64.E);
    code.testMemory(X64.RBP, StateLayout.SYSTEM_FLAGS + 1, FlagBits.IF >> 8);
    int already = code.jumpShortIf(X64.NE);
    code.testMemory(X64.RBP, StateLayout.STI_OPEN, 1);
    leaving.interpretIf(X64.E);
    if (rest < SHADOW) {
      code.arithmeticConstant(X64.CMP, true, X64.R15, SHADOW - rest);
      leaving.interpretIf(X64.L);
    }
    code.arithmeticMemoryConstant(X64.OR, false, X64.RBP, StateLayout.SYSTEM_FLAGS, FlagBits.IF);
    code.address(true, X64.RAX, X64.R15, rest);
    code.store(true, X64.RAX, X64.RBP, StateLayout.STI_LEFT);
    code.patchShort(already);
    flags.lost();
  }

  /** What is left of the instructions says the time. */
  private void time(boolean aux) {
    code.testMemory(X64.RBP, StateLayout.TIME_OPEN, 1);
    leaving.interpretIf(X64.E);
    code.load(true, X64.RAX, X64.RBP, StateLayout.TIME_END);
    code.arithmetic(X64.SUB, true, X64.RAX, X64.R15);
    code.arithmeticConstant(X64.SUB, true, X64.RAX, rest);
    code.move(true, X64.RDX, X64.RAX);
    code.shift(X64.SHR, true, X64.RDX, 32);
    code.move(false, X64.RAX, X64.RAX);
    registers.set(CpuState.RAX, X64.RAX);
    registers.set(CpuState.RDX, X64.RDX);
    if (aux) {
      code.load(true, X64.RCX, X64.RBP, StateLayout.TIME_AUX);
      registers.set(CpuState.RCX, X64.RCX);
    }
    flags.lost();
  }

  private void selector(Instruction insn, int end) {
    int selector = StateLayout.selector(insn.reg() & 7);
    if (insn.memory()) {
      addresses.operand(insn, end, 2, Operand.Access.WRITE);
      code.load(false, X64.RDX, X64.RBP, selector);
      code.storeIndexed(1, X64.RDX, X64.RAX, X64.RCX, 0);
      return;
    }
    int to = registers.source(insn.rm(), X64.RAX);
    if (insn.operandSize() == 16) {
      code.byteOf(0x66);
    }
    code.load(false, to, X64.RBP, selector);
    registers.set(insn.rm(), to);
  }
}
