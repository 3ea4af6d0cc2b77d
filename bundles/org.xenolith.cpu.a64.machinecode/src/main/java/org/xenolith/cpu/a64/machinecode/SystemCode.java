// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Operations;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegisters;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of barriers, of system registers, and of maintenance. Source: Arm ARM DDI 0487, C5 and C6.2. */
final class SystemCode implements CodeTable.Emitter {
  private static final int NOTHING = 0;
  private static final int HINT = 1;
  private static final int CLEAR_MONITOR = 2;
  private static final int READ = 3;
  private static final int MAINTAIN = 4;
  private static final int SET_MASKS = 5;
  private static final int CLEAR_MASKS = 6;
  private static final int WRITE = 7;
  private static final int TRANSFER = 8;
  /** D among the four bits of PSTATE.DAIF. */
  private static final int DEBUG = 8;
  /** Where they are. */
  private static final int MASKS = 6;
  /** CRn of TLB maintenance. */
  private static final int TLBI = 8;
  /** CRn of cache maintenance and address translation. */
  private static final int CACHE = 7;
  /** CRm of address translation. */
  private static final int TRANSLATION = 8;

  private final X64 code;
  private final GuestRegisters registers;
  private final FlagCode flags;
  private final AccessCode accesses;
  private final SideExits leaving;
  private final SystemRegisters system;
  private final CodeBlock block;

  SystemCode(X64 code, GuestRegisters registers, FlagCode flags, AccessCode accesses, SideExits leaving, SystemRegisters system,
      CodeBlock block) {
    this.block = block;
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.accesses = accesses;
    this.leaving = leaving;
    this.system = system;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    // One thread executes all CPUs: barriers do nothing.
    table.put(this, NOTHING, Insn.DSB, Insn.DMB, Insn.ISB);
    table.put(this, HINT, Insn.HINT);
    table.put(this, CLEAR_MONITOR, Insn.CLREX);
    table.put(this, READ, Insn.MRS);
    table.put(this, MAINTAIN, Insn.SYS);
    table.put(this, SET_MASKS, Insn.MSR_DAIFSET);
    table.put(this, CLEAR_MASKS, Insn.MSR_DAIFCLR);
    table.put(this, WRITE, Insn.MSR_REG);
    table.put(this, TRANSFER, Insn.SVC, Insn.HVC, Insn.SMC, Insn.ERET);
  }

  @Override
  public boolean covers(int operation, int word) {
    return switch (operation) {
      case HINT -> nothing(word);
      case READ -> readable(register(word)) || PlainRegisters.apart(register(word));
      case MAINTAIN -> maintenance(word);
      case WRITE -> writable(register(word));
      default -> true;
    };
  }

  @Override
  public void emit(int operation, int word, int at) {
    switch (operation) {
      case NOTHING, HINT -> flags.keep();
      case CLEAR_MONITOR -> code.storeConstant(true, 0, X64.RBP, StateLayout.ARMED);
      case READ -> {
        if (Counters.number(word) >= 0) {
          count(word, at);
        } else if (readable(register(word))) {
          read(register(word), GuestRegisters.orZero(Fields.rt(word)));
        } else {
          leaving.system(word);
        }
      }
      case MAINTAIN -> {
        if (Fields.systemRegister(word) == Operations.DC_ZVA) {
          accesses.zero(word);
        } else {
          leaving.system(word);
        }
      }
      case SET_MASKS -> {
        privileged(1);
        debugged(masks(word));
        code.arithmeticMemoryConstant(X64.OR, false, X64.RBP, StateLayout.MASKS, masks(word) << MASKS);
      }
      case CLEAR_MASKS -> {
        privileged(1);
        unmask();
        debugged(masks(word));
        code.arithmeticMemoryConstant(X64.AND, false, X64.RBP, StateLayout.MASKS, ~(masks(word) << MASKS));
      }
      case TRANSFER -> {
        leaving.transfer(word);
        block.ends(at, CodeBlock.End.ALWAYS);
      }
      default -> write(word, at);
    }
  }

  private static SysReg register(int word) {
    return SysReg.of(Fields.systemRegister(word));
  }

  /** Whether a hint is for something that isn't built: neither a wait nor an event. */
  private static boolean nothing(int word) {
    int number = word >>> 5 & 127;
    return number < 2 || number > 5;
  }

  private static int masks(int word) {
    return word >>> 8 & 15;
  }

  /** Whether it maintains a cache or a TLB. */
  private static boolean maintenance(int word) {
    int op = Fields.systemRegister(word);
    int crn = op >> 7 & 15;
    return crn == TLBI || crn == CACHE && (op >> 3 & 15) != TRANSLATION;
  }

  private boolean readable(SysReg register) {
    return register == SysReg.SP_EL0 || register == SysReg.DAIF || register != null && PlainRegisters.place(register) >= 0 && system.plain(
        register, false);
  }

  private boolean writable(SysReg register) {
    return register == SysReg.DAIF || register == SysReg.SP_EL0 || register == SysReg.TTBR0_EL1 || register == SysReg.TTBR1_EL1
        || written(register);
  }

  /** Whether it is written in code. */
  private boolean written(SysReg register) {
    int place = register == null ? -1 : PlainRegisters.place(register);
    return place >= 0 && place < PlainRegisters.written() && system.plain(register, false);
  }

  private void write(int word, int at) {
    SysReg register = register(word);
    int rt = GuestRegisters.orZero(Fields.rt(word));
    if (register == SysReg.DAIF) {
      writeMasks(rt);
    } else if (register == SysReg.SP_EL0) {
      code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.USER_STACK_OPEN, 0);
      leaving.interpretIf(X64.E);
      code.store(true, registers.source(rt, X64.RAX), X64.RBP, StateLayout.USER_STACK);
    } else if (written(register)) {
      writeWord(register, rt);
    } else {
      leaving.context(word);
      block.ends(at, CodeBlock.End.ALWAYS);
    }
  }

  private void writeWord(SysReg register, int rt) {
    if (register.level > 0 || register == SysReg.TPIDRRO_EL0) {
      privileged(1);
    }
    int from = registers.source(rt, X64.RAX);
    if (register.mask == 0xFFFF_FFFFL) {
      code.move(false, X64.RAX, from);
      from = X64.RAX;
    } else if (register.mask != -1) {
      code.move(true, X64.RAX, from);
      code.arithmeticConstant(X64.AND, true, X64.RAX, (int) register.mask);
      from = X64.RAX;
    }
    code.store(true, from, X64.RBP, StateLayout.SYSTEM + 8 * PlainRegisters.place(register));
    code.storeConstant(true, 1, X64.RBP, StateLayout.SYSTEM_WRITTEN);
  }

  private void writeMasks(int rt) {
    privileged(1);
    unmask();
    debugged(DEBUG);
    registers.load(false, X64.RAX, rt);
    code.arithmeticConstant(X64.AND, false, X64.RAX, 15 << MASKS);
    code.store(true, X64.RAX, X64.RBP, StateLayout.MASKS);
  }

  /** The interpreter changes PSTATE.D where that decides something. */
  private void debugged(int masks) {
    if ((masks & DEBUG) != 0) {
      code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.DEBUGGED, 0);
      leaving.interpretIf(X64.NE);
    }
  }

  /** The interpreter has what a lower level does. */
  private void privileged(int level) {
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.LEVEL, level);
    leaving.interpretIf(X64.L);
  }

  /** The interpreter unmasks interrupts while there are any. */
  private void unmask() {
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.INTERRUPTS, 0);
    leaving.interpretIf(X64.NE);
  }

  /** Ticks of the time that it is, which what is left of the CPU's instructions says. */
  private void count(int word, int at) {
    int place = Counters.place(Counters.number(word));
    code.arithmeticMemoryConstant(X64.CMP, true, X64.RBP, place, 0);
    leaving.counterIf(X64.E, word);
    code.load(true, X64.RAX, X64.RBP, StateLayout.END_TIME);
    code.arithmetic(X64.SUB, true, X64.RAX, X64.R15);
    block.subtractRest(X64.RAX, at);
    code.group3Memory(X64.MUL, true, X64.RBP, place);
    code.arithmeticMemory(X64.ADD, true, X64.RDX, X64.RBP, place + StateLayout.COUNTER_OFFSET);
    registers.set(GuestRegisters.orZero(Fields.rt(word)), X64.RDX);
  }

  private void read(SysReg register, int rt) {
    int to = registers.target(rt);
    if (register == SysReg.SP_EL0) {
      code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.USER_STACK_OPEN, 0);
      leaving.interpretIf(X64.E);
      code.load(true, to, X64.RBP, StateLayout.USER_STACK);
    } else if (register == SysReg.DAIF) {
      privileged(1);
      code.load(true, to, X64.RBP, StateLayout.MASKS);
    } else {
      if (register.level > 0) {
        privileged(register.level);
      }
      code.load(true, to, X64.RBP, StateLayout.SYSTEM + 8 * PlainRegisters.place(register));
    }
    registers.set(rt, to);
  }
}
