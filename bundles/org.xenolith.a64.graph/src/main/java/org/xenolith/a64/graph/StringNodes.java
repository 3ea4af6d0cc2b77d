// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.simd.LaneArithmetic;
import org.xenolith.a64.simd.LaneCompare;
import org.xenolith.a64.simd.LanePermute;

/**
 * The vector instructions of string and memory functions, checksums and ciphers: a class for each, so that nothing is dispatched
 * twice.
 */
final class StringNodes {
  private StringNodes() {}

  /** The node of a word; null if the form has none here. */
  static @Nullable Node create(Insn insn, int word) {
    return switch (insn) {
      case AND_VEC -> new And().of(word);
      case BIC_VEC -> new BitClear().of(word);
      case ORR_VEC -> new Or().of(word);
      case EOR_VEC -> new ExclusiveOr().of(word);
      case ADD_VEC -> new Add().of(word);
      case SUB_VEC -> new Subtract().of(word);
      case CMEQ_VEC -> new Equal().of(word);
      case CMHS_VEC -> new HigherOrSame().of(word);
      case CMEQ_ZERO_VEC -> new Zero().of(word);
      case UMAXP_VEC -> q(word) ? new GreatestOfPairs().of(word) : null;
      case ADDP_VEC -> q(word) && esize(word) < 3 ? new SumsOfPairs().of(word) : null;
      case SHRN -> q(word) ? null : new ShiftNarrow(word);
      default -> null;
    };
  }

  private abstract static class Three extends Node {
    int d;
    int n;
    int m;
    int size;
    boolean full;

    final Node of(int word) {
      d = 2 * rd(word);
      n = 2 * rn(word);
      m = 2 * rm(word);
      size = esize(word);
      full = q(word);
      return this;
    }
  }

  /** AND. */
  private static final class And extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = v[n] & v[m];
      v[d + 1] = full ? v[n + 1] & v[m + 1] : 0;
      return next;
    }
  }

  /** BIC. */
  private static final class BitClear extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = v[n] & ~v[m];
      v[d + 1] = full ? v[n + 1] & ~v[m + 1] : 0;
      return next;
    }
  }

  /** ORR. */
  private static final class Or extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = v[n] | v[m];
      v[d + 1] = full ? v[n + 1] | v[m + 1] : 0;
      return next;
    }
  }

  /** EOR. */
  private static final class ExclusiveOr extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = v[n] ^ v[m];
      v[d + 1] = full ? v[n + 1] ^ v[m + 1] : 0;
      return next;
    }
  }

  /** ADD. */
  private static final class Add extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = LaneArithmetic.add(v[n], v[m], size);
      v[d + 1] = full ? LaneArithmetic.add(v[n + 1], v[m + 1], size) : 0;
      return next;
    }
  }

  /** SUB. */
  private static final class Subtract extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = LaneArithmetic.sub(v[n], v[m], size);
      v[d + 1] = full ? LaneArithmetic.sub(v[n + 1], v[m + 1], size) : 0;
      return next;
    }
  }

  /** CMEQ. */
  private static final class Equal extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = LaneCompare.eq(v[n], v[m], size);
      v[d + 1] = full ? LaneCompare.eq(v[n + 1], v[m + 1], size) : 0;
      return next;
    }
  }

  /** CMHS. */
  private static final class HigherOrSame extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = LaneCompare.hs(v[n], v[m], size);
      v[d + 1] = full ? LaneCompare.hs(v[n + 1], v[m + 1], size) : 0;
      return next;
    }
  }

  /** CMEQ with zero. */
  private static final class Zero extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = ~LaneCompare.nonzero(v[n], size);
      v[d + 1] = full ? ~LaneCompare.nonzero(v[n + 1], size) : 0;
      return next;
    }
  }

  /** UMAXP of 128 bits. */
  private static final class GreatestOfPairs extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      long low = v[m];
      long high = v[m + 1];
      v[d] = LaneCompare.umax(LanePermute.narrow(v[n], v[n + 1], size), LanePermute.narrowHigh(v[n], v[n + 1], size), size);
      v[d + 1] = LaneCompare.umax(LanePermute.narrow(low, high, size), LanePermute.narrowHigh(low, high, size), size);
      return next;
    }
  }

  /** ADDP of 128 bits in lanes of 8 to 32. */
  private static final class SumsOfPairs extends Three {
    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      long low = v[m];
      long high = v[m + 1];
      v[d] = LaneArithmetic.add(LanePermute.narrow(v[n], v[n + 1], size), LanePermute.narrowHigh(v[n], v[n + 1], size), size);
      v[d + 1] = LaneArithmetic.add(LanePermute.narrow(low, high, size), LanePermute.narrowHigh(low, high, size), size);
      return next;
    }
  }

  /** SHRN to the lower half: size and shift are in immh:immb. */
  private static final class ShiftNarrow extends Node {
    private final int d;
    private final int n;
    private final int to;
    private final int shift;

    ShiftNarrow(int word) {
      d = 2 * rd(word);
      n = 2 * rn(word);
      int value = word >>> 16 & 127;
      to = 28 - Integer.numberOfLeadingZeros(value);
      shift = (16 << to) - value;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      // What is shifted in from the neighbour is above the bits that stay.
      v[d] = LanePermute.narrow(v[n] >>> shift, v[n + 1] >>> shift, to);
      v[d + 1] = 0;
      return next;
    }
  }
}
