// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/**
 * Code of loads and stores of general registers: the way through the tags of the data TLB. Whatever else an access needs leaves the code
 * before the instruction has changed anything. Source: Arm ARM DDI 0487, C6.2.
 */
final class AccessCode implements CodeTable.Emitter {
  private static final int NOTHING = 0;
  private static final int SCALED = 1;
  private static final int UNSCALED = 2;
  private static final int UNPRIVILEGED = 3;
  private static final int INDEXED = 4;
  private static final int POST = 5;
  private static final int PRE = 6;
  private static final int LITERAL = 7;
  private static final int LOAD_ORDERED = 8;
  private static final int STORE_ORDERED = 9;
  private static final int PAIR = 10;
  private static final int PAIR_POST = 11;
  private static final int PAIR_PRE = 12;
  private static final int INDEX = 4095 * StateLayout.DATA_ENTRY;
  /** Behind an entry's place: what makes an address of the host's from one of the guest's. */
  static final int DELTA = StateLayout.DATA + 16;
  /** Behind an entry's place: what makes a physical address from a virtual one. */
  static final int PHYSICAL = StateLayout.DATA + 24;

  private final X64 code;
  private final GuestRegisters registers;
  private final IntegerCode integers;
  private final SideExits leaving;
  private int begin;

  AccessCode(X64 code, GuestRegisters registers, IntegerCode integers, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.integers = integers;
    this.leaving = leaving;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, NOTHING, Insn.PRFM_LITERAL, Insn.PRFUM, Insn.PRFM_REG, Insn.PRFM_IMM_UNSIGNED);
    table.put(this, SCALED, Insn.LDR_IMM_UNSIGNED, Insn.LDRS_IMM_UNSIGNED, Insn.STR_IMM_UNSIGNED);
    table.put(this, UNSCALED, Insn.LDUR, Insn.LDURS, Insn.STUR);
    table.put(this, UNPRIVILEGED, Insn.LDTR, Insn.LDTRS, Insn.STTR);
    table.put(this, INDEXED, Insn.LDR_REG, Insn.LDRS_REG, Insn.STR_REG);
    table.put(this, POST, Insn.LDR_IMM_POST, Insn.LDRS_IMM_POST, Insn.STR_IMM_POST);
    table.put(this, PRE, Insn.LDR_IMM_PRE, Insn.LDRS_IMM_PRE, Insn.STR_IMM_PRE);
    table.put(this, LITERAL, Insn.LDR_LITERAL, Insn.LDRSW_LITERAL);
    table.put(this, LOAD_ORDERED, Insn.LDAR, Insn.LDLAR, Insn.LDAPR);
    table.put(this, STORE_ORDERED, Insn.STLR, Insn.STLLR);
    table.put(this, PAIR, Insn.LDP_OFFSET, Insn.LDNP, Insn.LDPSW_OFFSET, Insn.STP_OFFSET, Insn.STNP);
    table.put(this, PAIR_POST, Insn.LDP_POST, Insn.LDPSW_POST, Insn.STP_POST);
    table.put(this, PAIR_PRE, Insn.LDP_PRE, Insn.LDPSW_PRE, Insn.STP_PRE);
  }

  @Override
  public void emit(int operation, int word, int at) {
    begin();
    switch (operation) {
      case NOTHING -> {
      }
      case SCALED -> access(word, base(word, Fields.imm12(word) << Fields.size(word)), 0);
      case UNSCALED -> access(word, base(word, Fields.simm9(word)), 0);
      case UNPRIVILEGED -> access(word, base(word, Fields.simm9(word)), CodeExits.USER);
      case INDEXED -> access(word, indexed(word, Fields.size(word)), 0);
      case POST -> accessAndStep(word, base(word, 0));
      case PRE -> accessAndStep(word, base(word, Fields.simm9(word)));
      case LITERAL -> loadLiteral(word, at);
      case LOAD_ORDERED -> load(false, word, aligned(word), 0);
      case STORE_ORDERED -> store(word, aligned(word), 0);
      case PAIR -> pair(Step.NONE, word);
      case PAIR_POST -> pair(Step.BEHIND, word);
      default -> pair(Step.BEFORE, word);
    }
  }

  /** How an access changes its base. */
  enum Step {
    NONE,
    /** Its address is the base as it was. */
    BEHIND,
    /** Its address is the new base. */
    BEFORE
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
    code.shiftedRight(X64.RCX, address, 7);
    code.shiftedRight(X64.RDX, address, 16);
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

  /** As opc says. */
  private void access(int word, int address, int user) {
    if (loads(word)) {
      load(signed(word), word, address, user);
    } else {
      store(word, address, user);
    }
  }

  private static boolean loads(int word) {
    return (word & 3 << 22) != 0;
  }

  private static boolean signed(int word) {
    return (word & 1 << 23) != 0;
  }

  private void accessAndStep(int word, int address) {
    if (loads(word)) {
      loadIndexed(signed(word), word, address);
    } else {
      store(word, address, 0);
      registers.add(Fields.rn(word), Fields.simm9(word));
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
  void literal(int word, int at) {
    code.load(true, X64.RAX, X64.RBP, StateLayout.PAGE);
    code.arithmeticConstant(X64.ADD, true, X64.RAX, (int) (4 * at + Fields.rel19(word)));
  }

  private void loadLiteral(int word, int at) {
    boolean signed = word < 0;
    int size = (word & 1 << 30) != 0 ? 3 : 2;
    literal(word, at);
    check(X64.RAX, 1 << size, element(size));
    int rt = GuestRegisters.orZero(Fields.rt(word));
    int to = registers.target(rt);
    if (signed) {
      code.loadIndexedSigned(true, size, to, X64.RAX, X64.RCX, 0);
    } else {
      code.loadIndexed(size, to, X64.RAX, X64.RCX, 0);
    }
    registers.set(rt, to);
  }

  // ---- Pairs

  /** By bit 22 and opc. */
  private void pair(Step step, int word) {
    if ((word & 1 << 22) != 0) {
      loadPair(Fields.size(word) == 1, step, word);
    } else {
      storePair(step, word);
    }
  }

  private void loadPair(boolean signed, Step step, int word) {
    int size = Fields.sf(word) && !signed ? 3 : 2;
    int offset = Fields.simm7(word) << size;
    int address = base(word, step == Step.BEHIND ? 0 : offset);
    check(address, 2 << size, element(size));
    if (signed) {
      code.loadIndexedSigned(true, size, X64.RDX, address, X64.RCX, 0);
      code.loadIndexedSigned(true, size, X64.RAX, address, X64.RCX, 1 << size);
    } else {
      code.loadIndexed(size, X64.RDX, address, X64.RCX, 0);
      code.loadIndexed(size, X64.RAX, address, X64.RCX, 1 << size);
    }
    if (step != Step.NONE) {
      registers.add(Fields.rn(word), offset);
    }
    registers.set(GuestRegisters.orZero(Fields.rt(word)), X64.RDX);
    registers.set(GuestRegisters.orZero(Fields.rt2(word)), X64.RAX);
  }

  private void storePair(Step step, int word) {
    int size = Fields.sf(word) ? 3 : 2;
    int offset = Fields.simm7(word) << size;
    int address = base(word, step == Step.BEHIND ? 0 : offset);
    check(address, 2 << size, CodeExits.STORE | element(size));
    write(size, GuestRegisters.orZero(Fields.rt(word)), address, 0);
    write(size, GuestRegisters.orZero(Fields.rt2(word)), address, 1 << size);
    if (step != Step.NONE) {
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
