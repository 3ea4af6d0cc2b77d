// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.isa.Fields.ftype;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.ra;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

import org.xenolith.a64.fp.FpConvert;
import org.xenolith.a64.fp.FpImmediate;
import org.xenolith.a64.fp.FpStatus;
import org.xenolith.a64.fp.Rounding;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;

/** Floating-point forms whose operands are vector registers only. */
final class FloatOperations {
  private FloatOperations() {}

  /** The operation of a form; null if it is none of these. */
  static VectorOperation of(Insn insn, int word) {
    switch (insn) {
      case FMADD, FMSUB, FNMADD, FNMSUB :
        return fused(insn, word);
      case FMOV_SCALAR_IMM :
        int imm8 = word >>> 13 & 0xFF;
        return CopyOperations.constant(word,
            ftype(word) == 1 ? FpImmediate.toDouble(imm8) : FpImmediate.toSingle(imm8) & 0xFFFF_FFFFL, 0);
      case FCVT :
        return precision(word);
      case FCVTN :
        return Shapes.narrowed(word, (d, n, m, c, s) -> n, (word & 1 << 22) != 0 ? FloatOperations::toSingles
            : FloatOperations::toHalves);
      case FCVTXN_VEC :
        return Shapes.narrowed(word, (d, n, m, c, s) -> n, FloatOperations::toSinglesOdd);
      case FCVTXN_SCALAR :
        return Shapes.scalar(word, 3, (d, n, m, c, s) -> FpConvert.doubleToSingleOdd(n, c, s) & 0xFFFF_FFFFL);
      case FCVTL :
        return lengthened(word);
      case FMAXV, FMINV, FMAXNMV, FMINNMV :
        return acrossLanes(word, Singles.two(insn));
      case SCVTF_VEC_FIXED, UCVTF_VEC_FIXED, FCVTZS_VEC_FIXED, FCVTZU_VEC_FIXED :
        return converted(insn, word, false, (word & 1 << 22) != 0, fractionBits(word));
      case SCVTF_SCALAR_FIXED, UCVTF_SCALAR_FIXED, FCVTZS_SCALAR_FIXED, FCVTZU_SCALAR_FIXED :
        return converted(insn, word, true, (word & 1 << 22) != 0, fractionBits(word));
      default :
        return lanewise(insn, word);
    }
  }

  private static VectorOperation lanewise(Insn insn, int word) {
    // Bit 22 is sz of Advanced SIMD, and the low bit of ftype, which is 0 or 1 here.
    boolean wide = (word & 1 << 22) != 0;
    boolean scalar = insn.group() != InsnGroup.ASIMD;
    HalfOperation op;
    if (wide) {
      op = Doubles.two(insn);
      op = op != null ? op : Doubles.one(insn);
    } else {
      SingleOperation single = Singles.two(insn);
      single = single != null ? single : Singles.one(insn);
      op = single == null ? null : scalar ? single.onLow() : single.onLanes();
    }
    if (op == null) {
      return converted(insn, word, scalar, wide, 0);
    }
    int size = wide ? 3 : 2;
    return switch (insn) {
      case FADDP_VEC, FMAXP_VEC, FMINP_VEC, FMAXNMP_VEC, FMINNMP_VEC -> Shapes.pairs(word, size, op);
      case FADDP_SCALAR, FMAXP_SCALAR, FMINP_SCALAR, FMAXNMP_SCALAR, FMINNMP_SCALAR -> pairToScalar(word, wide, op);
      case FMLA_ELEMENT, FMLS_ELEMENT, FMUL_ELEMENT, FMULX_ELEMENT -> Shapes.element(word, size, op);
      case FMLA_SCALAR_ELEMENT, FMLS_SCALAR_ELEMENT, FMUL_SCALAR_ELEMENT, FMULX_SCALAR_ELEMENT ->
          Shapes.scalarElement(word, size, size, op);
      default -> scalar ? Shapes.scalar(word, size, op) : Shapes.same(word, op);
    };
  }

  private static VectorOperation converted(Insn insn, int word, boolean scalar, boolean wide, int fbits) {
    HalfOperation op;
    if (wide) {
      op = Doubles.convert(insn, fbits);
    } else {
      SingleOperation single = Singles.convert(insn, fbits);
      op = single == null ? null : scalar ? single.onLow() : single.onLanes();
    }
    return op == null ? null : scalar ? Shapes.scalar(word, wide ? 3 : 2, op) : Shapes.same(word, op);
  }

  /** Fraction bits of the fixed-point forms: immh:immb counts down from twice the lane's width. */
  private static int fractionBits(int word) {
    int value = word >>> 16 & 127;
    return (value >= 64 ? 128 : 64) - value;
  }

  /** The rounding mode that a conversion to an integer has in its name; zero if it is no such conversion. */
  static int conversionRounding(Insn insn) {
    return switch (insn) {
      case FCVTPS_SCALAR, FCVTPS_VEC, FCVTPU_SCALAR, FCVTPU_VEC -> Rounding.PLUS;
      case FCVTMS_SCALAR, FCVTMS_VEC, FCVTMU_SCALAR, FCVTMU_VEC -> Rounding.MINUS;
      case FCVTAS_SCALAR, FCVTAS_VEC, FCVTAU_SCALAR, FCVTAU_VEC -> Rounding.TIE_AWAY;
      case FCVTNS_SCALAR, FCVTNS_VEC, FCVTNU_SCALAR, FCVTNU_VEC -> Rounding.TIE_EVEN;
      default -> Rounding.ZERO;
    };
  }

  private static VectorOperation fused(Insn insn, int word) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    int a = 2 * ra(word);
    HalfOperation op = ftype(word) == 1 ? Doubles.two(insn) : Singles.two(insn).onLow();
    return (v, fpcr, status) -> {
      v[d] = op.apply(v[a], v[n], v[m], fpcr, status);
      v[d + 1] = 0;
    };
  }

  private static VectorOperation precision(int word) {
    int to = word >>> 15 & 3;
    HalfOperation op = switch (ftype(word) << 2 | to) {
      case 0 << 2 | 1 -> (d, n, m, c, s) -> FpConvert.singleToDouble((int) n, c, s);
      case 0 << 2 | 3 -> (d, n, m, c, s) -> FpConvert.singleToHalf((int) n, c, s) & 0xFFFFL;
      case 1 << 2 | 0 -> (d, n, m, c, s) -> FpConvert.doubleToSingle(n, c, s) & 0xFFFF_FFFFL;
      case 1 << 2 | 3 -> (d, n, m, c, s) -> FpConvert.doubleToHalf(n, c, s) & 0xFFFFL;
      case 3 << 2 | 0 -> (d, n, m, c, s) -> FpConvert.halfToSingle((int) n & 0xFFFF, c, s) & 0xFFFF_FFFFL;
      default -> (d, n, m, c, s) -> FpConvert.halfToDouble((int) n & 0xFFFF, c, s);
    };
    return Shapes.scalar(word, 3, op);
  }

  private static long toSingles(long low, long high, int fpcr, FpStatus status) {
    return FpConvert.doubleToSingle(low, fpcr, status) & 0xFFFF_FFFFL
        | (long) FpConvert.doubleToSingle(high, fpcr, status) << 32;
  }

  private static long toSinglesOdd(long low, long high, int fpcr, FpStatus status) {
    return FpConvert.doubleToSingleOdd(low, fpcr, status) & 0xFFFF_FFFFL
        | (long) FpConvert.doubleToSingleOdd(high, fpcr, status) << 32;
  }

  private static long toHalves(long low, long high, int fpcr, FpStatus status) {
    return FpConvert.singleToHalf((int) low, fpcr, status) & 0xFFFFL
        | (FpConvert.singleToHalf((int) (low >>> 32), fpcr, status) & 0xFFFFL) << 16
        | (FpConvert.singleToHalf((int) high, fpcr, status) & 0xFFFFL) << 32
        | (long) FpConvert.singleToHalf((int) (high >>> 32), fpcr, status) << 48;
  }

  private static VectorOperation lengthened(int word) {
    int d = 2 * rd(word);
    int n = 2 * rn(word) + (q(word) ? 1 : 0);
    if ((word & 1 << 22) != 0) {
      return (v, fpcr, status) -> {
        long a = v[n];
        v[d] = FpConvert.singleToDouble((int) a, fpcr, status);
        v[d + 1] = FpConvert.singleToDouble((int) (a >>> 32), fpcr, status);
      };
    }
    return (v, fpcr, status) -> {
      long a = v[n];
      v[d] = twoHalves((int) a, fpcr, status);
      v[d + 1] = twoHalves((int) (a >>> 32), fpcr, status);
    };
  }

  private static long twoHalves(int pair, int fpcr, FpStatus status) {
    return FpConvert.halfToSingle(pair & 0xFFFF, fpcr, status) & 0xFFFF_FFFFL
        | (long) FpConvert.halfToSingle(pair >>> 16, fpcr, status) << 32;
  }

  private static VectorOperation pairToScalar(int word, boolean wide, HalfOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    return (v, fpcr, status) -> {
      long low = v[n];
      v[d] = op.apply(0, low, wide ? v[n + 1] : low >>> 32, fpcr, status);
      v[d + 1] = 0;
    };
  }

  /** The lanes of each half first, then the two results. */
  private static VectorOperation acrossLanes(int word, SingleOperation op) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    return (v, fpcr, status) -> {
      int low = op.apply(0, (int) v[n], (int) (v[n] >>> 32), fpcr, status);
      int high = op.apply(0, (int) v[n + 1], (int) (v[n + 1] >>> 32), fpcr, status);
      v[d] = op.apply(0, low, high, fpcr, status) & 0xFFFF_FFFFL;
      v[d + 1] = 0;
    };
  }
}
