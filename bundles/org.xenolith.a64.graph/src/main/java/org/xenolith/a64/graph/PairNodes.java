// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Loads and stores of two general registers. */
final class PairNodes {
  private PairNodes() {}

  private abstract static class Pair extends Node {
    int rt;
    int rt2;
    int rn;
    long imm;
    long step;
    private long stack;

    final Node of(int rt, int rt2, int rn, long imm, long step) {
      this.rt = rt;
      this.stack = rn == Cpu.SP ? 15 : 0;
      this.rt2 = rt2;
      this.rn = rn;
      this.imm = imm;
      this.step = step;
      return this;
    }

    final long base(Cpu c, long[] x) {
      long base = x[rn];
      if ((base & stack) != 0) {
        c.memory.checkStack();
      }
      return base;
    }
  }

  private static final class LoadDouble extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long va = base(c, x) + imm;
      long first = Access.load64(c, va);
      long second = Access.load64(c, va + 8);
      x[rt] = first;
      x[rt2] = second;
      return next;
    }
  }

  private static final class LoadIndexedDouble extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long va = base + imm;
      long first = Access.load64(c, va);
      long second = Access.load64(c, va + 8);
      x[rn] = base + step;
      x[rt] = first;
      x[rt2] = second;
      return next;
    }
  }

  private static final class StoreDouble extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long va = base(c, x) + imm;
      Access.store64(c, va, x[rt]);
      Access.store64(c, va + 8, x[rt2]);
      return next;
    }
  }

  private static final class StoreIndexedDouble extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long va = base + imm;
      Access.store64(c, va, x[rt]);
      Access.store64(c, va + 8, x[rt2]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class LoadWord extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long va = base(c, x) + imm;
      long first = Access.load32(c, va);
      long second = Access.load32(c, va + 4);
      x[rt] = first;
      x[rt2] = second;
      return next;
    }
  }

  private static final class LoadIndexedWord extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long va = base + imm;
      long first = Access.load32(c, va);
      long second = Access.load32(c, va + 4);
      x[rn] = base + step;
      x[rt] = first;
      x[rt2] = second;
      return next;
    }
  }

  private static final class StoreWord extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long va = base(c, x) + imm;
      Access.store32(c, va, x[rt]);
      Access.store32(c, va + 4, x[rt2]);
      return next;
    }
  }

  private static final class StoreIndexedWord extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long va = base + imm;
      Access.store32(c, va, x[rt]);
      Access.store32(c, va + 4, x[rt2]);
      x[rn] = base + step;
      return next;
    }
  }

  private static final class LoadSignedWord extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long va = base(c, x) + imm;
      long first = (int) Access.load32(c, va);
      long second = (int) Access.load32(c, va + 4);
      x[rt] = first;
      x[rt2] = second;
      return next;
    }
  }

  private static final class LoadIndexedSignedWord extends Pair {
    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long va = base + imm;
      long first = (int) Access.load32(c, va);
      long second = (int) Access.load32(c, va + 4);
      x[rn] = base + step;
      x[rt] = first;
      x[rt2] = second;
      return next;
    }
  }

  /** Makes the node, or null if the form is another class's. */
  static @Nullable Node create(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rn = Fields.rn(word);
    int to = Registers.target(Fields.rt(word));
    int to2 = Registers.target(Fields.rt2(word));
    int from = Registers.source(Fields.rt(word));
    int from2 = Registers.source(Fields.rt2(word));
    long imm = (long) Fields.simm7(word) << (wide ? 3 : 2);
    return switch (insn) {
      case LDP_OFFSET, LDNP -> wide ? new LoadDouble().of(to, to2, rn, imm, 0) : new LoadWord().of(to, to2, rn, imm, 0);
      case STP_OFFSET, STNP -> wide ? new StoreDouble().of(from, from2, rn, imm, 0) : new StoreWord().of(from, from2, rn, imm, 0);
      case LDP_POST -> wide ? new LoadIndexedDouble().of(to, to2, rn, 0, imm) : new LoadIndexedWord().of(to, to2, rn, 0, imm);
      case LDP_PRE -> wide ? new LoadIndexedDouble().of(to, to2, rn, imm, imm) : new LoadIndexedWord().of(to, to2, rn, imm, imm);
      case STP_POST -> wide ? new StoreIndexedDouble().of(from, from2, rn, 0, imm)
          : new StoreIndexedWord().of(from, from2, rn, 0, imm);
      case STP_PRE -> wide ? new StoreIndexedDouble().of(from, from2, rn, imm, imm)
          : new StoreIndexedWord().of(from, from2, rn, imm, imm);
      case LDPSW_OFFSET -> new LoadSignedWord().of(to, to2, rn, imm, 0);
      case LDPSW_POST -> new LoadIndexedSignedWord().of(to, to2, rn, 0, imm);
      case LDPSW_PRE -> new LoadIndexedSignedWord().of(to, to2, rn, imm, imm);
      default -> null;
    };
  }
}
