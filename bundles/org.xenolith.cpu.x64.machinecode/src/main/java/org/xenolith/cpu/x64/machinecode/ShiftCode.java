// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.Map;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;
import org.xenolith.x64.isa.Trait;

/**
 * Code of shifts and rotates. Where their flags are needed, one by a count is one by the count less one, and another by one: so OF, which is undefined for other counts, is the same
 * on every host, and the interpreter's. Source: Intel SDM volume 2, SAL/SAR/SHL/SHR, RCL/RCR/ROL/ROR.
 */
final class ShiftCode implements CodeTable.Emitter {
  private static final Map<String, Integer> DIGITS = Map.of("rol", 0, "ror", 1, "shl", 4, "shr", 5, "sar", 7);
  private static final int NONE = -1;

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  /** Where the operand is: a register, or memory at a base and an index, which may be none. */
  private int register;
  private int base;
  private int index;
  private Instruction insn;
  private boolean bytes;
  private int digit;

  ShiftCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn each : Insn.values()) {
      if (each.is(Trait.SHIFT) && DIGITS.containsKey(each.mnemonic())) {
        table.put(this, each);
      }
    }
  }

  private static boolean byCount(Insn insn) {
    return insn.operands().getLast().name().equals("CL");
  }

  private static int size(Instruction insn) {
    return IntegerCode.bits(insn.insn().operands().getFirst(), insn);
  }

  private static int count(Instruction insn) {
    int mask = size(insn) == 64 ? 63 : 31;
    return insn.insn().operands().getLast().name().equals("1") ? 1 : (int) insn.imm() & mask;
  }

  @Override
  public boolean covers(Instruction one) {
    boolean high = !one.memory() && size(one) == 8 && one.highByte(one.rm());
    return !high && (byCount(one.insn()) || count(one) != 0);
  }

  @Override
  public boolean leaves(Instruction one) {
    // By CL flags may stay as they are.
    return one.memory() || byCount(one.insn());
  }

  @Override
  public void emit(Instruction one, int at, int end, boolean needed) {
    insn = one;
    int size = size(one);
    bytes = size == 8;
    digit = DIGITS.get(one.insn().mnemonic());
    place(one, end, size);
    if (byCount(one.insn())) {
      byCount(size, needed);
    } else {
      byConstant(count(one), needed);
    }
    if (!one.memory()) {
      registers.set(one.rm(), register);
    }
  }

  private void place(Instruction one, int end, int size) {
    if (one.memory()) {
      addresses.operand(one, end, size >> 3, Operand.Access.BOTH);
      code.address(true, X64.RDX, X64.RAX, X64.RCX, 0);
      base = X64.RDX;
      index = NONE;
    } else {
      register = registers.source(one.rm(), X64.RDX);
    }
  }

  private boolean rotates() {
    return digit < 2;
  }

  private void byConstant(int count, boolean needed) {
    if (!needed) {
      shift(0xC0, count);
      flags.lost();
      return;
    }
    if (count > 1) {
      shift(0xC0, count - 1);
      flags.lost();
    }
    last();
  }

  /** By one more, with the flags of that. */
  private void last() {
    if (rotates()) {
      flags.restore();
      shift(0xD0, NONE);
      flags.made(true);
    } else {
      shift(0xD0, NONE);
      flags.madeWithoutAdjust();
    }
  }

  private void byCount(int size, boolean needed) {
    registers.load(X64.RCX, 1);
    if (!needed) {
      shift(0xD2, NONE);
      flags.lost();
      return;
    }
    if (size == 32 && !insn.memory()) {
      // The upper half is cleared by a count of zero, too.
      code.move(false, register, register);
    }
    code.arithmeticConstant(X64.AND, false, X64.RCX, size == 64 ? 63 : 31);
    int none = code.jumpShortIf(X64.E);
    code.address(false, X64.RCX, X64.RCX, -1);
    flags.lost();
    shift(0xD2, NONE);
    flags.lost();
    last();
    code.patchShort(none);
    flags.lost();
  }

  /** Emits one; opcodes are those of bytes. */
  private void shift(int opcode, int count) {
    HostOpcode one = HostOpcode.group(opcode | (bytes ? 0 : 1), digit);
    if (insn.memory()) {
      one.memory(code, insn, bytes, 0, base, index, 0);
    } else {
      one.register(code, insn, bytes, 0, register);
    }
    if (count >= 0) {
      code.byteOf(count);
    }
  }
}
