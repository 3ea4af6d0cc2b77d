// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.cpu.arch.Operations;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.cpu.arch.SystemRegisters;

/**
 * Makes code of the instructions of a page, in one pass: from one that is reached, over conditional branches, to one that never goes on or
 * where there is code already. Registers and flags are the guest's before each instruction, so that each can leave.
 */
final class CodeTranslator {
  /** Instructions of the longest block: they are counted when it begins. */
  private static final int LONGEST = 100;
  /** More than the code of an instruction has, with its ways out. */
  private static final int MOST_BYTES = 512;
  /** D among the four bits of PSTATE.DAIF. */
  private static final int DEBUG = 8;
  /** Where they are. */
  private static final int MASKS = 6;
  /** CRm of AT. */
  private static final int TRANSLATION = 8;

  private final X64 code;
  private final Thunks thunks;
  private final WaysOut leaving;
  private final GuestRegisters registers;
  private final FlagCode flags;
  private final IntegerCode integers;
  private final BitCode bits;
  private final MultiplyCode products;
  private final AccessCode accesses;
  private final ExclusiveCode exclusives;
  private final VectorAccessCode vectors;
  private final Decoder decoder;
  private final SystemRegisters system;
  private TranslatedPage page;
  private int at;

  /** What the end of an instruction's code is. */
  private enum End {
    /** The next instruction comes next. */
    NONE,
    /** A block ends, and the next may come next. */
    MAYBE,
    /** It doesn't. */
    ALWAYS
  }

  CodeTranslator(X64 code, Thunks thunks, CodeExits exits, GuestRegisters registers, Decoder decoder, SystemRegisters system) {
    this.code = code;
    this.thunks = thunks;
    this.registers = registers;
    this.decoder = decoder;
    this.system = system;
    leaving = new WaysOut(code, exits, thunks);
    flags = new FlagCode(code);
    integers = new IntegerCode(code, registers, flags);
    bits = new BitCode(code, registers, flags);
    products = new MultiplyCode(code, registers);
    accesses = new AccessCode(code, registers, integers, leaving);
    exclusives = new ExclusiveCode(code, registers, accesses);
    vectors = new VectorAccessCode(code, registers, accesses, leaving);
  }

  /** Makes code from an instruction on, at the place that the emitter is at. */
  void translate(TranslatedPage of, int first) {
    page = of;
    at = first;
    while (block()) {
      // The next one comes straight on.
    }
    page.translated(first, Math.max(at, first + 1));
    leaving.flush();
  }

  /** Translates a block. Returns whether another one follows. */
  private boolean block() {
    int first = at;
    page.begins(first, code.at());
    leaving.begin(page, first);
    leaving.at(first);
    flags.begin();
    code.room(MOST_BYTES);
    int word = page.word(first);
    if (!translatable(decoder.decode(word), word)) {
      // Counted where it is executed.
      leaving.interpret();
      return false;
    }
    int counted = code.subtractLater(X64.R15);
    leaving.budgetIf(X64.S);
    for (;;) {
      code.room(MOST_BYTES);
      leaving.at(at);
      word = page.word(at);
      Insn insn = decoder.decode(word);
      flags.next();
      if (!translatable(insn, word)) {
        finish(counted, first);
        leaving.interpret();
        return false;
      }
      End end = emit(insn, word, counted, first);
      at++;
      if (end == End.ALWAYS) {
        return false;
      }
      if (end == End.MAYBE || at == TranslatedPage.WORDS || at - first == LONGEST || page.entry[at] != 0) {
        if (end == End.NONE) {
          finish(counted, first);
        }
        return follow();
      }
    }
  }

  /** The block ends before {@link #at}. */
  private void finish(int counted, int first) {
    code.patchByte(counted, at - first);
    leaving.end(at - first);
  }

  /** Goes on with the next instruction. Returns whether its block is to be translated now. */
  private boolean follow() {
    if (at == TranslatedPage.WORDS) {
      leaving.at(at);
      // With nothing left nobody looks the next page up.
      code.test(true, X64.R15, X64.R15);
      int some = code.jumpShortIf(X64.NE);
      leaving.next();
      code.patchShort(some);
      inPage(X64.RAX, at * 4L);
      code.jumpTo(thunks.direct());
      return false;
    }
    if (page.entry[at] != 0) {
      code.jumpTo(page.entry[at]);
      return false;
    }
    return true;
  }

  /** Whether there is code for an instruction. */
  private boolean translatable(Insn insn, int word) {
    if (insn == null) {
      return false;
    }
    return switch (insn) {
      case CLS, CRC32, CRC32C -> false;
      case HINT -> {
        int number = word >>> 5 & 127;
        yield number < 2 || number > 5;
      }
      case DSB, DMB, ISB -> true;
      case MRS -> readable(SysReg.of(Fields.systemRegister(word))) || PlainRegisters.apart(SysReg.of(Fields.systemRegister(word)));
      case SYS -> Fields.systemRegister(word) == Operations.DC_ZVA || maintenance(word);
      case CLREX -> true;
      case MSR_DAIFSET, MSR_DAIFCLR -> (word >>> 8 & DEBUG) == 0;
      case MSR_REG -> SysReg.of(Fields.systemRegister(word)) == SysReg.DAIF;
      default -> switch (insn.group()) {
        case DP_IMM, DP_REG, LOAD_STORE, EXCLUSIVE -> true;
        case BRANCH -> insn != Insn.ERET && insn != Insn.DRPS;
        case LOAD_STORE_FP, FP -> VectorAccessCode.covers(insn, word);
        default -> false;
      };
    };
  }

  /** Whether it maintains a cache or a TLB. */
  private static boolean maintenance(int word) {
    int crn = Fields.systemRegister(word) >> 7 & 15;
    int crm = Fields.systemRegister(word) >> 3 & 15;
    return crn == 8 || crn == 7 && crm != TRANSLATION;
  }

  private boolean readable(SysReg register) {
    return register == SysReg.SP_EL0 || register == SysReg.DAIF || register != null && PlainRegisters.place(register) >= 0 && system.plain(
        register, false);
  }

  private End emit(Insn insn, int word, int counted, int first) {
    switch (insn.group()) {
      case DP_IMM -> {
        if (insn == Insn.ADR || insn == Insn.ADRP) {
          address(insn, word);
        } else if (!integers.emit(insn, word) && !bits.emit(insn, word)) {
          throw new IllegalStateException("no code for " + insn);
        }
      }
      case DP_REG -> {
        if (!integers.emit(insn, word) && !products.emit(insn, word) && !bits.emit(insn, word)) {
          throw new IllegalStateException("no code for " + insn);
        }
      }
      case LOAD_STORE, EXCLUSIVE -> {
        if (!exclusives.emit(insn, word) && !accesses.emit(insn, word, at * 4)) {
          throw new IllegalStateException("no code for " + insn);
        }
      }
      case LOAD_STORE_FP, FP -> vectors.emit(insn, word, at * 4);
      case BRANCH -> {
        return branch(insn, word, counted, first);
      }
      default -> system(insn, word);
    }
    return End.NONE;
  }

  // ---- PC-relative

  private void address(Insn insn, int word) {
    long distance = insn == Insn.ADR ? at * 4 + Fields.adrImmediate(word) : Fields.adrImmediate(word) << 12;
    int rd = GuestRegisters.orZero(Fields.rd(word));
    int to = registers.target(rd);
    inPage(to, distance);
    registers.set(rd, to);
  }

  /** An address relative to the page's. */
  private void inPage(int to, long distance) {
    if (distance == (int) distance) {
      code.load(true, to, X64.RBP, StateLayout.PAGE);
      if (distance != 0) {
        code.address(true, to, to, (int) distance);
      }
    } else {
      code.constant(to, distance);
      code.arithmeticMemory(X64.ADD, true, to, X64.RBP, StateLayout.PAGE);
    }
  }

  // ---- Branches

  private End branch(Insn insn, int word, int counted, int first) {
    switch (insn) {
      case B, BL -> {
        int target = at + (int) (Fields.rel26(word) >> 2);
        if (insn == Insn.BL) {
          link();
        }
        ends(counted, first);
        to(target);
        return End.ALWAYS;
      }
      case BR, BLR, RET -> {
        registers.load(true, X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
        if (insn == Insn.BLR) {
          code.move(true, X64.RDX, X64.RAX);
          link();
          code.move(true, X64.RAX, X64.RDX);
        }
        ends(counted, first);
        code.jumpTo(thunks.branch());
        return End.ALWAYS;
      }
      case B_COND -> {
        if (!FlagCode.conditional(Fields.branchCond(word))) {
          ends(counted, first);
          to(at + (int) (Fields.rel19(word) >> 2));
          return End.ALWAYS;
        }
        int condition = flags.condition(Fields.branchCond(word));
        ends(counted, first);
        toIf(condition, at + (int) (Fields.rel19(word) >> 2));
      }
      case CBZ, CBNZ -> {
        int register = registers.source(GuestRegisters.orZero(Fields.rt(word)), X64.RAX);
        code.test(Fields.sf(word), register, register);
        ends(counted, first);
        toIf(insn == Insn.CBZ ? X64.E : X64.NE, at + (int) (Fields.rel19(word) >> 2));
      }
      default -> {
        code.testBit(registers.source(GuestRegisters.orZero(Fields.rt(word)), X64.RAX), Fields.testBit(word));
        ends(counted, first);
        toIf(insn == Insn.TBZ ? X64.AE : X64.B, at + (int) (Fields.rel14(word) >> 2));
      }
    }
    return End.MAYBE;
  }

  /** The block ends with this instruction. */
  private void ends(int counted, int first) {
    code.patchByte(counted, at + 1 - first);
    leaving.end(at + 1 - first);
  }

  private void link() {
    int to = registers.target(30);
    inPage(to, (at + 1) * 4L);
    registers.set(30, to);
  }

  private static boolean here(int target) {
    return target >= 0 && target < TranslatedPage.WORDS;
  }

  private void to(int target) {
    if (!here(target)) {
      inPage(X64.RAX, target * 4L);
      code.jumpTo(thunks.direct());
    } else if (page.entry[target] != 0) {
      code.jumpTo(page.entry[target]);
    } else {
      leaving.chain(code.jump(), target);
    }
  }

  private void toIf(int condition, int target) {
    if (!here(target)) {
      int not = code.jumpShortIf(condition ^ 1);
      inPage(X64.RAX, target * 4L);
      code.jumpTo(thunks.direct());
      code.patchShort(not);
    } else if (page.entry[target] != 0) {
      code.jumpIfTo(condition, page.entry[target]);
    } else {
      leaving.chain(code.jumpIf(condition), target);
    }
  }

  // ---- System

  private void system(Insn insn, int word) {
    switch (insn) {
      case MRS -> {
        SysReg register = SysReg.of(Fields.systemRegister(word));
        if (readable(register)) {
          read(register, GuestRegisters.orZero(Fields.rt(word)));
        } else {
          leaving.system(word);
        }
      }
      case SYS -> {
        if (Fields.systemRegister(word) == Operations.DC_ZVA) {
          accesses.zero(word);
        } else {
          leaving.system(word);
        }
      }
      case CLREX -> code.storeConstant(true, 0, X64.RBP, StateLayout.ARMED);
      case MSR_DAIFSET -> {
        privileged(1);
        code.arithmeticMemoryConstant(X64.OR, false, X64.RBP, StateLayout.MASKS, (word >>> 8 & 15) << MASKS);
      }
      case MSR_DAIFCLR -> {
        privileged(1);
        unmask();
        code.arithmeticMemoryConstant(X64.AND, false, X64.RBP, StateLayout.MASKS, ~((word >>> 8 & 15) << MASKS));
      }
      case MSR_REG -> {
        privileged(1);
        unmask();
        registers.load(false, X64.RAX, GuestRegisters.orZero(Fields.rt(word)));
        code.arithmeticConstant(X64.AND, false, X64.RAX, 15 << MASKS);
        code.move(false, X64.RCX, X64.RAX);
        code.arithmeticMemory(X64.XOR, false, X64.RCX, X64.RBP, StateLayout.MASKS);
        code.testConstant(X64.RCX, DEBUG << MASKS);
        leaving.interpretIf(X64.NE);
        code.store(true, X64.RAX, X64.RBP, StateLayout.MASKS);
      }
      default -> flags.keep(); // hints and barriers: one thread executes all CPUs
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
