// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.xenolith.a64.isa.Fields.ra;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.fp.Fp64;
import org.xenolith.a64.isa.Insn;

/** The arithmetic on doubles that programs spend their time in: a class for each, so that nothing is dispatched twice. */
final class DoubleNodes {
  private DoubleNodes() {}

  /** The node of a double-precision word; null if the form has none here. */
  static @Nullable Node create(Insn insn, int word) {
    return switch (insn) {
      case FADD_SCALAR -> new Add().of(word);
      case FSUB_SCALAR -> new Subtract().of(word);
      case FMUL_SCALAR -> new Multiply().of(word);
      case FDIV_SCALAR -> new Divide().of(word);
      case FMADD -> new MultiplyAdd(word);
      case FMSUB -> new MultiplySubtract(word);
      case FMOV_SCALAR -> new Move().of(word);
      default -> null;
    };
  }

  private abstract static class Operands extends Node {
    int d;
    int n;
    int m;

    final Node of(int word) {
      d = 2 * rd(word);
      n = 2 * rn(word);
      m = 2 * rm(word);
      return this;
    }
  }

  private static final class Add extends Operands {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = Fp64.add(v[n], v[m], c.fpcr, c.fp);
      v[d + 1] = 0;
      return next;
    }
  }

  private static final class Subtract extends Operands {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = Fp64.sub(v[n], v[m], c.fpcr, c.fp);
      v[d + 1] = 0;
      return next;
    }
  }

  private static final class Multiply extends Operands {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = Fp64.mul(v[n], v[m], c.fpcr, c.fp);
      v[d + 1] = 0;
      return next;
    }
  }

  private static final class Divide extends Operands {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = Fp64.div(v[n], v[m], c.fpcr, c.fp);
      v[d + 1] = 0;
      return next;
    }
  }

  private static final class MultiplyAdd extends Operands {
    private final int a;

    MultiplyAdd(int word) {
      of(word);
      a = 2 * ra(word);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = Fp64.madd(v[n], v[m], v[a], c.fpcr, c.fp);
      v[d + 1] = 0;
      return next;
    }
  }

  private static final class MultiplySubtract extends Operands {
    private final int a;

    MultiplySubtract(int word) {
      of(word);
      a = 2 * ra(word);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = Fp64.msub(v[n], v[m], v[a], c.fpcr, c.fp);
      v[d + 1] = 0;
      return next;
    }
  }

  private static final class Move extends Operands {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      c.v[d] = c.v[n];
      c.v[d + 1] = 0;
      return next;
    }
  }
}
