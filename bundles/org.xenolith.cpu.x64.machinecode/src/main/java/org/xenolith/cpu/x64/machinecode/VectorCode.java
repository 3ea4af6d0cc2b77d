// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;
import org.xenolith.x64.isa.Trait;

/**
 * Code of instructions on XMM registers: the host has the same, on its own of the same numbers ({@link RegisterCache}). With floating point it computes while MXCSR masks all
 * exceptions; estimates and sums of products, which differ from host to host, are the interpreter's. Source: Intel SDM volume 2.
 */
final class VectorCode implements CodeTable.Emitter {
  private static final Set<String> ELSEWHERE = Set.of("fxsave", "fxrstor", "ldmxcsr", "stmxcsr", "xsave", "xrstor", "xsaveopt", "xsavec",
      "xsaves", "xrstors", "maskmovdqu", "rcpps",
      "rcpss", "rsqrtps", "rsqrtss", "dpps", "dppd");
  /** What takes 16 bytes at any address. */
  private static final Set<String> UNALIGNED = Set.of("movups", "movupd", "movdqu", "lddqu", "pcmpestrm", "pcmpestri", "pcmpistrm",
      "pcmpistri");
  /** What has the lengths of strings in RAX and RDX. */
  private static final Set<Insn> LENGTHS = EnumSet.of(Insn.PCMPESTRI_VDQ_WDQ_IB, Insn.PCMPESTRM_VDQ_WDQ_IB);
  /** What gives RCX an index in a string. */
  private static final Set<Insn> INDEX = EnumSet.of(Insn.PCMPESTRI_VDQ_WDQ_IB, Insn.PCMPISTRI_VDQ_WDQ_IB);
  private static final int NONE = -1;

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final SideExits leaving;
  private final Map<Insn, HostOpcode> opcodes = new EnumMap<>(Insn.class);
  /** Whether the block has them: 0, 1 or 2 as {@link StateLayout#VECTORS_OPEN}. */
  private int open;

  VectorCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.leaving = leaving;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : Insn.values()) {
      if (insn.is(Trait.SSE_STATE) && !insn.is(Trait.MMX_STATE) && !insn.is(Trait.X87) && !ELSEWHERE.contains(insn.mnemonic())
          && insn.operands().stream().noneMatch(operand -> operand.kind() == Operand.Kind.FIXED && !operand.name().equals("XMM0"))) {
        opcodes.put(insn, HostOpcode.of(insn));
        table.put(this, insn);
      }
    }
  }

  /** A block begins. */
  void begin() {
    open = 0;
  }

  @Override
  public boolean covers(Instruction insn) {
    return true;
  }

  @Override
  public boolean leaves(Instruction insn) {
    return true;
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    open(insn.insn().is(Trait.SIMD_FP) ? 2 : 1);
    Operand byRm = null;
    Operand byReg = null;
    boolean immediate = false;
    for (Operand operand : insn.insn().operands()) {
      switch (operand.kind()) {
        case G, V -> byReg = operand;
        case I -> immediate = true;
        case FIXED -> {
          // XMM0: the host's is the guest's.
        }
        default -> byRm = operand;
      }
    }
    if (insn.memory()) {
      memory(insn, end, byRm);
    }
    int reg = byReg == null ? 0 : isGeneral(byReg) ? general(byReg, insn.reg(), X64.RDX) : insn.reg();
    HostOpcode opcode = opcodes.get(insn.insn());
    boolean lengths = LENGTHS.contains(insn.insn());
    if (lengths) {
      lengths(insn.memory());
    }
    if (insn.memory()) {
      opcode.memory(code, insn, false, reg, lengths ? X64.RCX : X64.RAX, lengths ? NONE : X64.RCX, 0);
    } else {
      int rm = isGeneral(byRm) ? general(byRm, insn.rm(), X64.RCX) : insn.rm();
      opcode.register(code, insn, isGeneral(byRm), reg, rm);
      if (immediate) {
        code.byteOf((int) insn.imm());
        immediate = false;
      }
      keep(byRm, insn.rm(), rm);
    }
    if (immediate) {
      code.byteOf((int) insn.imm());
    }
    if (byReg != null) {
      keep(byReg, insn.reg(), reg);
    }
    if (INDEX.contains(insn.insn())) {
      registers.set(CpuState.RCX, X64.RCX);
    }
    if (insn.insn().flagsWritten() != 0) {
      flags.made(needed);
    }
  }

  /** Has the lengths where the host's instruction expects them, and an operand in memory at RCX alone. */
  private void lengths(boolean memory) {
    if (memory) {
      code.address(true, X64.RCX, X64.RAX, X64.RCX, 0);
    }
    registers.load(X64.RAX, CpuState.RAX);
    registers.load(X64.RDX, CpuState.RDX);
  }

  /** Has the block's XMM registers in memory, and the host's floating point prepared. */
  private void open(int how) {
    if (open < how) {
      code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.VECTORS_OPEN, how);
      leaving.vectorsIf(X64.B, addresses.begun(), how == 2);
      flags.lost();
      open = how;
    }
  }

  private void memory(Instruction insn, int end, Operand operand) {
    int bytes = operand.bytes(insn.operandSize());
    addresses.linear(insn, end);
    if (bytes == 16 && !UNALIGNED.contains(insn.insn().mnemonic())) {
      code.testConstant(X64.RAX, 15);
      leaving.interpretIf(X64.NE);
    }
    addresses.check(X64.RAX, bytes, operand.access().reads() && !stores(insn), operand.access().writes());
  }

  /** A move of a part of a register to memory reads nothing there, though its form merges. */
  private static boolean stores(Instruction insn) {
    return insn.insn().operands().getFirst().mayBeMemory();
  }

  private static boolean isGeneral(Operand operand) {
    return operand.kind() == Operand.Kind.E || operand.kind() == Operand.Kind.G;
  }

  private int general(Operand operand, int register, int spare) {
    return operand.access().reads() ? registers.source(register, spare) : registers.target(register, spare);
  }

  private void keep(Operand operand, int register, int from) {
    if (operand.access().writes() && isGeneral(operand)) {
      registers.set(register, from);
    }
  }
}
