// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.xenolith.a64.isa.Fields.ftype;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.a64.isa.Fields.sf;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.fp.Fp32;
import org.xenolith.a64.fp.Fp64;
import org.xenolith.a64.isa.Insn;

/** Scalar floating point that sets or reads flags or general registers, and the choice among the nodes of what doesn't. */
final class FpNodes {
  private FpNodes() {}

  /** The node of a word of group FP. */
  static Node create(Insn insn, int word) {
    boolean wide = ftype(word) == 1;
    return switch (insn) {
      case FCMP, FCMP_ZERO, FCMPE, FCMPE_ZERO -> wide ? new CompareDouble(insn, word) : new CompareSingle(insn, word);
      case FCCMP, FCCMPE -> new ConditionalCompare(insn, word, wide);
      case FCSEL -> new Select(word, wide);
      case FMOV_TO_GENERAL, FMOV_TO_GENERAL_HIGH -> new ToGeneral(word, insn == Insn.FMOV_TO_GENERAL_HIGH);
      case FMOV_FROM_GENERAL -> new FromGeneral(word);
      case FMOV_FROM_GENERAL_HIGH -> new FromGeneralHigh(word);
      default -> {
        Node node = wide ? DoubleNodes.create(insn, word) : null;
        node = node != null ? node : FpIntegerNodes.create(insn, word);
        yield node != null ? node : SimdNodes.vector(insn, word);
      }
    };
  }

  /** FCMP, FCMPE of doubles. */
  private static final class CompareDouble extends Node {
    private final int n;
    private final int m;
    private final boolean zero;
    private final boolean signaling;

    CompareDouble(Insn insn, int word) {
      n = 2 * rn(word);
      m = 2 * rm(word);
      zero = insn == Insn.FCMP_ZERO || insn == Insn.FCMPE_ZERO;
      signaling = insn == Insn.FCMPE || insn == Insn.FCMPE_ZERO;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long b = zero ? 0 : c.v[m];
      c.nzcv((signaling ? Fp64.cmpe(c.v[n], b, c.fpcr, c.fp) : Fp64.cmp(c.v[n], b, c.fpcr, c.fp)) << 28);
      return next;
    }
  }

  /** FCMP, FCMPE of singles. */
  private static final class CompareSingle extends Node {
    private final int n;
    private final int m;
    private final boolean zero;
    private final boolean signaling;

    CompareSingle(Insn insn, int word) {
      n = 2 * rn(word);
      m = 2 * rm(word);
      zero = insn == Insn.FCMP_ZERO || insn == Insn.FCMPE_ZERO;
      signaling = insn == Insn.FCMPE || insn == Insn.FCMPE_ZERO;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      int a = (int) c.v[n];
      int b = zero ? 0 : (int) c.v[m];
      c.nzcv((signaling ? Fp32.cmpe(a, b, c.fpcr, c.fp) : Fp32.cmp(a, b, c.fpcr, c.fp)) << 28);
      return next;
    }
  }

  /** FCCMP, FCCMPE. */
  private static final class ConditionalCompare extends Node {
    private final int condition;
    private final int otherwise;
    private final Node compare;

    ConditionalCompare(Insn insn, int word, boolean wide) {
      condition = word >>> 12 & 15;
      otherwise = word << 28;
      Insn plain = insn == Insn.FCCMPE ? Insn.FCMPE : Insn.FCMP;
      compare = wide ? new CompareDouble(plain, word) : new CompareSingle(plain, word);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      if (Condition.holds(c, condition)) {
        compare.exec(c, x);
      } else {
        c.nzcv(otherwise);
      }
      return next;
    }
  }

  /** FCSEL. */
  private static final class Select extends Node {
    private final int d;
    private final int n;
    private final int m;
    private final int condition;
    private final long mask;

    Select(int word, boolean wide) {
      d = 2 * rd(word);
      n = 2 * rn(word);
      m = 2 * rm(word);
      condition = word >>> 12 & 15;
      mask = wide ? -1 : 0xFFFF_FFFFL;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = v[Condition.holds(c, condition) ? n : m] & mask;
      v[d + 1] = 0;
      return next;
    }
  }

  /** FMOV Wd, Sn; FMOV Xd, Dn; FMOV Xd, Vn.D[1]. */
  private static final class ToGeneral extends Node {
    private final int d;
    private final int n;
    private final long mask;

    ToGeneral(int word, boolean high) {
      d = Registers.target(rd(word));
      n = 2 * rn(word) + (high ? 1 : 0);
      mask = sf(word) ? -1 : 0xFFFF_FFFFL;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      x[d] = c.v[n] & mask;
      return next;
    }
  }

  /** FMOV Sd, Wn; FMOV Dd, Xn. */
  private static final class FromGeneral extends Node {
    private final int d;
    private final int n;
    private final long mask;

    FromGeneral(int word) {
      d = 2 * rd(word);
      n = Registers.source(rn(word));
      mask = sf(word) ? -1 : 0xFFFF_FFFFL;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      c.v[d] = x[n] & mask;
      c.v[d + 1] = 0;
      return next;
    }
  }

  /** FMOV Vd.D[1], Xn. */
  private static final class FromGeneralHigh extends Node {
    private final int d;
    private final int n;

    FromGeneralHigh(int word) {
      d = 2 * rd(word);
      n = Registers.source(rn(word));
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      c.v[d + 1] = x[n];
      return next;
    }
  }
}
