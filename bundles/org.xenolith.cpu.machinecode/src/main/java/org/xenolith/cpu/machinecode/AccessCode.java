// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.cpu.arch.Cpu;

/**
 * Code of loads and stores of general registers: the way through the tags of the data TLB. Whatever else an access needs leaves the code
 * before the instruction has changed anything. Source: Arm ARM DDI 0487, C6.2.
 */
final class AccessCode {
  private static final int INDEX = 4095 * StateLayout.DATA_ENTRY;
  /** Behind an entry's place: what makes an address of the host's from one of the guest's. */
  static final int DELTA = StateLayout.DATA + 16;
  /** Behind an entry's place: what makes a physical address from a virtual one. */
  static final int PHYSICAL = StateLayout.DATA + 24;

  private final X64 code;
  private final GuestRegisters registers;
  private final IntegerCode integers;
  private final WaysOut leaving;
  private int begin;

  AccessCode(X64 code, GuestRegisters registers, IntegerCode integers, WaysOut leaving) {
    this.code = code;
    this.registers = registers;
    this.integers = integers;
    this.leaving = leaving;
  }

  /**
   * Emits an instruction. Returns whether there is code for it.
   *
   * @param off where it is in its page
   */
  boolean emit(Insn insn, int word, int off) {
    begin = code.at();
    switch (insn) {
      case LDR_IMM_UNSIGNED, LDRS_IMM_UNSIGNED -> load(insn == Insn.LDRS_IMM_UNSIGNED, word, base(word, Fields.imm12(word) << Fields.size(
          word)), 0);
      case LDUR, LDURS -> load(insn == Insn.LDURS, word, base(word, Fields.simm9(word)), 0);
      case LDTR, LDTRS -> load(insn == Insn.LDTRS, word, base(word, Fields.simm9(word)), CodeExits.USER);
      case LDR_REG, LDRS_REG -> load(insn == Insn.LDRS_REG, word, indexed(word, Fields.size(word)), 0);
      case LDR_IMM_POST, LDRS_IMM_POST -> loadIndexed(insn == Insn.LDRS_IMM_POST, word, base(word, 0));
      case LDR_IMM_PRE, LDRS_IMM_PRE -> loadIndexed(insn == Insn.LDRS_IMM_PRE, word, base(word, Fields.simm9(word)));
      case STR_IMM_UNSIGNED -> store(word, base(word, Fields.imm12(word) << Fields.size(word)), 0);
      case STUR -> store(word, base(word, Fields.simm9(word)), 0);
      case STTR -> store(word, base(word, Fields.simm9(word)), CodeExits.USER);
      case STR_REG -> store(word, indexed(word, Fields.size(word)), 0);
      case STR_IMM_POST -> {
        store(word, base(word, 0), 0);
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case STR_IMM_PRE -> {
        store(word, base(word, Fields.simm9(word)), 0);
        registers.add(Fields.rn(word), Fields.simm9(word));
      }
      case LDR_LITERAL, LDRSW_LITERAL -> literal(insn, word, off);
      case LDAR, LDLAR, LDAPR -> {
        int at = aligned(word);
        load(false, word, at, 0);
      }
      case STLR, STLLR -> {
        int at = aligned(word);
        store(word, at, 0);
      }
      case LDP_OFFSET, LDP_POST, LDP_PRE, LDPSW_OFFSET, LDPSW_POST, LDPSW_PRE, LDNP -> loadPair(insn, word);
      case STP_OFFSET, STP_POST, STP_PRE, STNP -> storePair(insn, word);
      case PRFM_LITERAL, PRFUM, PRFM_REG, PRFM_IMM_UNSIGNED -> {
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  // ---- Addresses

  /** The address of an access, in a register that isn't changed. */
  int base(int word, int offset) {
    int rn = Fields.rn(word);
    stack(rn);
    int base = registers.source(rn, X64.RAX);
    if (offset == 0) {
      return base;
    }
    code.address(true, X64.RAX, base, offset);
    return X64.RAX;
  }

  private void stack(int rn) {
    if (rn == Cpu.SP) {
      code.testConstant(registers.host(rn), 15);
      leaving.interpretIf(X64.NE);
    }
  }

  /** The address of an access whose size is that power of two, at a register from its base. */
  int indexed(int word, int size) {
    int rn = Fields.rn(word);
    stack(rn);
    integers.extendIntoCx(Fields.option(word), GuestRegisters.orZero(Fields.rm(word)));
    if ((word & 1 << 12) != 0 && size != 0) {
      code.shift(X64.SHL, true, X64.RCX, size);
    }
    code.address(true, X64.RAX, registers.source(rn, X64.RAX), X64.RCX, 0);
    return X64.RAX;
  }

  private int aligned(int word) {
    return aligned(word, 1 << Fields.size(word));
  }

  /** The address of an access that must be a multiple of a power of two. */
  int aligned(int word, int size) {
    int at = base(word, 0);
    if (size > 1) {
      code.testConstant(at, size - 1);
      leaving.interpretIf(X64.NE);
    }
    return at;
  }

  /**
   * Leaves unless bytes at an address have a tag. Then the first is at the address plus RCX; RDX is changed.
   *
   * @param how the size, with {@link CodeExits#STORE}, {@link CodeExits#USER} and the size of an element
   */
  void check(int address, int bytes, int how) {
    find(address, bytes, how);
    code.loadIndexed(3, X64.RCX, X64.RBP, X64.RCX, DELTA);
  }

  /** Begins an instruction's code. */
  void begin() {
    begin = code.at();
  }

  /** The same as {@link #check}, but RCX is the entry's place behind that of the first. */
  void find(int address, int bytes, int how) {
    boolean store = (how & CodeExits.STORE) != 0;
    boolean user = (how & CodeExits.USER) != 0;
    // What Tlb.index makes of it, times the size of an entry.
    code.move(true, X64.RCX, address);
    code.move(true, X64.RDX, address);
    code.shift(X64.SHR, true, X64.RCX, 7);
    code.shift(X64.SHR, true, X64.RDX, 16);
    code.arithmeticConstant(X64.AND, false, X64.RDX, -64);
    code.arithmetic(X64.XOR, false, X64.RCX, X64.RDX);
    code.arithmeticConstant(X64.AND, false, X64.RCX, INDEX);
    if (bytes > 1) {
      code.address(true, X64.RDX, address, bytes - 1);
    } else {
      code.move(true, X64.RDX, address);
    }
    code.arithmeticConstant(X64.AND, true, X64.RDX, -4096);
    code.arithmeticMemory(X64.OR, true, X64.RDX, X64.RBP, store ? user ? StateLayout.USER_WRITE : StateLayout.WRITE : user
        ? StateLayout.USER_READ
        : StateLayout.READ);
    code.arithmeticIndexed(X64.CMP, true, X64.RDX, X64.RBP, X64.RCX, StateLayout.DATA + (store ? 8 : 0));
    leaving.accessUnless(X64.E, address, begin, bytes | how);
  }

  static int element(int size) {
    return size << CodeExits.ELEMENT;
  }

  // ---- One register

  private void read(boolean signed, int word, int to, int address) {
    int size = Fields.size(word);
    if (!signed) {
      code.loadIndexed(size, to, address, X64.RCX, 0);
    } else {
      // Bit 22 makes it a 32-bit register.
      code.loadIndexedSigned((word & 1 << 22) == 0, size, to, address, X64.RCX, 0);
    }
  }

  private void load(boolean signed, int word, int address, int user) {
    int size = Fields.size(word);
    check(address, 1 << size, user | element(size));
    int rt = GuestRegisters.orZero(Fields.rt(word));
    int to = registers.target(rt);
    read(signed, word, to, address);
    registers.set(rt, to);
  }

  private void loadIndexed(boolean signed, int word, int address) {
    int size = Fields.size(word);
    check(address, 1 << size, element(size));
    read(signed, word, X64.RAX, address);
    registers.add(Fields.rn(word), Fields.simm9(word));
    registers.set(GuestRegisters.orZero(Fields.rt(word)), X64.RAX);
  }

  private void store(int word, int address, int user) {
    int size = Fields.size(word);
    check(address, 1 << size, CodeExits.STORE | user | element(size));
    write(size, GuestRegisters.orZero(Fields.rt(word)), address, 0);
  }

  private void write(int size, int register, int address, int offset) {
    code.storeIndexed(size, registers.source(register, X64.RDX), address, X64.RCX, offset);
  }

  /** Has the address of a literal in RAX. */
  void literal(int word, int off) {
    code.load(true, X64.RAX, X64.RBP, StateLayout.PAGE);
    code.arithmeticConstant(X64.ADD, true, X64.RAX, (int) (off + Fields.rel19(word)));
  }

  private void literal(Insn insn, int word, int off) {
    int size = insn == Insn.LDR_LITERAL && (word & 1 << 30) != 0 ? 3 : 2;
    literal(word, off);
    check(X64.RAX, 1 << size, element(size));
    int rt = GuestRegisters.orZero(Fields.rt(word));
    int to = registers.target(rt);
    if (insn == Insn.LDRSW_LITERAL) {
      code.loadIndexedSigned(true, 2, to, X64.RAX, X64.RCX, 0);
    } else {
      code.loadIndexed(size, to, X64.RAX, X64.RCX, 0);
    }
    registers.set(rt, to);
  }

  // ---- Pairs

  private static int step(Insn insn, int offset) {
    return switch (insn) {
      case LDP_POST, LDP_PRE, LDPSW_POST, LDPSW_PRE, STP_POST, STP_PRE -> offset;
      default -> 0;
    };
  }

  private static boolean post(Insn insn) {
    return insn == Insn.LDP_POST || insn == Insn.STP_POST || insn == Insn.LDPSW_POST;
  }

  private void loadPair(Insn insn, int word) {
    boolean signed = insn == Insn.LDPSW_OFFSET || insn == Insn.LDPSW_POST || insn == Insn.LDPSW_PRE;
    int size = Fields.sf(word) && !signed ? 3 : 2;
    int offset = Fields.simm7(word) << size;
    int address = base(word, post(insn) ? 0 : offset);
    check(address, 2 << size, element(size));
    if (signed) {
      code.loadIndexedSigned(true, size, X64.RDX, address, X64.RCX, 0);
      code.loadIndexedSigned(true, size, X64.RAX, address, X64.RCX, 1 << size);
    } else {
      code.loadIndexed(size, X64.RDX, address, X64.RCX, 0);
      code.loadIndexed(size, X64.RAX, address, X64.RCX, 1 << size);
    }
    if (step(insn, offset) != 0) {
      registers.add(Fields.rn(word), offset);
    }
    registers.set(GuestRegisters.orZero(Fields.rt(word)), X64.RDX);
    registers.set(GuestRegisters.orZero(Fields.rt2(word)), X64.RAX);
  }

  private void storePair(Insn insn, int word) {
    int size = Fields.sf(word) ? 3 : 2;
    int offset = Fields.simm7(word) << size;
    int address = base(word, post(insn) ? 0 : offset);
    check(address, 2 << size, CodeExits.STORE | element(size));
    write(size, GuestRegisters.orZero(Fields.rt(word)), address, 0);
    write(size, GuestRegisters.orZero(Fields.rt2(word)), address, 1 << size);
    if (step(insn, offset) != 0) {
      registers.add(Fields.rn(word), offset);
    }
  }

  // ---- DC ZVA

  /** Clears the block of 64 bytes around an address. */
  void zero(int word) {
    begin = code.at();
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.ZERO_OPEN, 0);
    leaving.interpretIf(X64.E);
    registers.load(true, X64.RAX, GuestRegisters.orZero(Fields.rt(word)));
    code.arithmeticConstant(X64.AND, true, X64.RAX, -64);
    check(X64.RAX, 64, CodeExits.STORE | element(6));
    for (int i = 0; i < 64; i += 8) {
      code.storeConstantIndexed(0, X64.RAX, X64.RCX, i);
    }
  }
}
