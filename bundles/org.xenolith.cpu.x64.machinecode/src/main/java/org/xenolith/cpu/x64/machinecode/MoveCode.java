// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.Set;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/** Code of LEA, conversions of the accumulator, CMPXCHG and that of pairs, CLC, STC, CMC and of what does nothing. Source: Intel SDM volume 2. */
final class MoveCode implements CodeTable.Emitter {
  /** Hints, and what orders accesses that are in order. */
  private static final Set<String> NOTHING = Set.of("nop", "pause", "endbr32", "endbr64", "prefetch", "prefetchnta", "prefetcht0",
      "prefetcht1", "prefetcht2", "prefetchw", "prefetchwt1", "lfence", "mfence", "sfence");

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final SideExits leaving;

  MoveCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.leaving = leaving;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : Insn.values()) {
      if (NOTHING.contains(insn.mnemonic())) {
        table.put(this, insn);
      }
    }
    for (Insn insn : new Insn[] {Insn.LEA_GV_MN, Insn.CBW, Insn.CWD, Insn.CMPXCHG_EV_GV, Insn.CMPXCHG8B_MX,
        Insn.CLC, Insn.STC,
        Insn.CMC}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(Instruction insn) {
    return switch (insn.insn()) {
      case LEA_GV_MN, CBW, CWD -> insn.operandSize() >= 32;
      // The accumulator as the target would be written twice.
      case CMPXCHG_EV_GV -> insn.operandSize() >= 32 && (insn.memory() || insn.rm() != CpuState.RAX);
      default -> true;
    };
  }

  @Override
  public boolean leaves(Instruction insn) {
    return switch (insn.insn()) {
      case CMPXCHG_EV_GV -> insn.memory();
      // The other flags stay: they must be in memory.
      case CMPXCHG8B_MX, CLC, STC, CMC -> true;
      default -> false;
    };
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    boolean wide = insn.operandSize() == 64;
    switch (insn.insn()) {
      case LEA_GV_MN -> {
        int to = registers.target(insn.reg(), X64.RAX);
        addresses.offset(insn, end, wide && insn.addressSize() == 64, to);
        registers.set(insn.reg(), to);
      }
      case CBW -> {
        int to = registers.target(CpuState.RAX, X64.RAX);
        code.signExtend(wide, wide ? 32 : 16, to, registers.source(CpuState.RAX, X64.RAX));
        registers.set(CpuState.RAX, to);
      }
      case CWD -> {
        registers.load(X64.RAX, CpuState.RAX);
        code.signIntoDx(wide);
        registers.set(CpuState.RDX, X64.RDX);
      }
      case CMPXCHG_EV_GV -> exchange(insn, end, needed);
      case CMPXCHG8B_MX -> exchangePair(insn, end, wide, needed);
      case CLC -> flags.carry(X64.AND);
      case STC -> flags.carry(X64.OR);
      case CMC -> flags.carry(X64.XOR);
      default -> {
        // Nothing, and no code.
      }
    }
  }

  private void exchange(Instruction insn, int end, boolean needed) {
    HostOpcode opcode = HostOpcode.of(insn.insn());
    if (insn.memory()) {
      addresses.operand(insn, end, insn.operandSize() >> 3, Operand.Access.BOTH);
      code.address(true, X64.RCX, X64.RAX, X64.RCX, 0);
    }
    int to = insn.memory() ? 0 : registers.source(insn.rm(), X64.RCX);
    int from = registers.source(insn.reg(), X64.RDX);
    registers.load(X64.RAX, CpuState.RAX);
    if (insn.memory()) {
      opcode.memory(code, insn, false, from, X64.RCX, -1, 0);
    } else {
      opcode.register(code, insn, false, from, to);
      registers.set(insn.rm(), to);
    }
    registers.set(CpuState.RAX, X64.RAX);
    flags.made(needed);
  }

  /** CMPXCHG8B, CMPXCHG16B: a CPU at a time executes, so that two accesses are one. */
  private void exchangePair(Instruction insn, int end, boolean wide, boolean needed) {
    int size = wide ? 8 : 4;
    addresses.linear(insn, end);
    if (wide) {
      code.testConstant(X64.RAX, 2 * size - 1);
      leaving.interpretIf(X64.NE);
    }
    addresses.check(X64.RAX, 2 * size, false, true);
    code.address(true, X64.RCX, X64.RAX, X64.RCX, 0);
    int low = registers.host(CpuState.RAX);
    int high = registers.host(CpuState.RDX);
    code.arithmeticMemory(X64.CMP, wide, low, X64.RCX, 0);
    int lowDiffers = code.jumpShortIf(X64.NE);
    code.arithmeticMemory(X64.CMP, wide, high, X64.RCX, size);
    int highDiffers = code.jumpShortIf(X64.NE);
    code.store(wide, registers.host(CpuState.RBX), X64.RCX, 0);
    code.store(wide, registers.host(CpuState.RCX), X64.RCX, size);
    int done = code.jumpShort();
    code.patchShort(lowDiffers);
    code.patchShort(highDiffers);
    code.load(wide, low, X64.RCX, 0);
    code.load(wide, high, X64.RCX, size);
    code.patchShort(done);
    flags.zeroMade(needed);
  }
}
