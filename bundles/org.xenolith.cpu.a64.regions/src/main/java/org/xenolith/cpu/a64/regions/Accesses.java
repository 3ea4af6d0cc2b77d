// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.xenolith.a64.arch.Memory;
import org.xenolith.a64.arch.SystemRegisters;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.machine.kit.HostMemory;

/**
 * Code of loads and stores of general registers and of vector registers of 32, 64 and 128 bits: the inline path through the
 * tags of {@code Cpu.data} only. Whatever else an access needs leaves the region before the instruction has done anything
 * that isn't the same when it is done again.
 */
final class Accesses {
  private static final ClassDesc MEMORY = Memory.class.describeConstable().orElseThrow();
  private static final ClassDesc REGISTERS = SystemRegisters.class.describeConstable().orElseThrow();
  private static final ClassDesc LOOKUP = Lookup.class.describeConstable().orElseThrow();
  private static final ClassDesc WORDS = HostMemory.class.describeConstable().orElseThrow();
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
  private static final MethodTypeDesc ENTRY = MethodTypeDesc.of(Frame.ENTRY, Frame.ENTRY.arrayType(), LONG);
  private static final MethodTypeDesc ALLOWED = MethodTypeDesc.of(ConstantDescs.CD_boolean);
  private static final MethodTypeDesc ZERO = MethodTypeDesc.of(ConstantDescs.CD_void, BYTES, LONG);
  private static final MethodTypeDesc LOG = MethodTypeDesc.of(ConstantDescs.CD_void, BYTES, LONG);
  private static final MethodTypeDesc READ = MethodTypeDesc.of(LONG, BYTES, LONG);
  private static final MethodTypeDesc WRITE = MethodTypeDesc.of(ConstantDescs.CD_void, BYTES, LONG, LONG);

  private final Frame frame;
  private final Arithmetic arithmetic;
  private final CodeBuilder cb;
  private final boolean logged;
  private Label slow;
  private Window window;

  /** @param logged whether stores are logged, so that they can be taken back */
  Accesses(Frame frame, Arithmetic arithmetic, boolean logged) {
    this.logged = logged;
    this.frame = frame;
    this.arithmetic = arithmetic;
    cb = frame.cb;
  }

  /**
   * Emits an instruction of LOAD_STORE or LOAD_STORE_FP.
   *
   * @param leave where it goes if it can't be done here
   * @param last  the page where it last led to; null if that isn't kept
   */
  void emit(Insn insn, int word, int off, Label leave, Window last) {
    slow = leave;
    window = last;
    switch (insn) {
      case LDR_IMM_UNSIGNED, LDRS_IMM_UNSIGNED -> {
        base(word, (long) Fields.imm12(word) << Fields.size(word));
        load(word, insn == Insn.LDRS_IMM_UNSIGNED);
      }
      case LDUR, LDURS -> {
        base(word, Fields.simm9(word));
        load(word, insn == Insn.LDURS);
      }
      case LDR_REG, LDRS_REG -> {
        indexed(word, Fields.size(word));
        load(word, insn == Insn.LDRS_REG);
      }
      case LDR_IMM_POST, LDRS_IMM_POST -> {
        base(word, 0);
        loadIndexed(word, insn == Insn.LDRS_IMM_POST, Fields.simm9(word));
      }
      case LDR_IMM_PRE, LDRS_IMM_PRE -> {
        base(word, Fields.simm9(word));
        loadIndexed(word, insn == Insn.LDRS_IMM_PRE, 0);
      }
      case STR_IMM_UNSIGNED -> {
        base(word, (long) Fields.imm12(word) << Fields.size(word));
        store(word);
      }
      case STUR -> {
        base(word, Fields.simm9(word));
        store(word);
      }
      case STR_REG -> {
        indexed(word, Fields.size(word));
        store(word);
      }
      case STR_IMM_POST -> {
        base(word, 0);
        store(word);
        writeBack(word, Fields.simm9(word));
      }
      case STR_IMM_PRE -> {
        base(word, Fields.simm9(word));
        store(word);
        writeBack(word, 0);
      }
      case LDR_LITERAL, LDRSW_LITERAL -> {
        cb.lload(Frame.PAGE).loadConstant(off + Fields.rel19(word)).ladd().lstore(Frame.VA);
        int size = insn == Insn.LDR_LITERAL && (word & 1 << 30) != 0 ? 3 : 2;
        check(1 << size, false);
        read(size, 0);
        if (insn == Insn.LDRSW_LITERAL) {
          cb.l2i().i2l();
        }
        frame.set(Operands.target(Fields.rt(word)));
      }
      case LDAR, STLR, LDXR, LDAXR, STXR, STLXR -> ordered(insn, word);
      default -> {
        if (Translated.pair(insn)) {
          pair(insn, word);
        } else {
          vector(insn, word);
        }
      }
    }
  }

  /**
   * Emits DC ZVA.
   *
   * @param leave where it goes if it can't be done here
   */
  void zero(int word, Label leave) {
    slow = leave;
    window = null;
    cb.aload(Frame.C).getfield(Frame.CPU, "registers", REGISTERS).invokevirtual(REGISTERS, "zvaAllowed", ALLOWED).ifeq(slow);
    frame.get(Operands.source(Fields.rt(word)));
    cb.loadConstant(-64L).land().lstore(Frame.VA);
    check(64, true);
    if (logged) {
      for (int i = 0; i < 64; i += 8) {
        log(i);
      }
    }
    place(0);
    cb.invokestatic(WORDS, "zero64", ZERO);
  }

  // ---- Addresses

  private void stack(int rn) {
    if (rn == 31) {
      frame.get(31);
      cb.l2i().loadConstant(15).iand().ifne(slow);
    }
  }

  private void base(int word, long offset) {
    int rn = Fields.rn(word);
    stack(rn);
    frame.get(rn);
    if (offset != 0) {
      cb.loadConstant(offset).ladd();
    }
    cb.lstore(Frame.VA);
  }

  private void indexed(int word, int size) {
    int rn = Fields.rn(word);
    stack(rn);
    frame.get(rn);
    arithmetic.extended(Operands.source(Fields.rm(word)), Fields.option(word), (word & 1 << 12) != 0 ? size : 0);
    cb.ladd().lstore(Frame.VA);
  }

  private void writeBack(int word, long step) {
    cb.lload(Frame.VA);
    if (step != 0) {
      cb.loadConstant(step).ladd();
    }
    frame.set(Fields.rn(word));
  }

  /** Leaves unless {@code size} bytes at VA may be accessed inline; else the TLB's entry is in its local, or the window is there. */
  private void check(int size, boolean write) {
    if (window == null) {
      lookup(size, write);
      return;
    }
    Label found = cb.newLabel();
    Label other = cb.newLabel();
    if (HostMemory.OUTSIDE) {
      cb.lload(window.offset()).lconst_0().lcmp().ifeq(other);
    } else {
      cb.aload(window.heap()).ifnull(other);
    }
    cb.lload(Frame.VA).lload(window.page()).lsub().loadConstant(4096L - size)
        .invokestatic(Conditions.LONG_CLASS, "compareUnsigned", Conditions.UNSIGNED).ifle(found);
    cb.labelBinding(other);
    lookup(size, write);
    cb.lload(Frame.VA).loadConstant(-4096L).land().lstore(window.page());
    cb.aload(Frame.TLB).getfield(Frame.ENTRY, "heap", BYTES).astore(window.heap());
    cb.lload(window.page()).aload(Frame.TLB).getfield(Frame.ENTRY, "delta", LONG).ladd().lstore(window.offset());
    cb.labelBinding(found);
  }

  private void lookup(int size, boolean write) {
    cb.aload(Frame.DATA).lload(Frame.VA).invokestatic(LOOKUP, "entry", ENTRY).astore(Frame.TLB);
    cb.lload(Frame.VA);
    if (size > 1) {
      cb.loadConstant((long) size - 1).ladd();
    }
    cb.loadConstant(-4096L).land().iload(write ? Frame.WRITE : Frame.READ).i2l().lor();
    cb.aload(Frame.TLB).getfield(Frame.ENTRY, write ? "write" : "read", LONG).lcmp().ifne(slow);
  }

  private void place(int offset) {
    if (window == null) {
      cb.aload(Frame.TLB).getfield(Frame.ENTRY, "heap", BYTES);
      cb.lload(Frame.VA).aload(Frame.TLB).getfield(Frame.ENTRY, "delta", LONG).ladd();
    } else {
      cb.aload(window.heap()).lload(Frame.VA).lload(window.page()).lsub().lload(window.offset()).ladd();
    }
    if (offset != 0) {
      cb.loadConstant((long) offset).ladd();
    }
  }

  /** Pushes 1, 2, 4 or 8 bytes, zero-extended; the size is a power of two. */
  private void read(int size, int offset) {
    place(offset);
    cb.invokestatic(WORDS, "read" + (8 << size), READ);
  }

  /** What to store. */
  private interface Value {
    void push();
  }

  private void write(int size, int offset, Value value) {
    if (logged) {
      log(offset);
    }
    place(offset);
    value.push();
    cb.invokestatic(WORDS, "write" + (8 << size), WRITE);
  }

  private void log(int offset) {
    cb.aload(Frame.SELF).getfield(Frame.CODE, "undo", Frame.UNDO);
    place(offset);
    cb.invokevirtual(Frame.UNDO, "log", LOG);
  }

  // ---- General registers

  private void value(int word, boolean signed) {
    int size = Fields.size(word);
    check(1 << size, false);
    read(size, 0);
    if (signed) {
      switch (size) {
        case 0 -> cb.l2i().i2b().i2l();
        case 1 -> cb.l2i().i2s().i2l();
        default -> cb.l2i().i2l();
      }
      // Bit 22 makes it a 32-bit register.
      frame.narrow((word & 1 << 22) == 0);
    }
  }

  private void load(int word, boolean signed) {
    value(word, signed);
    frame.set(Operands.target(Fields.rt(word)));
  }

  private void loadIndexed(int word, boolean signed, long step) {
    value(word, signed);
    writeBack(word, step);
    frame.set(Operands.target(Fields.rt(word)));
  }

  private void store(int word) {
    int size = Fields.size(word);
    check(1 << size, true);
    write(size, 0, () -> frame.get(Operands.source(Fields.rt(word))));
  }

  private void ordered(Insn insn, int word) {
    int size = Fields.size(word);
    base(word, 0);
    if (size > 0) {
      cb.lload(Frame.VA).l2i().loadConstant((1 << size) - 1).iand().ifne(slow);
    }
    boolean store = insn == Insn.STLR || insn == Insn.STXR || insn == Insn.STLXR;
    check(1 << size, store);
    switch (insn) {
      case LDAR -> {
        read(size, 0);
        frame.set(Operands.target(Fields.rt(word)));
      }
      case STLR -> write(size, 0, () -> frame.get(Operands.source(Fields.rt(word))));
      case LDXR, LDAXR -> {
        // With a tag that matches this can't fault: it is called for the monitor only.
        cb.aload(Frame.C).getfield(Frame.CPU, "memory", MEMORY).lload(Frame.VA).loadConstant(1 << size)
            .invokevirtual(MEMORY, "loadExclusive", MethodTypeDesc.of(LONG, LONG, INT));
        frame.set(Operands.target(Fields.rt(word)));
      }
      default -> {
        if (logged) {
          cb.goto_(slow);
          return;
        }
        cb.aload(Frame.C).getfield(Frame.CPU, "memory", MEMORY).lload(Frame.VA).loadConstant(1 << size);
        frame.get(Operands.source(Fields.rt(word)));
        cb.invokevirtual(MEMORY, "storeExclusive", MethodTypeDesc.of(INT, LONG, INT, LONG)).i2l();
        frame.set(Operands.target(Fields.rs(word)));
      }
    }
  }

  private void pair(Insn insn, int word) {
    boolean signed = switch (insn) {
      case LDPSW_OFFSET, LDPSW_POST, LDPSW_PRE -> true;
      default -> false;
    };
    boolean store = switch (insn) {
      case STP_OFFSET, STP_POST, STP_PRE, STNP -> true;
      default -> false;
    };
    int size = Fields.sf(word) && !signed ? 3 : 2;
    long offset = (long) Fields.simm7(word) << size;
    boolean post = insn == Insn.LDP_POST || insn == Insn.STP_POST || insn == Insn.LDPSW_POST;
    boolean pre = insn == Insn.LDP_PRE || insn == Insn.STP_PRE || insn == Insn.LDPSW_PRE;
    base(word, post ? 0 : offset);
    check(2 << size, store);
    if (store) {
      write(size, 0, () -> frame.get(Operands.source(Fields.rt(word))));
      write(size, 1 << size, () -> frame.get(Operands.source(Fields.rt2(word))));
      if (post || pre) {
        writeBack(word, post ? offset : 0);
      }
      return;
    }
    read(size, 0);
    signed(signed);
    read(size, 1 << size);
    signed(signed);
    cb.lstore(Frame.T2).lstore(Frame.T1);
    if (post || pre) {
      writeBack(word, post ? offset : 0);
    }
    cb.lload(Frame.T1);
    frame.set(Operands.target(Fields.rt(word)));
    cb.lload(Frame.T2);
    frame.set(Operands.target(Fields.rt2(word)));
  }

  private void signed(boolean signed) {
    if (signed) {
      cb.l2i().i2l();
    }
  }

  // ---- Vector registers

  private void vector(Insn insn, int word) {
    int size = Fields.size(word) + ((word & 1 << 23) != 0 ? 4 : 0);
    switch (insn) {
      case LDR_FP_IMM_UNSIGNED, LDUR_FP, LDR_FP_IMM_POST, LDR_FP_IMM_PRE, LDR_FP_REG -> {
        vectorAddress(insn, word, size);
        check(1 << size, false);
        vectorRead(size, Fields.rt(word), 0);
      }
      case STR_FP_IMM_UNSIGNED, STUR_FP, STR_FP_IMM_POST, STR_FP_IMM_PRE, STR_FP_REG -> {
        vectorAddress(insn, word, size);
        check(1 << size, true);
        vectorWrite(size, Fields.rt(word), 0);
      }
      default -> {
        vectorPair(insn, word);
        return;
      }
    }
    switch (insn) {
      case LDR_FP_IMM_POST, STR_FP_IMM_POST -> writeBack(word, Fields.simm9(word));
      case LDR_FP_IMM_PRE, STR_FP_IMM_PRE -> writeBack(word, 0);
      default -> {
      }
    }
  }

  private void vectorAddress(Insn insn, int word, int size) {
    switch (insn) {
      case LDR_FP_IMM_UNSIGNED, STR_FP_IMM_UNSIGNED -> base(word, (long) Fields.imm12(word) << size);
      case LDR_FP_REG, STR_FP_REG -> indexed(word, size);
      case LDR_FP_IMM_POST, STR_FP_IMM_POST -> base(word, 0);
      default -> base(word, Fields.simm9(word));
    }
  }

  private void vectorRead(int size, int register, int offset) {
    cb.aload(Frame.V).loadConstant(2 * register);
    read(Math.min(size, 3), offset);
    cb.lastore();
    cb.aload(Frame.V).loadConstant(2 * register + 1);
    if (size == 4) {
      read(3, offset + 8);
    } else {
      cb.lconst_0();
    }
    cb.lastore();
  }

  private void vectorWrite(int size, int register, int offset) {
    write(Math.min(size, 3), offset, () -> cb.aload(Frame.V).loadConstant(2 * register).laload());
    if (size == 4) {
      write(3, offset + 8, () -> cb.aload(Frame.V).loadConstant(2 * register + 1).laload());
    }
  }

  private void vectorPair(Insn insn, int word) {
    int size = Fields.size(word) + 2;
    long offset = (long) Fields.simm7(word) << size;
    boolean post = insn == Insn.LDP_FP_POST || insn == Insn.STP_FP_POST;
    boolean pre = insn == Insn.LDP_FP_PRE || insn == Insn.STP_FP_PRE;
    base(word, post ? 0 : offset);
    boolean store = switch (insn) {
      case STP_FP_OFFSET, STP_FP_POST, STP_FP_PRE, STNP_FP -> true;
      default -> false;
    };
    check(2 << size, store);
    if (store) {
      vectorWrite(size, Fields.rt(word), 0);
      vectorWrite(size, Fields.rt2(word), 1 << size);
    } else {
      vectorRead(size, Fields.rt(word), 0);
      vectorRead(size, Fields.rt2(word), 1 << size);
    }
    if (post || pre) {
      writeBack(word, post ? offset : 0);
    }
  }
}
