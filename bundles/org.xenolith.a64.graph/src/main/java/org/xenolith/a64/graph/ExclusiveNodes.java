// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.AtomicOperation;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Exclusive, ordered and atomic accesses of general registers. */
final class ExclusiveNodes {
  private ExclusiveNodes() {}

  private abstract static class Exclusive extends Node {
    int rs;
    int rt;
    int rt2;
    int rn;
    int size;

    final Node of(int rs, int rt, int rt2, int rn, int size) {
      this.rs = rs;
      this.rt = rt;
      this.rt2 = rt2;
      this.rn = rn;
      this.size = size;
      return this;
    }

    final long base(Cpu c, long[] x) {
      long base = x[rn];
      if (rn == Cpu.SP && (base & 15) != 0) {
        c.memory.checkStack();
      }
      return base;
    }
  }

  private static final class Load extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = c.memory.loadExclusive(base(c, x), size);
      return next;
    }
  }

  private static final class LoadWords extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      long both = c.memory.loadExclusive(base(c, x), 8);
      x[rt] = both & 0xFFFF_FFFFL;
      x[rt2] = both >>> 32;
      return next;
    }
  }

  private static final class LoadDoubles extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      long low = c.memory.loadExclusivePair(base(c, x));
      x[rt] = low;
      x[rt2] = c.memory.high;
      return next;
    }
  }

  private static final class Store extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rs] = c.memory.storeExclusive(base(c, x), size, x[rt]);
      return next;
    }
  }

  private static final class StoreWords extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      long both = x[rt] & 0xFFFF_FFFFL | x[rt2] << 32;
      x[rs] = c.memory.storeExclusive(base(c, x), 8, both);
      return next;
    }
  }

  private static final class StoreDoubles extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rs] = c.memory.storeExclusivePair(base(c, x), x[rt], x[rt2]);
      return next;
    }
  }

  private static final class LoadOrdered extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = c.memory.readAligned(base(c, x), size);
      return next;
    }
  }

  private static final class StoreOrdered extends Exclusive {
    @Override
    public Node exec(Cpu c, long[] x) {
      c.memory.writeAligned(base(c, x), size, x[rt]);
      return next;
    }
  }

  private abstract static class Atomic extends Node {
    int rs;
    int rt;
    int rn;
    int size;
    AtomicOperation operation;

    final Node of(int rs, int rt, int rn, int size, @Nullable AtomicOperation operation) {
      this.rs = rs;
      this.rt = rt;
      this.rn = rn;
      this.size = size;
      this.operation = operation;
      return this;
    }

    final long base(Cpu c, long[] x) {
      long base = x[rn];
      if (rn == Cpu.SP && (base & 15) != 0) {
        c.memory.checkStack();
      }
      return base;
    }
  }

  private static final class ReadModifyWrite extends Atomic {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rt] = c.memory.atomic(base(c, x), size, operation, x[rs]);
      return next;
    }
  }

  private static final class CompareSwap extends Atomic {
    @Override
    public Node exec(Cpu c, long[] x) {
      x[rs] = c.memory.compareAndSwap(base(c, x), size, x[rs], x[rt]);
      return next;
    }
  }

  private static final class CompareSwapWords extends Atomic {
    @Override
    public Node exec(Cpu c, long[] x) {
      long expected = x[rs] & 0xFFFF_FFFFL | x[odd(rs)] << 32;
      long replacement = x[rt] & 0xFFFF_FFFFL | x[odd(rt)] << 32;
      long old = c.memory.compareAndSwap(base(c, x), 8, expected, replacement);
      x[rs] = old & 0xFFFF_FFFFL;
      x[oddTarget(rs)] = old >>> 32;
      return next;
    }
  }

  private static final class CompareSwapDoubles extends Atomic {
    @Override
    public Node exec(Cpu c, long[] x) {
      long low = c.memory.compareAndSwapPair(base(c, x), x[rs], x[odd(rs)], x[rt], x[odd(rt)]);
      x[rs] = low;
      x[oddTarget(rs)] = c.memory.high;
      return next;
    }
  }

  /** Whether it is a load-exclusive. */
  static boolean loads(Node node) {
    return node instanceof Load || node instanceof LoadWords || node instanceof LoadDoubles;
  }

  /** The register after an even one, as a source; register 31 is XZR. */
  private static int odd(int even) {
    return Registers.source(even + 1);
  }

  private static int oddTarget(int even) {
    return Registers.target(even + 1);
  }

  /** Makes the node, or null if the form is another class's. */
  static Node create(Insn insn, int word) {
    int size = 1 << Fields.size(word);
    int rn = Fields.rn(word);
    int status = Registers.target(Fields.rs(word));
    int to = Registers.target(Fields.rt(word));
    int to2 = Registers.target(Fields.rt2(word));
    int from = Registers.source(Fields.rt(word));
    int from2 = Registers.source(Fields.rt2(word));
    boolean doubles = (word & 1 << 30) != 0;
    return switch (insn) {
      case LDXR, LDAXR -> new Load().of(0, to, 0, rn, size);
      case STXR, STLXR -> new Store().of(status, from, 0, rn, size);
      case LDXP, LDAXP -> doubles ? new LoadDoubles().of(0, to, to2, rn, 16) : new LoadWords().of(0, to, to2, rn, 8);
      case STXP, STLXP -> doubles ? new StoreDoubles().of(status, from, from2, rn, 16)
          : new StoreWords().of(status, from, from2, rn, 8);
      case LDAR, LDLAR, LDAPR -> new LoadOrdered().of(0, to, 0, rn, size);
      case STLR, STLLR -> new StoreOrdered().of(0, from, 0, rn, size);
      default -> atomic(insn, word);
    };
  }

  private static @Nullable Node atomic(Insn insn, int word) {
    int size = 1 << Fields.size(word);
    int rn = Fields.rn(word);
    int rs = Fields.rs(word);
    int to = Registers.target(Fields.rt(word));
    int rt = Fields.rt(word);
    AtomicOperation operation = switch (insn) {
      case LDADD -> AtomicOperation.ADD;
      case LDCLR -> AtomicOperation.CLEAR;
      case LDEOR -> AtomicOperation.EXCLUSIVE_OR;
      case LDSET -> AtomicOperation.SET;
      case LDSMAX -> AtomicOperation.SIGNED_MAXIMUM;
      case LDSMIN -> AtomicOperation.SIGNED_MINIMUM;
      case LDUMAX -> AtomicOperation.UNSIGNED_MAXIMUM;
      case LDUMIN -> AtomicOperation.UNSIGNED_MINIMUM;
      case SWP -> AtomicOperation.SWAP;
      default -> null;
    };
    if (operation != null) {
      return new ReadModifyWrite().of(Registers.source(rs), to, rn, size, operation);
    }
    return switch (insn) {
      case CAS -> rs == 31 ? new CompareSwapZero(Registers.source(rt), rn, size)
          : new CompareSwap().of(rs, Registers.source(rt), rn, size, null);
      case CASP -> (word & 1 << 30) != 0 ? new CompareSwapDoubles().of(rs, rt, rn, 16, null)
          : new CompareSwapWords().of(rs, rt, rn, 8, null);
      default -> null;
    };
  }

  /** CAS that compares with XZR and drops what it read. */
  private static final class CompareSwapZero extends Node {
    private final int rt;
    private final int rn;
    private final int size;

    CompareSwapZero(int rt, int rn, int size) {
      this.rt = rt;
      this.rn = rn;
      this.size = size;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (rn == Cpu.SP && (x[rn] & 15) != 0) {
        c.memory.checkStack();
      }
      c.memory.compareAndSwap(x[rn], size, 0, x[rt]);
      return next;
    }
  }
}
