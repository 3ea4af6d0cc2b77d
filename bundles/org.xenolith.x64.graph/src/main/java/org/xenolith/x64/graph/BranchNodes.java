// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.Mmu;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Instruction;

/** Near jumps, calls and returns. */
final class BranchNodes {
  private final Interpreter engine;
  private final CodePage page;
  private final IntegerOperands operands;
  private final Instruction insn;
  private final int end;

  /** For one instruction. @param end offset in the page of the byte behind it */
  BranchNodes(Interpreter engine, CodePage page, IntegerOperands operands, int end) {
    this.engine = engine;
    this.page = page;
    this.operands = operands;
    this.end = end;
    insn = operands.insn();
  }

  /** Whether offsets of branches are linear addresses, and have the full size. */
  private boolean plain() {
    return insn.mode() == DecodeMode.LONG_64 || page.flat && insn.operandSize() == 32;
  }

  Node jump() {
    return plain() ? new Jump(engine, page, end + insn.imm()) : new Relative(engine, insn, -1);
  }

  Node conditional(int condition) {
    return plain() ? new Conditional(engine, page, condition, end + insn.imm()) : new Relative(engine, insn, condition);
  }

  Node call() {
    return plain() ? new Call(engine, page, end + insn.imm()) : new RelativeCall(engine, insn);
  }

  Node indirect(boolean call) {
    return new Indirect(engine, operands, call);
  }

  Node ret(int release) {
    return new Return(engine, insn.operandSize() >> 3, release);
  }

  /** LOOP, LOOPE, LOOPNE and JCXZ. */
  Node count(int kind) {
    return new Count(engine, page, insn, kind, plain() ? new Jump(engine, page, end + insn.imm()) : new Relative(engine, insn, -1));
  }

  /** A target in the same page or elsewhere. */
  private abstract static class Direct extends Node {
    private final Interpreter engine;
    private final CodePage page;
    private final long distance;
    /** The target's node if it is in the same page, once it is known. */
    private Node target;

    /** @param distance of the target from the page's start */
    Direct(Interpreter engine, CodePage page, long distance) {
      this.engine = engine;
      this.page = page;
      this.distance = distance;
    }

    final Node taken(Core c, long[] r) {
      Node known = target;
      return known != null ? known : find(c, r);
    }

    private Node find(Core c, long[] r) {
      if (distance >= 0 && distance < 4096) {
        target = engine.inPage(page, (int) distance);
        if (target != null) {
          return target;
        }
      }
      return engine.jump(check(c, r));
    }

    /** The linear address of the target, which must be canonical. */
    final long check(Core c, long[] r) {
      long address = r[CpuState.PAGE] + distance;
      if (page.mode != DecodeMode.LONG_64) {
        return address & 0xFFFF_FFFFL;
      }
      if (!Mmu.canonical(address)) {
        throw c.fault(ExceptionVector.GP, 0);
      }
      return address;
    }
  }

  private static final class Jump extends Direct {
    Jump(Interpreter engine, CodePage page, long distance) {
      super(engine, page, distance);
    }

    @Override
    public Node exec(Core c, long[] r) {
      return taken(c, r);
    }
  }

  private static final class Conditional extends Direct {
    private final int condition;

    Conditional(Interpreter engine, CodePage page, int condition, long distance) {
      super(engine, page, distance);
      this.condition = condition;
    }

    @Override
    public Node exec(Core c, long[] r) {
      return Arithmetic.holds(c, condition) ? taken(c, r) : next;
    }
  }

  private static final class Call extends Direct {
    Call(Interpreter engine, CodePage page, long distance) {
      super(engine, page, distance);
    }

    @Override
    public Node exec(Core c, long[] r) {
      check(c, r);
      StackAccess.push(c, r, c.mode == DecodeMode.LONG_64 ? 8 : 4, nextPc(c, r));
      return taken(c, r);
    }

    @Override
    public boolean usesStack() {
      return true;
    }
  }

  /** Where offsets aren't linear addresses, or are cut to 16 bits. */
  private static final class Relative extends Node {
    private final Interpreter engine;
    private final int condition;
    private final long distance;
    private final long mask;

    Relative(Interpreter engine, Instruction insn, int condition) {
      this.engine = engine;
      this.condition = condition;
      distance = insn.imm();
      mask = insn.operandSize() == 16 ? 0xFFFF : 0xFFFF_FFFFL;
    }

    @Override
    public Node exec(Core c, long[] r) {
      if (condition >= 0 && !Arithmetic.holds(c, condition)) {
        return next;
      }
      long target = nextPc(c, r) + distance & mask;
      limit(c, target);
      c.pc = target;
      return engine.resume();
    }
  }

  private static void limit(Core c, long target) {
    if (target > c.limit[CpuState.CS]) {
      throw c.fault(ExceptionVector.GP, 0);
    }
  }

  private static final class RelativeCall extends Node {
    private final Interpreter engine;
    private final long distance;
    private final int size;

    RelativeCall(Interpreter engine, Instruction insn) {
      this.engine = engine;
      distance = insn.imm();
      size = insn.operandSize() >> 3;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long from = nextPc(c, r);
      long target = from + distance & (size == 2 ? 0xFFFF : 0xFFFF_FFFFL);
      limit(c, target);
      StackAccess.push(c, r, size, from);
      c.pc = target;
      return engine.resume();
    }
  }

  /** Through a register or memory. */
  private static final class Indirect extends Node {
    private final Interpreter engine;
    private final OperandPlace place;
    private final boolean call;
    private final int size;

    Indirect(Interpreter engine, IntegerOperands operands, boolean call) {
      this.engine = engine;
      this.call = call;
      place = operands.place(0);
      size = operands.insn().operandSize() >> 3;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long target = place.load(c, r);
      target(c, target);
      if (call) {
        StackAccess.push(c, r, size, nextPc(c, r));
      }
      c.pc = target;
      return engine.jump(c.linear(target));
    }

    @Override
    public boolean usesStack() {
      return call || place.stack();
    }
  }

  private static void target(Core c, long target) {
    if (c.mode == DecodeMode.LONG_64) {
      if (!Mmu.canonical(target)) {
        throw c.fault(ExceptionVector.GP, 0);
      }
    } else {
      limit(c, target);
    }
  }

  private static final class Return extends Node {
    private final Interpreter engine;
    private final int size;
    private final int release;

    Return(Interpreter engine, int size, int release) {
      this.engine = engine;
      this.size = size;
      this.release = release;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RSP];
      if (size == 8 && c.mode == DecodeMode.LONG_64) {
        long target = c.load64(pointer);
        if (!Mmu.canonical(target)) {
          throw c.fault(ExceptionVector.GP, 0);
        }
        r[CpuState.RSP] = pointer + 8 + release;
        return engine.jump(target);
      }
      long target = StackAccess.load(c, pointer, size);
      target(c, target);
      c.stackPointer(pointer + size + release);
      c.pc = target;
      return engine.resume();
    }

    @Override
    public boolean usesStack() {
      return true;
    }
  }

  static final int LOOP = 0;
  static final int LOOPE = 1;
  static final int LOOPNE = 2;
  static final int JCXZ = 3;

  private static final class Count extends Node {
    private final int kind;
    private final OperandPlace counter;
    private final Node jump;

    Count(Interpreter engine, CodePage page, Instruction insn, int kind, Node jump) {
      this.kind = kind;
      this.jump = jump;
      counter = new OperandPlace.Register(CpuState.RCX, insn.addressSize());
    }

    @Override
    public Node exec(Core c, long[] r) {
      jump.off = off;
      jump.end = end;
      jump.next = next;
      long count = counter.load(c, r);
      if (kind == JCXZ) {
        return count == 0 ? jump.exec(c, r) : next;
      }
      long less = count - 1;
      boolean again = counter instanceof OperandPlace.Register register && (less & register.mask) != 0
          && (kind == LOOP || kind == LOOPE == (c.zero == 0));
      Node to = again ? jump.exec(c, r) : next;
      counter.store(c, r, less);
      return to;
    }
  }
}
