// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.simd.Lanes;
import org.xenolith.a64.simd.VectorOperation;
import org.xenolith.a64.simd.VectorOperations;

/** Advanced SIMD and cryptography. Most nodes are a {@link VectorNode} around an operation that any engine can use. */
final class SimdNodes {
  private SimdNodes() {}

  /** The node of a word; null if its group isn't one of these. */
  static Node create(Insn insn, int word) {
    Node node = switch (insn.group()) {
      case ASIMD, ASIMD_SCALAR -> general(insn, word);
      case LOAD_STORE_SIMD -> SimdLoadStoreNodes.create(insn, word);
      default -> null;
    };
    return node != null ? node : vector(insn, word);
  }

  /** The node of an operation on vector registers only; null if it is none. */
  static @Nullable Node vector(Insn insn, int word) {
    VectorOperation operation = VectorOperations.of(insn, word);
    return operation == null ? null : new VectorNode(operation);
  }

  private static Node general(Insn insn, int word) {
    return switch (insn) {
      case ORR_VEC -> rn(word) == rm(word) ? new Copy(word) : StringNodes.create(insn, word);
      case DUP_GENERAL -> new Duplicate(word);
      case INS_GENERAL -> new Insert(word);
      case UMOV -> new Extract(word, false);
      case SMOV -> new Extract(word, true);
      default -> StringNodes.create(insn, word);
    };
  }

  /** MOV Vd, Vn. */
  private static final class Copy extends Node {
    private final int d;
    private final int n;
    private final boolean full;

    Copy(int word) {
      d = 2 * rd(word);
      n = 2 * rn(word);
      full = q(word);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long[] v = c.v;
      v[d] = v[n];
      v[d + 1] = full ? v[n + 1] : 0;
      return next;
    }
  }

  /** A lane of a vector register and a general register: the lowest set bit of imm5 gives the size, the rest the lane. */
  private abstract static class Lane extends Node {
    final int size;
    final int half;
    final int lane;

    Lane(int word) {
      int imm5 = word >>> 16 & 31;
      size = Integer.numberOfTrailingZeros(imm5);
      int index = imm5 >>> size + 1;
      half = index << size >>> 3;
      lane = index & 7 >>> size;
    }
  }

  /** DUP Vd.T, Rn. */
  private static final class Duplicate extends Lane {
    private final int d;
    private final int n;
    private final boolean full;

    Duplicate(int word) {
      super(word);
      d = 2 * rd(word);
      n = Registers.source(rn(word));
      full = q(word);
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long value = Lanes.replicate(x[n], size);
      c.v[d] = value;
      c.v[d + 1] = full ? value : 0;
      return next;
    }
  }

  /** INS Vd.T[i], Rn. */
  private static final class Insert extends Lane {
    private final int d;
    private final int n;

    Insert(int word) {
      super(word);
      d = 2 * rd(word) + half;
      n = Registers.source(rn(word));
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      c.v[d] = Lanes.insert(c.v[d], lane, size, x[n]);
      return next;
    }
  }

  /** UMOV, SMOV. */
  private static final class Extract extends Lane {
    private final int d;
    private final int n;
    private final boolean signed;
    private final long mask;

    Extract(int word, boolean signed) {
      super(word);
      d = Registers.target(rd(word));
      n = 2 * rn(word) + half;
      this.signed = signed;
      mask = q(word) ? -1 : 0xFFFF_FFFFL;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long value = Lanes.lane(c.v[n], lane, size);
      x[d] = signed ? Lanes.signed(value, size) & mask : value;
      return next;
    }
  }
}
