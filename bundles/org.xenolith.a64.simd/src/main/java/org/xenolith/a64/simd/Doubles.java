// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import org.xenolith.a64.fp.Fp64;
import org.xenolith.a64.fp.Rounding;
import org.xenolith.a64.isa.Insn;

/** Double-precision work of the forms; {@link Singles} is its twin. */
final class Doubles {
  private Doubles() {}

  /** Forms of two operands, or three with the destination; null if it is none. */
  static HalfOperation two(Insn insn) {
    return switch (insn) {
      case FADD_SCALAR, FADD_VEC, FADDP_VEC, FADDP_SCALAR -> (d, n, m, c, s) -> Fp64.add(n, m, c, s);
      case FSUB_SCALAR, FSUB_VEC -> (d, n, m, c, s) -> Fp64.sub(n, m, c, s);
      case FABD_SCALAR, FABD_VEC -> (d, n, m, c, s) -> Fp64.abd(n, m, c, s);
      case FMUL_SCALAR, FMUL_VEC, FMUL_ELEMENT, FMUL_SCALAR_ELEMENT -> (d, n, m, c, s) -> Fp64.mul(n, m, c, s);
      case FMULX_SCALAR, FMULX_VEC, FMULX_ELEMENT, FMULX_SCALAR_ELEMENT -> (d, n, m, c, s) -> Fp64.mulx(n, m, c, s);
      case FNMUL -> (d, n, m, c, s) -> Fp64.nmul(n, m, c, s);
      case FDIV_SCALAR, FDIV_VEC -> (d, n, m, c, s) -> Fp64.div(n, m, c, s);
      case FMAX_SCALAR, FMAX_VEC, FMAXP_VEC, FMAXP_SCALAR -> (d, n, m, c, s) -> Fp64.max(n, m, c, s);
      case FMIN_SCALAR, FMIN_VEC, FMINP_VEC, FMINP_SCALAR -> (d, n, m, c, s) -> Fp64.min(n, m, c, s);
      case FMAXNM_SCALAR, FMAXNM_VEC, FMAXNMP_VEC, FMAXNMP_SCALAR -> (d, n, m, c, s) -> Fp64.maxnm(n, m, c, s);
      case FMINNM_SCALAR, FMINNM_VEC, FMINNMP_VEC, FMINNMP_SCALAR -> (d, n, m, c, s) -> Fp64.minnm(n, m, c, s);
      case FRECPS_SCALAR, FRECPS_VEC -> (d, n, m, c, s) -> Fp64.recps(n, m, c, s);
      case FRSQRTS_SCALAR, FRSQRTS_VEC -> (d, n, m, c, s) -> Fp64.rsqrts(n, m, c, s);
      case FCMEQ_SCALAR, FCMEQ_VEC -> (d, n, m, c, s) -> Fp64.cmeq(n, m, c, s);
      case FCMGE_SCALAR, FCMGE_VEC -> (d, n, m, c, s) -> Fp64.cmge(n, m, c, s);
      case FCMGT_SCALAR, FCMGT_VEC -> (d, n, m, c, s) -> Fp64.cmgt(n, m, c, s);
      case FACGE_SCALAR, FACGE_VEC -> (d, n, m, c, s) -> Fp64.acge(n, m, c, s);
      case FACGT_SCALAR, FACGT_VEC -> (d, n, m, c, s) -> Fp64.acgt(n, m, c, s);
      case FMLA_VEC, FMLA_ELEMENT, FMLA_SCALAR_ELEMENT, FMADD -> (d, n, m, c, s) -> Fp64.madd(n, m, d, c, s);
      case FMLS_VEC, FMLS_ELEMENT, FMLS_SCALAR_ELEMENT, FMSUB -> (d, n, m, c, s) -> Fp64.msub(n, m, d, c, s);
      case FNMADD -> (d, n, m, c, s) -> Fp64.nmadd(n, m, d, c, s);
      case FNMSUB -> (d, n, m, c, s) -> Fp64.nmsub(n, m, d, c, s);
      default -> null;
    };
  }

  /** Forms of one operand; null if it is none. */
  static HalfOperation one(Insn insn) {
    return switch (insn) {
      case FMOV_SCALAR -> (d, n, m, c, s) -> n;
      case FABS_SCALAR, FABS_VEC -> (d, n, m, c, s) -> Fp64.abs(n);
      case FNEG_SCALAR, FNEG_VEC -> (d, n, m, c, s) -> Fp64.neg(n);
      case FSQRT_SCALAR, FSQRT_VEC -> (d, n, m, c, s) -> Fp64.sqrt(n, c, s);
      case FRINTN_SCALAR, FRINTN_VEC -> (d, n, m, c, s) -> Fp64.rint(n, Rounding.TIE_EVEN, c, s);
      case FRINTP_SCALAR, FRINTP_VEC -> (d, n, m, c, s) -> Fp64.rint(n, Rounding.PLUS, c, s);
      case FRINTM_SCALAR, FRINTM_VEC -> (d, n, m, c, s) -> Fp64.rint(n, Rounding.MINUS, c, s);
      case FRINTZ_SCALAR, FRINTZ_VEC -> (d, n, m, c, s) -> Fp64.rint(n, Rounding.ZERO, c, s);
      case FRINTA_SCALAR, FRINTA_VEC -> (d, n, m, c, s) -> Fp64.rint(n, Rounding.TIE_AWAY, c, s);
      case FRINTX_SCALAR, FRINTX_VEC -> (d, n, m, c, s) -> Fp64.rintx(n, c, s);
      case FRINTI_SCALAR, FRINTI_VEC -> (d, n, m, c, s) -> Fp64.rinti(n, c, s);
      case FRECPE_SCALAR, FRECPE_VEC -> (d, n, m, c, s) -> Fp64.recpe(n, c, s);
      case FRSQRTE_SCALAR, FRSQRTE_VEC -> (d, n, m, c, s) -> Fp64.rsqrte(n, c, s);
      case FRECPX -> (d, n, m, c, s) -> Fp64.recpx(n, c, s);
      case FCMEQ_ZERO_SCALAR, FCMEQ_ZERO_VEC -> (d, n, m, c, s) -> Fp64.cmeq(n, 0, c, s);
      case FCMGE_ZERO_SCALAR, FCMGE_ZERO_VEC -> (d, n, m, c, s) -> Fp64.cmge(n, 0, c, s);
      case FCMGT_ZERO_SCALAR, FCMGT_ZERO_VEC -> (d, n, m, c, s) -> Fp64.cmgt(n, 0, c, s);
      case FCMLE_ZERO_SCALAR, FCMLE_ZERO_VEC -> (d, n, m, c, s) -> Fp64.cmge(0, n, c, s);
      case FCMLT_ZERO_SCALAR, FCMLT_ZERO_VEC -> (d, n, m, c, s) -> Fp64.cmgt(0, n, c, s);
      default -> null;
    };
  }

  /** Conversions to and from integers in the same register; null if it is none. */
  static HalfOperation convert(Insn insn, int fbits) {
    int mode = FloatOperations.conversionRounding(insn);
    return switch (insn) {
      case FCVTNS_SCALAR, FCVTNS_VEC, FCVTMS_SCALAR, FCVTMS_VEC, FCVTAS_SCALAR, FCVTAS_VEC, FCVTPS_SCALAR, FCVTPS_VEC,
          FCVTZS_SCALAR, FCVTZS_VEC, FCVTZS_VEC_FIXED, FCVTZS_SCALAR_FIXED ->
          (d, n, m, c, s) -> Fp64.toSigned(n, 64, fbits, mode, c, s);
      case FCVTNU_SCALAR, FCVTNU_VEC, FCVTMU_SCALAR, FCVTMU_VEC, FCVTAU_SCALAR, FCVTAU_VEC, FCVTPU_SCALAR, FCVTPU_VEC,
          FCVTZU_SCALAR, FCVTZU_VEC, FCVTZU_VEC_FIXED, FCVTZU_SCALAR_FIXED ->
          (d, n, m, c, s) -> Fp64.toUnsigned(n, 64, fbits, mode, c, s);
      case SCVTF_SCALAR, SCVTF_VEC, SCVTF_VEC_FIXED, SCVTF_SCALAR_FIXED ->
          (d, n, m, c, s) -> Fp64.fromSigned(n, fbits, c, s);
      case UCVTF_SCALAR, UCVTF_VEC, UCVTF_VEC_FIXED, UCVTF_SCALAR_FIXED ->
          (d, n, m, c, s) -> Fp64.fromUnsigned(n, fbits, c, s);
      default -> null;
    };
  }
}
