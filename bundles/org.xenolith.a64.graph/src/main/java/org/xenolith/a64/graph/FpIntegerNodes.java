// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.xenolith.a64.isa.Fields.ftype;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.a64.isa.Fields.sf;

import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.fp.Fp32;
import org.xenolith.a64.fp.Fp64;
import org.xenolith.a64.fp.Rounding;
import org.xenolith.a64.isa.Insn;

/** Conversions between floating point and integers or fixed point in general registers. */
final class FpIntegerNodes {
  private FpIntegerNodes() {}

  /** The node of a conversion; null if it is none. */
  static @Nullable Node create(Insn insn, int word) {
    int fixed = 64 - (word >>> 10 & 63);
    return switch (insn) {
      case SCVTF_INT -> new FromInteger(word, true, 0);
      case UCVTF_INT -> new FromInteger(word, false, 0);
      case SCVTF_INT_FIXED -> new FromInteger(word, true, fixed);
      case UCVTF_INT_FIXED -> new FromInteger(word, false, fixed);
      case FCVTZS_INT_FIXED -> new ToInteger(word, true, Rounding.ZERO, fixed);
      case FCVTZU_INT_FIXED -> new ToInteger(word, false, Rounding.ZERO, fixed);
      case FCVTNS_INT -> new ToInteger(word, true, Rounding.TIE_EVEN, 0);
      case FCVTNU_INT -> new ToInteger(word, false, Rounding.TIE_EVEN, 0);
      case FCVTAS_INT -> new ToInteger(word, true, Rounding.TIE_AWAY, 0);
      case FCVTAU_INT -> new ToInteger(word, false, Rounding.TIE_AWAY, 0);
      case FCVTPS_INT -> new ToInteger(word, true, Rounding.PLUS, 0);
      case FCVTPU_INT -> new ToInteger(word, false, Rounding.PLUS, 0);
      case FCVTMS_INT -> new ToInteger(word, true, Rounding.MINUS, 0);
      case FCVTMU_INT -> new ToInteger(word, false, Rounding.MINUS, 0);
      case FCVTZS_INT -> new ToInteger(word, true, Rounding.ZERO, 0);
      case FCVTZU_INT -> new ToInteger(word, false, Rounding.ZERO, 0);
      default -> null;
    };
  }

  private static final class ToInteger extends Node {
    private final int d;
    private final int n;
    private final boolean wide;
    private final boolean signed;
    private final int mode;
    private final int fbits;
    private final int width;
    private final long mask;

    ToInteger(int word, boolean signed, int mode, int fbits) {
      d = Registers.target(rd(word));
      n = 2 * rn(word);
      wide = ftype(word) == 1;
      this.signed = signed;
      this.mode = mode;
      this.fbits = fbits;
      width = sf(word) ? 64 : 32;
      mask = sf(word) ? -1 : 0xFFFF_FFFFL;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long a = c.v[n];
      long r;
      if (wide) {
        r = signed ? Fp64.toSigned(a, width, fbits, mode, c.fpcr, c.fp) : Fp64.toUnsigned(a, width, fbits, mode, c.fpcr, c.fp);
      } else {
        r = signed ? Fp32.toSigned((int) a, width, fbits, mode, c.fpcr, c.fp)
            : Fp32.toUnsigned((int) a, width, fbits, mode, c.fpcr, c.fp);
      }
      x[d] = r & mask;
      return next;
    }
  }

  private static final class FromInteger extends Node {
    private final int d;
    private final int n;
    private final boolean wide;
    private final boolean signed;
    private final boolean from64;
    private final int fbits;

    FromInteger(int word, boolean signed, int fbits) {
      d = 2 * rd(word);
      n = Registers.source(rn(word));
      wide = ftype(word) == 1;
      this.signed = signed;
      from64 = sf(word);
      this.fbits = fbits;
    }

    @Override
    public Node exec(Cpu c, long[] x) {
      if (c.fpTrapped) {
        throw VectorNode.trap(c);
      }
      long a = x[n];
      if (!from64) {
        a = signed ? (int) a : a & 0xFFFF_FFFFL;
      }
      long r;
      if (wide) {
        r = signed ? Fp64.fromSigned(a, fbits, c.fpcr, c.fp) : Fp64.fromUnsigned(a, fbits, c.fpcr, c.fp);
      } else {
        r = (signed ? Fp32.fromSigned(a, fbits, c.fpcr, c.fp) : Fp32.fromUnsigned(a, fbits, c.fpcr, c.fp)) & 0xFFFF_FFFFL;
      }
      c.v[d] = r;
      c.v[d + 1] = 0;
      return next;
    }
  }
}
