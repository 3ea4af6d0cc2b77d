// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Mmu;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Mode;

/** Near jumps, calls and returns. */
final class X64BranchNodes {
  private final X64Interpreter engine;
  private final X64CodePage page;
  private final X64Operands operands;
  private final X64Instruction insn;
  private final int end;

  /** For one instruction. @param end offset in the page of the byte behind it */
  X64BranchNodes(X64Interpreter engine, X64CodePage page, X64Operands operands, int end) {
    this.engine = engine;
    this.page = page;
    this.operands = operands;
    this.end = end;
    insn = operands.insn();
  }

  /** Whether offsets of branches are linear addresses, and have the full size. */
  private boolean plain() {
    return insn.mode() == X64Mode.LONG_64 || page.flat && insn.operandSize() == 32;
  }

  X64Node jump() {
    return plain() ? new Jump(engine, page, end + insn.imm()) : new Relative(engine, insn, -1);
  }

  X64Node conditional(int condition) {
    return plain() ? new Conditional(engine, page, condition, end + insn.imm()) : new Relative(engine, insn, condition);
  }

  X64Node call() {
    return plain() ? new Call(engine, page, end + insn.imm()) : new RelativeCall(engine, insn);
  }

  X64Node indirect(boolean call) {
    return new Indirect(engine, operands, call);
  }

  X64Node ret(int release) {
    return new Return(engine, insn.operandSize() >> 3, release);
  }

  /** LOOP, LOOPE, LOOPNE and JCXZ. */
  X64Node count(int kind) {
    return new Count(engine, page, insn, kind, plain() ? new Jump(engine, page, end + insn.imm()) : new Relative(engine, insn, -1));
  }

  /** A target in the same page or elsewhere. */
  private abstract static class Direct extends X64Node {
    private final X64Interpreter engine;
    private final X64CodePage page;
    private final long distance;
    /** The target's node if it is in the same page, once it is known. */
    private X64Node target;

    /** @param distance of the target from the page's start */
    Direct(X64Interpreter engine, X64CodePage page, long distance) {
      this.engine = engine;
      this.page = page;
      this.distance = distance;
    }

    final X64Node taken(X64Core c, long[] r) {
      X64Node known = target;
      return known != null ? known : find(c, r);
    }

    private X64Node find(X64Core c, long[] r) {
      if (distance >= 0 && distance < 4096) {
        target = engine.inPage(page, (int) distance);
        if (target != null) {
          return target;
        }
      }
      return engine.jump(check(c, r));
    }

    /** The linear address of the target, which must be canonical. */
    final long check(X64Core c, long[] r) {
      long address = r[X64State.PAGE] + distance;
      if (page.mode != X64Mode.LONG_64) {
        return address & 0xFFFF_FFFFL;
      }
      if (!X64Mmu.canonical(address)) {
        throw c.fault(X64Vector.GP, 0);
      }
      return address;
    }
  }

  private static final class Jump extends Direct {
    Jump(X64Interpreter engine, X64CodePage page, long distance) {
      super(engine, page, distance);
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      return taken(c, r);
    }
  }

  private static final class Conditional extends Direct {
    private final int condition;

    Conditional(X64Interpreter engine, X64CodePage page, int condition, long distance) {
      super(engine, page, distance);
      this.condition = condition;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      return X64Arithmetic.holds(c, condition) ? taken(c, r) : next;
    }
  }

  private static final class Call extends Direct {
    Call(X64Interpreter engine, X64CodePage page, long distance) {
      super(engine, page, distance);
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      check(c, r);
      X64Stack.push(c, r, c.mode == X64Mode.LONG_64 ? 8 : 4, nextPc(c, r));
      return taken(c, r);
    }

    @Override
    public boolean usesStack() {
      return true;
    }
  }

  /** Where offsets aren't linear addresses, or are cut to 16 bits. */
  private static final class Relative extends X64Node {
    private final X64Interpreter engine;
    private final int condition;
    private final long distance;
    private final long mask;

    Relative(X64Interpreter engine, X64Instruction insn, int condition) {
      this.engine = engine;
      this.condition = condition;
      distance = insn.imm();
      mask = insn.operandSize() == 16 ? 0xFFFF : 0xFFFF_FFFFL;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      if (condition >= 0 && !X64Arithmetic.holds(c, condition)) {
        return next;
      }
      long target = nextPc(c, r) + distance & mask;
      limit(c, target);
      c.pc = target;
      return engine.resume();
    }
  }

  private static void limit(X64Core c, long target) {
    if (target > c.limit[X64State.CS]) {
      throw c.fault(X64Vector.GP, 0);
    }
  }

  private static final class RelativeCall extends X64Node {
    private final X64Interpreter engine;
    private final long distance;
    private final int size;

    RelativeCall(X64Interpreter engine, X64Instruction insn) {
      this.engine = engine;
      distance = insn.imm();
      size = insn.operandSize() >> 3;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long from = nextPc(c, r);
      long target = from + distance & (size == 2 ? 0xFFFF : 0xFFFF_FFFFL);
      limit(c, target);
      X64Stack.push(c, r, size, from);
      c.pc = target;
      return engine.resume();
    }
  }

  /** Through a register or memory. */
  private static final class Indirect extends X64Node {
    private final X64Interpreter engine;
    private final X64Place place;
    private final boolean call;
    private final int size;

    Indirect(X64Interpreter engine, X64Operands operands, boolean call) {
      this.engine = engine;
      this.call = call;
      place = operands.place(0);
      size = operands.insn().operandSize() >> 3;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long target = place.load(c, r);
      target(c, target);
      if (call) {
        X64Stack.push(c, r, size, nextPc(c, r));
      }
      c.pc = target;
      return engine.jump(c.linear(target));
    }

    @Override
    public boolean usesStack() {
      return call || place.stack();
    }
  }

  private static void target(X64Core c, long target) {
    if (c.mode == X64Mode.LONG_64) {
      if (!X64Mmu.canonical(target)) {
        throw c.fault(X64Vector.GP, 0);
      }
    } else {
      limit(c, target);
    }
  }

  private static final class Return extends X64Node {
    private final X64Interpreter engine;
    private final int size;
    private final int release;

    Return(X64Interpreter engine, int size, int release) {
      this.engine = engine;
      this.size = size;
      this.release = release;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long pointer = r[X64State.RSP];
      if (size == 8 && c.mode == X64Mode.LONG_64) {
        long target = c.load64(pointer);
        if (!X64Mmu.canonical(target)) {
          throw c.fault(X64Vector.GP, 0);
        }
        r[X64State.RSP] = pointer + 8 + release;
        return engine.jump(target);
      }
      long target = X64Stack.load(c, pointer, size);
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

  private static final class Count extends X64Node {
    private final int kind;
    private final X64Place counter;
    private final X64Node jump;

    Count(X64Interpreter engine, X64CodePage page, X64Instruction insn, int kind, X64Node jump) {
      this.kind = kind;
      this.jump = jump;
      counter = new X64Place.Register(X64State.RCX, insn.addressSize());
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      jump.off = off;
      jump.end = end;
      jump.next = next;
      long count = counter.load(c, r);
      if (kind == JCXZ) {
        return count == 0 ? jump.exec(c, r) : next;
      }
      long less = count - 1;
      boolean again = counter instanceof X64Place.Register register && (less & register.mask) != 0
          && (kind == LOOP || kind == LOOPE == (c.zero == 0));
      X64Node to = again ? jump.exec(c, r) : next;
      counter.store(c, r, less);
      return to;
    }
  }
}
