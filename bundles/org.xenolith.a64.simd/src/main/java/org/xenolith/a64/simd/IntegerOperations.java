// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import org.xenolith.a64.fp.FpEstimate;
import org.xenolith.a64.isa.Insn;

/** Integer work on lanes of one size: two and three registers. */
final class IntegerOperations {
  private IntegerOperations() {}

  /** The work of a form with three registers of the same arrangement, or by element; null if it is none. */
  static HalfOperation three(Insn insn, int size) {
    return switch (insn) {
      case ADD_VEC, ADD_SCALAR, ADDP_VEC, ADDP_SCALAR -> (d, n, m, c, s) -> LaneArithmetic.add(n, m, size);
      case SUB_VEC, SUB_SCALAR -> (d, n, m, c, s) -> LaneArithmetic.sub(n, m, size);
      case MUL_VEC, MUL_ELEMENT -> (d, n, m, c, s) -> LaneArithmetic.mul(n, m, size);
      case MLA_VEC, MLA_ELEMENT -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneArithmetic.mul(n, m, size), size);
      case MLS_VEC, MLS_ELEMENT -> (d, n, m, c, s) -> LaneArithmetic.sub(d, LaneArithmetic.mul(n, m, size), size);
      case PMUL_VEC -> (d, n, m, c, s) -> LaneArithmetic.pmul(n, m);
      case SHADD_VEC -> (d, n, m, c, s) -> LaneArithmetic.shadd(n, m, size);
      case UHADD_VEC -> (d, n, m, c, s) -> LaneArithmetic.uhadd(n, m, size);
      case SRHADD_VEC -> (d, n, m, c, s) -> LaneArithmetic.srhadd(n, m, size);
      case URHADD_VEC -> (d, n, m, c, s) -> LaneArithmetic.urhadd(n, m, size);
      case SHSUB_VEC -> (d, n, m, c, s) -> LaneArithmetic.shsub(n, m, size);
      case UHSUB_VEC -> (d, n, m, c, s) -> LaneArithmetic.uhsub(n, m, size);
      case SABD_VEC -> (d, n, m, c, s) -> LaneArithmetic.sabd(n, m, size);
      case UABD_VEC -> (d, n, m, c, s) -> LaneArithmetic.uabd(n, m, size);
      case SABA_VEC -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneArithmetic.sabd(n, m, size), size);
      case UABA_VEC -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneArithmetic.uabd(n, m, size), size);
      case SQADD_VEC, SQADD_SCALAR -> (d, n, m, c, s) -> LaneSaturation.sqadd(n, m, size, s);
      case UQADD_VEC, UQADD_SCALAR -> (d, n, m, c, s) -> LaneSaturation.uqadd(n, m, size, s);
      case SQSUB_VEC, SQSUB_SCALAR -> (d, n, m, c, s) -> LaneSaturation.sqsub(n, m, size, s);
      case UQSUB_VEC, UQSUB_SCALAR -> (d, n, m, c, s) -> LaneSaturation.uqsub(n, m, size, s);
      case SQDMULH_VEC, SQDMULH_SCALAR, SQDMULH_ELEMENT, SQDMULH_SCALAR_ELEMENT ->
          (d, n, m, c, s) -> LaneSaturation.sqdmulh(n, m, size, false, s);
      case SQRDMULH_VEC, SQRDMULH_SCALAR, SQRDMULH_ELEMENT, SQRDMULH_SCALAR_ELEMENT ->
          (d, n, m, c, s) -> LaneSaturation.sqdmulh(n, m, size, true, s);
      case CMEQ_VEC, CMEQ_SCALAR -> (d, n, m, c, s) -> LaneCompare.eq(n, m, size);
      case CMTST_VEC, CMTST_SCALAR -> (d, n, m, c, s) -> LaneCompare.tst(n, m, size);
      case CMHI_VEC, CMHI_SCALAR -> (d, n, m, c, s) -> LaneCompare.hi(n, m, size);
      case CMHS_VEC, CMHS_SCALAR -> (d, n, m, c, s) -> LaneCompare.hs(n, m, size);
      case CMGT_VEC, CMGT_SCALAR -> (d, n, m, c, s) -> LaneCompare.gt(n, m, size);
      case CMGE_VEC, CMGE_SCALAR -> (d, n, m, c, s) -> LaneCompare.ge(n, m, size);
      case SMAX_VEC, SMAXP_VEC -> (d, n, m, c, s) -> LaneCompare.smax(n, m, size);
      case SMIN_VEC, SMINP_VEC -> (d, n, m, c, s) -> LaneCompare.smin(n, m, size);
      case UMAX_VEC, UMAXP_VEC -> (d, n, m, c, s) -> LaneCompare.umax(n, m, size);
      case UMIN_VEC, UMINP_VEC -> (d, n, m, c, s) -> LaneCompare.umin(n, m, size);
      case SSHL_VEC, SSHL_SCALAR -> (d, n, m, c, s) -> LaneShift.sshl(n, m, false, size);
      case SRSHL_VEC, SRSHL_SCALAR -> (d, n, m, c, s) -> LaneShift.sshl(n, m, true, size);
      case USHL_VEC, USHL_SCALAR -> (d, n, m, c, s) -> LaneShift.ushl(n, m, false, size);
      case URSHL_VEC, URSHL_SCALAR -> (d, n, m, c, s) -> LaneShift.ushl(n, m, true, size);
      case SQSHL_VEC, SQSHL_SCALAR -> (d, n, m, c, s) -> LaneShift.sqshl(n, m, false, size, s);
      case SQRSHL_VEC, SQRSHL_SCALAR -> (d, n, m, c, s) -> LaneShift.sqshl(n, m, true, size, s);
      case UQSHL_VEC, UQSHL_SCALAR -> (d, n, m, c, s) -> LaneShift.uqshl(n, m, false, size, s);
      case UQRSHL_VEC, UQRSHL_SCALAR -> (d, n, m, c, s) -> LaneShift.uqshl(n, m, true, size, s);
      default -> null;
    };
  }

  /** The work of a bitwise form with three registers; null if it is none. */
  static HalfOperation bitwise(Insn insn) {
    return switch (insn) {
      case AND_VEC -> (d, n, m, c, s) -> n & m;
      case BIC_VEC -> (d, n, m, c, s) -> n & ~m;
      case ORR_VEC -> (d, n, m, c, s) -> n | m;
      case ORN_VEC -> (d, n, m, c, s) -> n | ~m;
      case EOR_VEC -> (d, n, m, c, s) -> n ^ m;
      case BSL_VEC -> (d, n, m, c, s) -> LaneCompare.select(d, n, m);
      case BIT_VEC -> (d, n, m, c, s) -> LaneCompare.select(m, n, d);
      case BIF_VEC -> (d, n, m, c, s) -> LaneCompare.select(m, d, n);
      case NOT -> (d, n, m, c, s) -> ~n;
      case RBIT_VEC -> (d, n, m, c, s) -> LaneBits.rbit(n);
      case CNT -> (d, n, m, c, s) -> LaneBits.cnt(n);
      case URECPE -> (d, n, m, c, s) -> FpEstimate.urecpe((int) n) & 0xFFFF_FFFFL | (long) FpEstimate.urecpe((int) (n >>> 32)) << 32;
      case URSQRTE -> (d, n, m, c, s) -> FpEstimate.ursqrte((int) n) & 0xFFFF_FFFFL | (long) FpEstimate.ursqrte((int) (n >>> 32)) << 32;
      default -> null;
    };
  }

  /** The work of a form with two registers; null if it is none. */
  static HalfOperation two(Insn insn, int size) {
    return switch (insn) {
      case REV64_VEC -> (d, n, m, c, s) -> LaneBits.rev(n, size, 3);
      case REV32_VEC -> (d, n, m, c, s) -> LaneBits.rev(n, size, 2);
      case REV16_VEC -> (d, n, m, c, s) -> LaneBits.rev(n, size, 1);
      case CLS_VEC -> (d, n, m, c, s) -> LaneBits.cls(n, size);
      case CLZ_VEC -> (d, n, m, c, s) -> LaneBits.clz(n, size);
      case SADDLP -> (d, n, m, c, s) -> LaneReduction.pairs(n, size, true);
      case UADDLP -> (d, n, m, c, s) -> LaneReduction.pairs(n, size, false);
      case SADALP -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneReduction.pairs(n, size, true), size + 1);
      case UADALP -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneReduction.pairs(n, size, false), size + 1);
      case SUQADD_VEC, SUQADD_SCALAR -> (d, n, m, c, s) -> LaneSaturation.suqadd(d, n, size, s);
      case USQADD_VEC, USQADD_SCALAR -> (d, n, m, c, s) -> LaneSaturation.usqadd(d, n, size, s);
      case SQABS_VEC, SQABS_SCALAR -> (d, n, m, c, s) -> LaneSaturation.sqabs(n, size, s);
      case SQNEG_VEC, SQNEG_SCALAR -> (d, n, m, c, s) -> LaneSaturation.sqneg(n, size, s);
      case ABS_VEC, ABS_SCALAR -> (d, n, m, c, s) -> LaneArithmetic.abs(n, size);
      case NEG_VEC, NEG_SCALAR -> (d, n, m, c, s) -> LaneArithmetic.neg(n, size);
      case CMGT_ZERO_VEC, CMGT_ZERO_SCALAR -> (d, n, m, c, s) -> LaneCompare.gt(n, 0, size);
      case CMEQ_ZERO_VEC, CMEQ_ZERO_SCALAR -> (d, n, m, c, s) -> LaneCompare.eq(n, 0, size);
      case CMLT_ZERO_VEC, CMLT_ZERO_SCALAR -> (d, n, m, c, s) -> LaneCompare.negative(n, size);
      case CMGE_ZERO_VEC, CMGE_ZERO_SCALAR -> (d, n, m, c, s) -> ~LaneCompare.negative(n, size);
      case CMLE_ZERO_VEC, CMLE_ZERO_SCALAR -> (d, n, m, c, s) -> ~LaneCompare.gt(n, 0, size);
      default -> null;
    };
  }

  /** The work of a shift by an immediate that keeps the size; null if it is none. */
  static HalfOperation shift(Insn insn, int size, int right, int left) {
    return switch (insn) {
      case SSHR_VEC_IMM, SSHR_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.sshr(n, right, size);
      case USHR_VEC_IMM, USHR_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.ushr(n, right, size);
      case SSRA_VEC_IMM, SSRA_SCALAR_IMM -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneShift.sshr(n, right, size), size);
      case USRA_VEC_IMM, USRA_SCALAR_IMM -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneShift.ushr(n, right, size), size);
      case SRSHR_VEC_IMM, SRSHR_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.srshr(n, right, size);
      case URSHR_VEC_IMM, URSHR_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.urshr(n, right, size);
      case SRSRA_VEC_IMM, SRSRA_SCALAR_IMM ->
          (d, n, m, c, s) -> LaneArithmetic.add(d, LaneShift.srshr(n, right, size), size);
      case URSRA_VEC_IMM, URSRA_SCALAR_IMM ->
          (d, n, m, c, s) -> LaneArithmetic.add(d, LaneShift.urshr(n, right, size), size);
      case SRI_VEC_IMM, SRI_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.sri(d, n, right, size);
      case SHL_VEC_IMM, SHL_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.shl(n, left, size);
      case SLI_VEC_IMM, SLI_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.sli(d, n, left, size);
      case SQSHLU_VEC_IMM, SQSHLU_SCALAR_IMM -> (d, n, m, c, s) -> LaneShift.sqshlu(n, left, size, s);
      case SQSHL_VEC_IMM, SQSHL_SCALAR_IMM -> {
        long by = Lanes.replicate(left, size);
        yield (d, n, m, c, s) -> LaneShift.sqshl(n, by, false, size, s);
      }
      case UQSHL_VEC_IMM, UQSHL_SCALAR_IMM -> {
        long by = Lanes.replicate(left, size);
        yield (d, n, m, c, s) -> LaneShift.uqshl(n, by, false, size, s);
      }
      default -> null;
    };
  }
}
