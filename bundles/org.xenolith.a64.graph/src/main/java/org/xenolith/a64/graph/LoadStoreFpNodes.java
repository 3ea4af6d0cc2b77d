// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.xenolith.a64.isa.Fields.imm12;
import static org.xenolith.a64.isa.Fields.option;
import static org.xenolith.a64.isa.Fields.rel19;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.a64.isa.Fields.rt;
import static org.xenolith.a64.isa.Fields.rt2;
import static org.xenolith.a64.isa.Fields.simm7;
import static org.xenolith.a64.isa.Fields.simm9;
import static org.xenolith.a64.isa.Fields.size;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Insn;

/** Loads and stores of one or two vector registers. */
final class LoadStoreFpNodes {
  private LoadStoreFpNodes() {}

  /** The node of a word of group LOAD_STORE_FP. */
  static Node create(Insn insn, int word) {
    // opc<1> says that it is a 128-bit register.
    int size = size(word) + ((word & 1 << 23) != 0 ? 4 : 0);
    return switch (insn) {
      case STR_FP_IMM_UNSIGNED, STUR_FP -> {
        long offset = insn == Insn.STUR_FP ? simm9(word) : (long) imm12(word) << size;
        yield size == 4 ? new Store128(word, offset) : size == 3 ? new Store64(word, offset)
            : new Store(word, size, offset, 0);
      }
      case LDR_FP_IMM_UNSIGNED, LDUR_FP -> {
        long offset = insn == Insn.LDUR_FP ? simm9(word) : (long) imm12(word) << size;
        yield size == 4 ? new Load128(word, offset) : size == 3 ? new Load64(word, offset) : new Load(word, size, offset, 0);
      }
      case STR_FP_IMM_PRE -> new Store(word, size, simm9(word), simm9(word));
      case LDR_FP_IMM_PRE -> new Load(word, size, simm9(word), simm9(word));
      case STR_FP_IMM_POST -> new Store(word, size, 0, simm9(word));
      case LDR_FP_IMM_POST -> new Load(word, size, 0, simm9(word));
      case STR_FP_REG, LDR_FP_REG -> new Indexed(word, size, insn == Insn.LDR_FP_REG);
      case LDR_FP_LITERAL -> new Literal(rt(word), size(word) + 2, rel19(word));
      default -> pair(insn, word);
    };
  }

  private static @Nullable Node pair(Insn insn, int word) {
    int size = size(word) + 2;
    long offset = (long) simm7(word) << size;
    return switch (insn) {
      case STNP_FP, STP_FP_OFFSET -> new StorePair(word, size, offset, 0);
      case LDNP_FP, LDP_FP_OFFSET -> new LoadPair(word, size, offset, 0);
      case STP_FP_PRE -> new StorePair(word, size, offset, offset);
      case LDP_FP_PRE -> new LoadPair(word, size, offset, offset);
      case STP_FP_POST -> new StorePair(word, size, 0, offset);
      case LDP_FP_POST -> new LoadPair(word, size, 0, offset);
      default -> null;
    };
  }

  /** An access relative to a base register. */
  abstract static class Based extends Node {
    final int t;
    final int n;
    final long offset;

    Based(int word, long offset) {
      t = 2 * rt(word);
      n = rn(word);
      this.offset = offset;
    }

    /** The base, after the checks that come before any access. */
    final long base(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long base = x[n];
      if (n == Cpu.SP && (base & 15) != 0) {
        c.memory.checkStack();
      }
      return base;
    }
  }

  static final class Load extends Based {
    private final int size;
    private final long step;

    Load(int word, int size, long offset, long step) {
      super(word, offset);
      this.size = size;
      this.step = step;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      VectorAccess.load(c, base + offset, size, t);
      x[n] = base + step;
      return next;
    }
  }

  static final class Store extends Based {
    private final int size;
    private final long step;

    Store(int word, int size, long offset, long step) {
      super(word, offset);
      this.size = size;
      this.step = step;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      VectorAccess.store(c, base + offset, size, t);
      x[n] = base + step;
      return next;
    }
  }

  static final class Load64 extends Based {
    Load64(int word, long offset) {
      super(word, offset);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      c.v[t] = Access.load64(c, base(c, x) + offset);
      c.v[t + 1] = 0;
      return next;
    }
  }

  static final class Store64 extends Based {
    Store64(int word, long offset) {
      super(word, offset);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      Access.store64(c, base(c, x) + offset, c.v[t]);
      return next;
    }
  }

  static final class Load128 extends Based {
    Load128(int word, long offset) {
      super(word, offset);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      VectorAccess.load128(c, base(c, x) + offset, t);
      return next;
    }
  }

  static final class Store128 extends Based {
    Store128(int word, long offset) {
      super(word, offset);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      VectorAccess.store128(c, base(c, x) + offset, t);
      return next;
    }
  }

  static final class LoadPair extends Based {
    private final int t2;
    private final int size;
    private final long step;

    LoadPair(int word, int size, long offset, long step) {
      super(word, offset);
      t2 = 2 * rt2(word);
      this.size = size;
      this.step = step;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long va = base + offset;
      if (size == 4) {
        VectorAccess.load128(c, va, t);
        VectorAccess.load128(c, va + 16, t2);
      } else {
        VectorAccess.load(c, va, size, t);
        VectorAccess.load(c, va + (1 << size), size, t2);
      }
      x[n] = base + step;
      return next;
    }
  }

  static final class StorePair extends Based {
    private final int t2;
    private final int size;
    private final long step;

    StorePair(int word, int size, long offset, long step) {
      super(word, offset);
      t2 = 2 * rt2(word);
      this.size = size;
      this.step = step;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long base = base(c, x);
      long va = base + offset;
      if (size == 4) {
        VectorAccess.store128(c, va, t);
        VectorAccess.store128(c, va + 16, t2);
      } else {
        VectorAccess.store(c, va, size, t);
        VectorAccess.store(c, va + (1 << size), size, t2);
      }
      x[n] = base + step;
      return next;
    }
  }

  /** Base plus an extended index register. */
  static final class Indexed extends Based {
    private final int m;
    private final int option;
    private final int shift;
    private final int size;
    private final boolean load;

    Indexed(int word, int size, boolean load) {
      super(word, 0);
      m = Registers.source(rm(word));
      option = option(word);
      shift = (word & 1 << 12) != 0 ? size : 0;
      this.size = size;
      this.load = load;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      long va = base(c, x) + (Registers.extend(x[m], option) << shift);
      if (load) {
        VectorAccess.load(c, va, size, t);
      } else {
        VectorAccess.store(c, va, size, t);
      }
      return next;
    }
  }

  /** Relative to the instruction. */
  static final class Literal extends Node {
    private final int t;
    private final int size;
    private final long offset;

    Literal(int t, int size, long offset) {
      this.t = 2 * t;
      this.size = size;
      this.offset = offset;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      VectorAccess.load(c, c.page + off + offset, size, t);
      return next;
    }
  }
}
