// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.arm.api.CpuMonitor;

/** Branches: direct ones hold their target's node if it is on the same page. */
final class BranchNodes {
  private BranchNodes() {}

  /** A branch to a fixed target. */
  private abstract static class Direct extends Node {
    final Interpreter engine;
    private final CodePage home;
    /** Relative to the page; outside of 0 to 4095 on another page. */
    private final long target;
    /** The target's node once it is known, if it is on the same page. */
    private Node taken;

    Direct(Interpreter engine, CodePage home, long target) {
      this.engine = engine;
      this.home = home;
      this.target = target;
    }

    final Node take(Cpu c) {
      Node node = taken;
      return node != null ? node : resolve(c);
    }

    private Node resolve(Cpu c) {
      if ((target & -4096) == 0) {
        Node node = engine.target(home, (int) target);
        if (node != null) {
          taken = node;
          return node;
        }
      }
      return engine.jump(c.page + target);
    }

    @Override
    int branch(Node to, int level) {
      // Where a conditional branch leads to the next instruction, the nodes of both ways are one.
      boolean taken = target != off + 4 && to.plain() != next.plain();
      return CpuMonitor.IMMEDIATE | (taken ? CpuMonitor.TAKEN : 0);
    }
  }

  private static final class Always extends Direct {
    Always(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    int branch(Node to, int level) {
      return CpuMonitor.IMMEDIATE | CpuMonitor.TAKEN;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return take(c);
    }
  }

  private static final class Link extends Direct {
    Link(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      x[30] = c.page + off + 4;
      return take(c);
    }

    @Override
    int branch(Node to, int level) {
      return CpuMonitor.IMMEDIATE | CpuMonitor.TAKEN;
    }
  }

  private static final class Equal extends Direct {
    Equal(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero == 0 ? take(c) : next;
    }
  }

  private static final class NotEqual extends Direct {
    NotEqual(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero != 0 ? take(c) : next;
    }
  }

  private static final class CarrySet extends Direct {
    CarrySet(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry != 0 ? take(c) : next;
    }
  }

  private static final class CarryClear extends Direct {
    CarryClear(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry == 0 ? take(c) : next;
    }
  }

  private static final class Minus extends Direct {
    Minus(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.negative < 0 ? take(c) : next;
    }
  }

  private static final class Plus extends Direct {
    Plus(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.negative >= 0 ? take(c) : next;
    }
  }

  private static final class Overflow extends Direct {
    Overflow(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.overflow < 0 ? take(c) : next;
    }
  }

  private static final class NoOverflow extends Direct {
    NoOverflow(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.overflow >= 0 ? take(c) : next;
    }
  }

  private static final class Higher extends Direct {
    Higher(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry != 0 && c.zero != 0 ? take(c) : next;
    }
  }

  private static final class LowerOrSame extends Direct {
    LowerOrSame(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry == 0 || c.zero == 0 ? take(c) : next;
    }
  }

  private static final class GreaterOrEqual extends Direct {
    GreaterOrEqual(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return (c.negative ^ c.overflow) >= 0 ? take(c) : next;
    }
  }

  private static final class Less extends Direct {
    Less(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return (c.negative ^ c.overflow) < 0 ? take(c) : next;
    }
  }

  private static final class Greater extends Direct {
    Greater(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero != 0 && (c.negative ^ c.overflow) >= 0 ? take(c) : next;
    }
  }

  private static final class LessOrEqual extends Direct {
    LessOrEqual(Interpreter engine, CodePage home, long target) {
      super(engine, home, target);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero == 0 || (c.negative ^ c.overflow) < 0 ? take(c) : next;
    }
  }

  private static final class Zero64 extends Direct {
    private final int rt;

    Zero64(Interpreter engine, CodePage home, long target, int rt) {
      super(engine, home, target);
      this.rt = rt;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return x[rt] == 0 ? take(c) : next;
    }
  }

  private static final class Zero32 extends Direct {
    private final int rt;

    Zero32(Interpreter engine, CodePage home, long target, int rt) {
      super(engine, home, target);
      this.rt = rt;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return (int) x[rt] == 0 ? take(c) : next;
    }
  }

  private static final class NotZero64 extends Direct {
    private final int rt;

    NotZero64(Interpreter engine, CodePage home, long target, int rt) {
      super(engine, home, target);
      this.rt = rt;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return x[rt] != 0 ? take(c) : next;
    }
  }

  private static final class NotZero32 extends Direct {
    private final int rt;

    NotZero32(Interpreter engine, CodePage home, long target, int rt) {
      super(engine, home, target);
      this.rt = rt;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return (int) x[rt] != 0 ? take(c) : next;
    }
  }

  private static final class BitClear extends Direct {
    private final int rt;
    private final long mask;

    BitClear(Interpreter engine, CodePage home, long target, int rt, long mask) {
      super(engine, home, target);
      this.rt = rt;
      this.mask = mask;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return (x[rt] & mask) == 0 ? take(c) : next;
    }
  }

  private static final class BitSet extends Direct {
    private final int rt;
    private final long mask;

    BitSet(Interpreter engine, CodePage home, long target, int rt, long mask) {
      super(engine, home, target);
      this.rt = rt;
      this.mask = mask;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return (x[rt] & mask) != 0 ? take(c) : next;
    }
  }

  private abstract static class Indirect extends Node {
    final Interpreter engine;
    final int rn;

    Indirect(Interpreter engine, int rn) {
      this.engine = engine;
      this.rn = rn;
    }

    @Override
    int branch(Node to, int level) {
      return CpuMonitor.TAKEN;
    }
  }

  private static final class Return extends Indirect {
    Return(Interpreter engine, int rn) {
      super(engine, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return engine.jump(x[rn]);
    }

    @Override
    int branch(Node to, int level) {
      return CpuMonitor.RETURN | CpuMonitor.TAKEN;
    }
  }

  private static final class Jump extends Indirect {
    Jump(Interpreter engine, int rn) {
      super(engine, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return engine.jump(x[rn]);
    }
  }

  private static final class Call extends Indirect {
    Call(Interpreter engine, int rn) {
      super(engine, rn);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long target = x[rn];
      x[30] = c.page + off + 4;
      return engine.jump(target);
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Interpreter engine, CodePage page, Insn insn, int word, int off) {
    int rt = Registers.source(Fields.rt(word));
    int rn = Registers.source(Fields.rn(word));
    boolean wide = Fields.sf(word);
    long near = off + Fields.rel19(word);
    return switch (insn) {
      case B -> new Always(engine, page, off + Fields.rel26(word));
      case BL -> new Link(engine, page, off + Fields.rel26(word));
      case B_COND -> conditional(engine, page, near, Fields.branchCond(word));
      case CBZ -> wide ? new Zero64(engine, page, near, rt) : new Zero32(engine, page, near, rt);
      case CBNZ -> wide ? new NotZero64(engine, page, near, rt) : new NotZero32(engine, page, near, rt);
      case TBZ -> new BitClear(engine, page, off + Fields.rel14(word), rt, 1L << Fields.testBit(word));
      case TBNZ -> new BitSet(engine, page, off + Fields.rel14(word), rt, 1L << Fields.testBit(word));
      case BR -> new Jump(engine, rn);
      case RET -> new Return(engine, rn);
      case BLR -> new Call(engine, rn);
      default -> null;
    };
  }

  private static Node conditional(Interpreter engine, CodePage page, long target, int cond) {
    return switch (cond) {
      case 0 -> new Equal(engine, page, target);
      case 1 -> new NotEqual(engine, page, target);
      case 2 -> new CarrySet(engine, page, target);
      case 3 -> new CarryClear(engine, page, target);
      case 4 -> new Minus(engine, page, target);
      case 5 -> new Plus(engine, page, target);
      case 6 -> new Overflow(engine, page, target);
      case 7 -> new NoOverflow(engine, page, target);
      case 8 -> new Higher(engine, page, target);
      case 9 -> new LowerOrSame(engine, page, target);
      case 10 -> new GreaterOrEqual(engine, page, target);
      case 11 -> new Less(engine, page, target);
      case 12 -> new Greater(engine, page, target);
      case 13 -> new LessOrEqual(engine, page, target);
      default -> new Always(engine, page, target);
    };
  }
}
