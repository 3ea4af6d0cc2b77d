// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.graph.Node;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** The method of a region: entries, blocks, ways out. */
final class RegionMethod {
  private static final ClassDesc NODE = Node.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc STAYS = MethodTypeDesc.of(ConstantDescs.CD_boolean, Frame.CPU, Frame.LONG);
  private static final MethodTypeDesc EXEC = MethodTypeDesc.of(NODE, Frame.CPU, Frame.LONGS);

  private final Flow flow;
  private final int[] entries;
  private final int need;
  private final boolean logged;
  private final Liveness liveness;
  /** Words of the instructions whose nodes are called, in the order of their numbers. */
  final List<Integer> calls = new ArrayList<>();
  boolean vector;
  private final Map<Integer, Label> labels = new HashMap<>();
  private final List<Runnable> stubs = new ArrayList<>();
  private CodeBuilder cb;
  private Frame frame;
  private Conditions conditions;
  private Arithmetic arithmetic;
  private Windows windows;
  private Accesses accesses;
  private VectorArithmetic vectors;
  private FloatArithmetic floats;

  /**
   * @param entries words where it is entered, by the number of the entry
   * @param logged  whether its stores can be taken back
   */
  RegionMethod(Flow flow, int[] entries, boolean logged) {
    this.logged = logged;
    this.flow = flow;
    this.entries = entries;
    need = flow.size();
    liveness = new Liveness(flow);
    for (Block block : flow.blocks.values()) {
      for (int at = block.first; at < block.end; at++) {
        vector |= Translated.vector(flow.insns[at]);
        if (Translated.called(flow.insns[at])) {
          calls.add(at);
        }
      }
    }
  }

  int need() {
    return need;
  }

  /** Emits the body of {@code run}. */
  void emit(CodeBuilder builder) {
    cb = builder;
    long used = 0;
    long wide = 0;
    long written = 0;
    boolean memory = false;
    for (Block block : flow.blocks.values()) {
      for (int at = block.first; at < block.end; at++) {
        written |= Translated.written(flow.insns[at], flow.words[at]);
        used |= Translated.read(flow.insns[at], flow.words[at]) | written;
        wide |= Translated.readWide(flow.insns[at], flow.words[at]);
        memory |= Translated.touches(flow.insns[at]);
      }
      labels.put(block.first, cb.newLabel());
    }
    frame = new Frame(cb, used, wide);
    conditions = new Conditions(frame);
    arithmetic = new Arithmetic(frame, conditions);
    accesses = new Accesses(frame, arithmetic, logged);
    vectors = new VectorArithmetic(frame);
    floats = new FloatArithmetic(frame, conditions);
    windows = new Windows(flow, frame.free);
    agree();
    frame.enter(memory, vector, written);
    windows.all().forEach(frame::shut);
    enter();
    flow.blocks.values().forEach(this::block);
    for (int i = 0; i < stubs.size(); i++) {
      stubs.get(i).run();
    }
    frame.outs();
  }

  private void enter() {
    List<SwitchCase> cases = new ArrayList<>();
    for (int i = 1; i < entries.length; i++) {
      cases.add(SwitchCase.of(i, cb.newLabel()));
    }
    if (!cases.isEmpty()) {
      Label first = cb.newLabel();
      cb.iload(Frame.WAY).tableswitch(1, entries.length - 1, first, cases);
      for (int i = 1; i < entries.length; i++) {
        cb.labelBinding(cases.get(i - 1).target());
        fill(entries[i]);
      }
      cb.labelBinding(first);
    }
    fill(entries[0]);
  }

  /** Gets the registers that a block needs from where the interpreter has them, and goes there. */
  private void fill(int block) {
    frame.fill(liveness.filled(block));
    cb.goto_(labels.get(block));
  }

  /** Finds blocks whose flags on entry are of one kind whatever way led there. */
  private void agree() {
    Map<Integer, Integer> kinds = new HashMap<>();
    for (int entry : entries) {
      kinds.put(entry, Flags.STORED);
    }
    for (boolean changed = true; changed;) {
      changed = false;
      for (Block block : flow.blocks.values()) {
        Integer in = kinds.get(block.first);
        if (in == null) {
          continue;
        }
        int out = in;
        for (int at = block.first; at < block.end; at++) {
          out = FlagKinds.after(flow.insns[at], flow.words[at], out);
        }
        if (block.how == Block.End.ALWAYS || block.how == Block.End.MAYBE) {
          changed |= meet(kinds, block.target, out);
        }
        if (block.how == Block.End.FALL || block.how == Block.End.MAYBE) {
          changed |= meet(kinds, block.end, out);
        }
        for (int other : block.others) {
          changed |= meet(kinds, other, out);
        }
      }
    }
    for (Block block : flow.blocks.values()) {
      block.flags = kinds.getOrDefault(block.first, Flags.UNKNOWN);
    }
  }

  private boolean meet(Map<Integer, Integer> kinds, int at, int kind) {
    if (!flow.begins(at)) {
      return false;
    }
    Integer old = kinds.get(at);
    int met = old == null || old == kind ? kind : Flags.UNKNOWN;
    kinds.put(at, met);
    return old == null || old != met;
  }

  private void block(Block block) {
    cb.labelBinding(labels.get(block.first));
    conditions.known(block.flags);
    boolean branch = block.how != Block.End.FALL && block.how != Block.End.INTERPRET;
    int last = branch ? block.end - 1 : block.end;
    long[] silent = silent(block);
    for (int at = block.first; at < last; at++) {
      frame.silent(silent[at - block.first]);
      instruction(block, at);
    }
    frame.silent(0);
    frame.spend(block.length());
    int kind = conditions.kind();
    switch (block.how) {
      case FALL -> go(block.end, block.end - 1, kind);
      case INTERPRET -> frame.leave(block.end * 4 | RegionCode.INTERPRET, kind);
      case JUMP -> jump(block, kind);
      case ALWAYS -> {
        link(last);
        go(block.target, last, kind);
      }
      default -> {
        Label taken = cb.newLabel();
        condition(last, taken);
        stubs.add(() -> {
          cb.labelBinding(taken);
          if (block.target < 0) {
            cb.aload(Frame.C).lload(Frame.PAGE).loadConstant(relative(last)).ladd().putfield(Frame.CPU, "pc", Frame.LONG);
            frame.leave(RegionCode.JUMP, kind);
          } else {
            go(block.target, last, kind);
          }
        });
        go(block.end, last, kind);
      }
    }
  }

  /** For each instruction of a block the registers that are written again before anybody looks at them. */
  private long[] silent(Block block) {
    long[] silent = new long[block.length()];
    long again = 0;
    for (int at = block.end - 1; at >= block.first; at--) {
      Insn insn = flow.insns[at];
      long written = Translated.written(insn, flow.words[at]);
      silent[at - block.first] = written & again;
      again = Translated.looks(insn) ? 0 : again | written;
    }
    return silent;
  }

  /** Offset from the page of what a direct branch leads to. */
  private long relative(int at) {
    int word = flow.words[at];
    return at * 4 + switch (flow.insns[at]) {
      case B, BL -> Fields.rel26(word);
      case TBZ, TBNZ -> Fields.rel14(word);
      default -> Fields.rel19(word);
    };
  }

  /** A branch that leaves the page, or to an address in a register, which may be one of the region. */
  private void jump(Block block, int kind) {
    int at = block.end - 1;
    Insn insn = flow.insns[at];
    if (insn == Insn.B || insn == Insn.BL) {
      cb.lload(Frame.PAGE).loadConstant(relative(at)).ladd();
    } else {
      frame.get(Operands.source(Fields.rn(flow.words[at])));
    }
    cb.lstore(Frame.T3);
    link(at);
    if (block.others.length > 0) {
      inside(block.others);
    }
    cb.aload(Frame.C).lload(Frame.T3).putfield(Frame.CPU, "pc", Frame.LONG);
    frame.leave(RegionCode.JUMP, kind);
  }

  /** Goes on at one of some blocks if that is where the address in T3 leads to. */
  private void inside(int[] blocks) {
    Label out = cb.newLabel();
    cb.lload(Frame.LEFT).loadConstant((long) need).lcmp().iflt(out);
    cb.lload(Frame.T3).lload(Frame.PAGE).lsub().loadConstant(-4096L).land().lconst_0().lcmp().ifne(out);
    cb.aload(Frame.SELF).aload(Frame.C).lload(Frame.T3).invokevirtual(Frame.CODE, "stays", STAYS).ifeq(out);
    cb.lload(Frame.T3).lload(Frame.PAGE).lsub().l2i();
    cb.lookupswitch(out, Arrays.stream(blocks).mapToObj(to -> SwitchCase.of(to * 4, labels.get(to))).toList());
    cb.labelBinding(out);
  }

  private void link(int at) {
    if (flow.insns[at] == Insn.BL || flow.insns[at] == Insn.BLR) {
      cb.lload(Frame.PAGE).loadConstant((long) at * 4 + 4).ladd();
      frame.set(30);
    }
  }

  private void instruction(Block block, int at) {
    Insn insn = flow.insns[at];
    int word = flow.words[at];
    if (Translated.nothing(insn)) {
      return;
    }
    Label slow = null;
    if (Translated.mayLeave(insn)) {
      Label label = cb.newLabel();
      slow = label;
      int kind = conditions.kind();
      stubs.add(() -> {
        cb.labelBinding(label);
        frame.spend(at - block.first);
        frame.leave(at * 4 | RegionCode.INTERPRET, kind);
      });
    }
    switch (insn.group()) {
      case DP_IMM, DP_REG -> arithmetic.emit(insn, word, at * 4);
      case LOAD_STORE, LOAD_STORE_FP, EXCLUSIVE -> accesses.emit(insn, word, at * 4, slow, windows.of(insn, word));
      case SYSTEM -> {
        if (insn == Insn.SYS) {
          accesses.zero(word, slow);
        } else {
          systemRegister(word, slow);
        }
      }
      default -> {
        if (FloatArithmetic.covers(insn)) {
          floats.emit(insn, word);
        } else if (VectorArithmetic.covers(insn)) {
          vectors.emit(insn, word);
        } else {
          call(insn, word, at);
        }
      }
    }
  }

  /** MRS. */
  private void systemRegister(int word, Label slow) {
    SysReg reg = Translated.systemRegister(word);
    cb.aload(Frame.C).getfield(Frame.CPU, "el", Frame.INT);
    if (reg == SysReg.SP_EL0) {
      cb.ifeq(slow).aload(Frame.C).getfield(Frame.CPU, "spsel", Frame.INT).ifeq(slow);
      cb.aload(Frame.C).getfield(Frame.CPU, "sp", Frame.LONGS).iconst_0().laload();
    } else {
      cb.loadConstant(reg.level).if_icmplt(slow);
      cb.aload(Frame.C).getfield(Frame.CPU, "sys", Frame.LONGS).loadConstant(reg.ordinal()).laload();
    }
    frame.set(Operands.target(Fields.rt(word)));
  }

  /** Has the interpreter's node execute an instruction on vector registers. */
  private void call(Insn insn, int word, int at) {
    if (Translated.flags(insn)) {
      frame.storeFlags(conditions.kind());
      conditions.stored();
    }
    cb.aload(Frame.SELF).getfield(Frame.CODE, "calls", NODE.arrayType()).loadConstant(calls.indexOf(at)).aaload();
    cb.aload(Frame.C).aload(Frame.X).invokevirtual(NODE, "exec", EXEC).pop();
    frame.fetch(Translated.generalTarget(insn, word));
  }

  private void condition(int at, Label taken) {
    int word = flow.words[at];
    switch (flow.insns[at]) {
      case B_COND -> conditions.branch(Fields.branchCond(word), taken);
      case CBZ -> {
        tested(word);
        cb.ifeq(taken);
      }
      case CBNZ -> {
        tested(word);
        cb.ifne(taken);
      }
      default -> {
        int bit = Fields.testBit(word);
        if (bit < 32) {
          frame.getInt(Operands.source(Fields.rt(word)));
          cb.loadConstant(1 << bit).iand();
        } else {
          frame.get(Operands.source(Fields.rt(word)));
          cb.loadConstant(1L << bit).land().lconst_0().lcmp();
        }
        if (flow.insns[at] == Insn.TBZ) {
          cb.ifeq(taken);
        } else {
          cb.ifne(taken);
        }
      }
    }
  }

  private void tested(int word) {
    frame.push(Operands.source(Fields.rt(word)), Fields.sf(word));
    if (Fields.sf(word)) {
      cb.lconst_0().lcmp();
    }
  }

  /** Goes on at a word. Backwards the count is looked at, so that there is a look in every loop. */
  private void go(int to, int from, int kind) {
    Label label = labels.get(to);
    if (label == null) {
      frame.leave(to * 4, kind);
    } else if (to <= from) {
      Label out = cb.newLabel();
      // Nothing may be on the stack when it branches backwards: the JVM's compiler would make a value of the comparison.
      cb.lload(Frame.LEFT).loadConstant((long) need).lcmp().iflt(out).goto_(label);
      cb.labelBinding(out);
      frame.leave(to * 4, kind);
    } else {
      cb.goto_(label);
    }
  }
}
