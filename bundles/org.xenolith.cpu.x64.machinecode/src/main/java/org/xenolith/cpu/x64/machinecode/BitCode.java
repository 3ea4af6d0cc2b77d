// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;
import org.xenolith.x64.isa.Trait;

/**
 * Code of BT, BTS, BTR, BTC, BSF, BSR, TZCNT and BSWAP of 32 and 64 bits. Flags that are undefined stay. Source: Intel SDM volume 2.
 */
final class BitCode implements CodeTable.Emitter {
  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;

  BitCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : new Insn[] {Insn.BT_EV_GV, Insn.BT_EV_IB, Insn.BTS_EV_GV, Insn.BTS_EV_IB, Insn.BTR_EV_GV,
        Insn.BTR_EV_IB, Insn.BTC_EV_GV, Insn.BTC_EV_IB, Insn.BSF_GV_EV, Insn.BSR_GV_EV, Insn.TZCNT_GV_EV,
        Insn.BSWAP_ZV}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(Instruction insn) {
    // The bit's distance counts before an address is cut to 32 bits.
    boolean cut = insn.memory() && insn.addressSize() == 32 && insn.insn().is(Trait.BIT_STRING);
    return insn.operandSize() >= 32 && !cut;
  }

  @Override
  public boolean leaves(Instruction insn) {
    // Others of its flags stay: they must be in memory.
    return insn.insn() != Insn.BSWAP_ZV;
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    switch (insn.insn()) {
      case BSWAP_ZV -> swap(insn);
      case BSF_GV_EV, BSR_GV_EV, TZCNT_GV_EV -> scan(insn, end, needed);
      default -> {
        if (insn.insn().operands().getLast().kind() == Operand.Kind.I) {
          bitByConstant(insn, end, needed);
        } else {
          bit(insn, end, needed);
        }
      }
    }
  }

  private void swap(Instruction insn) {
    boolean wide = insn.operandSize() == 64;
    int to = registers.source(insn.opcodeRegister(), X64.RAX);
    code.swapBytes(wide, to);
    registers.set(insn.opcodeRegister(), to);
  }

  private void scan(Instruction insn, int end, boolean needed) {
    boolean wide = insn.operandSize() == 64;
    int from = X64.RDX;
    if (insn.memory()) {
      addresses.operand(insn, end, insn.operandSize() >> 3, Operand.Access.READ);
      code.loadIndexed(wide ? 3 : 2, X64.RDX, X64.RAX, X64.RCX, 0);
    } else {
      from = registers.source(insn.rm(), X64.RDX);
    }
    code.rex(wide, X64.RAX, 0, from);
    code.byteOf(0x0F);
    code.byteOf(insn.insn() == Insn.BSR_GV_EV ? 0xBD : 0xBC);
    code.modRegister(X64.RAX, from);
    // Of zero BSF and BSR leave the target, and TZCNT counts all bits.
    if (insn.insn() == Insn.TZCNT_GV_EV) {
      counted(insn, wide, from, needed);
      return;
    }
    code.moveIf(X64.E, true, X64.RAX, registers.source(insn.reg(), X64.RCX));
    registers.set(insn.reg(), X64.RAX);
    flags.lost();
    flags.zeroMade(needed);
  }

  private void counted(Instruction insn, boolean wide, int from, boolean needed) {
    code.constant(X64.RCX, insn.operandSize());
    code.moveIf(X64.E, false, X64.RAX, X64.RCX);
    flags.lost();
    if (needed) {
      // CF says that the source is zero, ZF that the count is: subtracting one from the source borrows of zero only.
      code.arithmeticConstant(X64.CMP, wide, from, 1);
      code.setByteIf(X64.B, X64.RCX);
      code.test(false, X64.RAX, X64.RAX);
      code.setByteIf(X64.E, X64.RDX);
      registers.set(insn.reg(), X64.RAX);
      flags.zeroAndCarry();
    } else {
      registers.set(insn.reg(), X64.RAX);
    }
  }

  private void bitByConstant(Instruction insn, int end, boolean needed) {
    HostOpcode opcode = HostOpcode.of(insn.insn());
    int number = (int) insn.imm() & insn.operandSize() - 1;
    if (insn.memory()) {
      addresses.operand(insn, end, insn.operandSize() >> 3, insn.insn().operands().getFirst().access());
      opcode.memory(code, insn, false, 0, X64.RAX, X64.RCX, 0);
      code.byteOf(number);
    } else {
      int to = registers.source(insn.rm(), X64.RCX);
      opcode.register(code, insn, false, 0, to);
      code.byteOf(number);
      keep(insn, to);
    }
    flags.carryMade(needed);
  }

  private void keep(Instruction insn, int to) {
    if (insn.insn().operands().getFirst().access().writes()) {
      registers.set(insn.rm(), to);
    }
  }

  private void bit(Instruction insn, int end, boolean needed) {
    HostOpcode opcode = HostOpcode.of(insn.insn());
    if (!insn.memory()) {
      int to = registers.source(insn.rm(), X64.RCX);
      opcode.register(code, insn, false, registers.source(insn.reg(), X64.RDX), to);
      keep(insn, to);
      flags.carryMade(needed);
      return;
    }
    boolean wide = insn.operandSize() == 64;
    int shift = wide ? 6 : 5;
    addresses.linear(insn, end);
    // The word that has the bit, which may be far away.
    if (wide) {
      registers.load(X64.RCX, insn.reg());
    } else {
      code.signExtend(true, 32, X64.RCX, registers.source(insn.reg(), X64.RCX));
    }
    code.shift(X64.SAR, true, X64.RCX, shift);
    code.address(true, X64.RAX, X64.RAX, X64.RCX, shift - 3, 0);
    addresses.check(X64.RAX, insn.operandSize() >> 3, true, insn.insn().operands().getFirst().access().writes());
    registers.load(X64.RDX, insn.reg());
    code.arithmeticConstant(X64.AND, false, X64.RDX, insn.operandSize() - 1);
    opcode.memory(code, insn, false, X64.RDX, X64.RAX, X64.RCX, 0);
    flags.carryMade(needed);
  }
}
