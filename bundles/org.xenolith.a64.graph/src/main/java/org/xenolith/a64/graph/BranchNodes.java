// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.arm.api.CpuMonitor;

/** Branches: direct ones hold their target's node if it is on the same page. */
final class BranchNodes {
  private BranchNodes() {}

  /** A branch to a fixed target. */
  private abstract static class Direct extends Node {
    Interpreter engine;
    private CodePage home;
    /** Relative to the page; outside of 0 to 4095 on another page. */
    private long target;
    /** The target's node once it is known, if it is on the same page. */
    private Node taken;

    final Node of(Interpreter engine, CodePage home, long target) {
      this.engine = engine;
      this.home = home;
      this.target = target;
      return this;
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
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero == 0 ? take(c) : next;
    }
  }

  private static final class NotEqual extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero != 0 ? take(c) : next;
    }
  }

  private static final class CarrySet extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry != 0 ? take(c) : next;
    }
  }

  private static final class CarryClear extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry == 0 ? take(c) : next;
    }
  }

  private static final class Minus extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.negative < 0 ? take(c) : next;
    }
  }

  private static final class Plus extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.negative >= 0 ? take(c) : next;
    }
  }

  private static final class Overflow extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.overflow < 0 ? take(c) : next;
    }
  }

  private static final class NoOverflow extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.overflow >= 0 ? take(c) : next;
    }
  }

  private static final class Higher extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry != 0 && c.zero != 0 ? take(c) : next;
    }
  }

  private static final class LowerOrSame extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.carry == 0 || c.zero == 0 ? take(c) : next;
    }
  }

  private static final class GreaterOrEqual extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return (c.negative ^ c.overflow) >= 0 ? take(c) : next;
    }
  }

  private static final class Less extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return (c.negative ^ c.overflow) < 0 ? take(c) : next;
    }
  }

  private static final class Greater extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero != 0 && (c.negative ^ c.overflow) >= 0 ? take(c) : next;
    }
  }

  private static final class LessOrEqual extends Direct {
    @Override
    public Node exec(Cpu c, long[] x) {
      return c.zero == 0 || (c.negative ^ c.overflow) < 0 ? take(c) : next;
    }
  }

  private static final class Zero64 extends Direct {
    private final int rt;

    Zero64(Interpreter engine, CodePage home, long target, int rt) {
      of(engine, home, target);
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
      of(engine, home, target);
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
      of(engine, home, target);
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
      of(engine, home, target);
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
      of(engine, home, target);
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
      of(engine, home, target);
      this.rt = rt;
      this.mask = mask;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      return (x[rt] & mask) != 0 ? take(c) : next;
    }
  }

  private abstract static class Indirect extends Node {
    Interpreter engine;
    int rn;

    final Node of(Interpreter engine, int rn) {
      this.engine = engine;
      this.rn = rn;
      return this;
    }

    @Override
    int branch(Node to, int level) {
      return CpuMonitor.TAKEN;
    }
  }

  private static final class Return extends Indirect {
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
    @Override
    public Node exec(Cpu c, long[] x) {
      return engine.jump(x[rn]);
    }
  }

  private static final class Call extends Indirect {
    @Override
    public Node exec(Cpu c, long[] x) {
      long target = x[rn];
      x[30] = c.page + off + 4;
      return engine.jump(target);
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Interpreter engine, CodePage page, Insn insn, int word, int off) {
    int rt = Registers.source(Fields.rt(word));
    int rn = Registers.source(Fields.rn(word));
    boolean wide = Fields.sf(word);
    long near = off + Fields.rel19(word);
    return switch (insn) {
      case B -> new Always().of(engine, page, off + Fields.rel26(word));
      case BL -> new Link().of(engine, page, off + Fields.rel26(word));
      case B_COND -> conditional(engine, page, near, Fields.branchCond(word));
      case CBZ -> wide ? new Zero64(engine, page, near, rt) : new Zero32(engine, page, near, rt);
      case CBNZ -> wide ? new NotZero64(engine, page, near, rt) : new NotZero32(engine, page, near, rt);
      case TBZ -> new BitClear(engine, page, off + Fields.rel14(word), rt, 1L << Fields.testBit(word));
      case TBNZ -> new BitSet(engine, page, off + Fields.rel14(word), rt, 1L << Fields.testBit(word));
      case BR -> new Jump().of(engine, rn);
      case RET -> new Return().of(engine, rn);
      case BLR -> new Call().of(engine, rn);
      default -> null;
    };
  }

  private static Node conditional(Interpreter engine, CodePage page, long target, int cond) {
    return switch (cond) {
      case 0 -> new Equal().of(engine, page, target);
      case 1 -> new NotEqual().of(engine, page, target);
      case 2 -> new CarrySet().of(engine, page, target);
      case 3 -> new CarryClear().of(engine, page, target);
      case 4 -> new Minus().of(engine, page, target);
      case 5 -> new Plus().of(engine, page, target);
      case 6 -> new Overflow().of(engine, page, target);
      case 7 -> new NoOverflow().of(engine, page, target);
      case 8 -> new Higher().of(engine, page, target);
      case 9 -> new LowerOrSame().of(engine, page, target);
      case 10 -> new GreaterOrEqual().of(engine, page, target);
      case 11 -> new Less().of(engine, page, target);
      case 12 -> new Greater().of(engine, page, target);
      case 13 -> new LessOrEqual().of(engine, page, target);
      default -> new Always().of(engine, page, target);
    };
  }
}
