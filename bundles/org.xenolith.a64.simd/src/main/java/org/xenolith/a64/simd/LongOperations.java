// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rn;

import org.xenolith.a64.isa.Insn;

/** Forms whose results or operands are of twice the width of the others: long, wide and narrow. */
final class LongOperations {
  private LongOperations() {}

  private static WidenOperation widening(boolean signed, int size) {
    return signed ? a -> LanePermute.signExpand(a, size) : a -> LanePermute.expand(a, size);
  }

  /** Long and wide forms with three registers, and their by-element forms; null if it is none. */
  static VectorOperation three(Insn insn, int word) {
    int size = esize(word);
    // Bit 29 is U in all of these encodings.
    WidenOperation widen = widening((word & 1 << 29) == 0, size);
    HalfOperation op = wideOperation(insn, size + 1);
    return switch (insn) {
      case SADDL, UADDL, SSUBL, USUBL, SABAL, UABAL, SABDL, UABDL, SMLAL_VEC, UMLAL_VEC, SMLSL_VEC, UMLSL_VEC, SMULL_VEC,
          UMULL_VEC, SQDMLAL_VEC, SQDMLSL_VEC, SQDMULL_VEC -> Shapes.widened(word, widen, op);
      case SADDW, UADDW, SSUBW, USUBW -> Shapes.wide(word, widen, op);
      case SMLAL_ELEMENT, UMLAL_ELEMENT, SMLSL_ELEMENT, UMLSL_ELEMENT, SMULL_ELEMENT, UMULL_ELEMENT, SQDMLAL_ELEMENT,
          SQDMLSL_ELEMENT, SQDMULL_ELEMENT -> Shapes.widenedElement(word, size, widen, op);
      case PMULL_P8 -> Shapes.widened(word, a -> a, (d, n, m, c, s) -> LaneArithmetic.pmull(n, m));
      case SQDMLAL_SCALAR, SQDMLSL_SCALAR, SQDMULL_SCALAR -> Shapes.scalar(word, size + 1, narrowSources(size, op));
      case SQDMLAL_SCALAR_ELEMENT, SQDMLSL_SCALAR_ELEMENT, SQDMULL_SCALAR_ELEMENT ->
          Shapes.scalarElement(word, size, size + 1, narrowSources(size, op));
      default -> null;
    };
  }

  /** Takes the lowest lanes of {@code size} of the sources, sign-extended. */
  private static HalfOperation narrowSources(int size, HalfOperation op) {
    long mask = Lanes.mask(size + 1);
    return (d, n, m, c, s) -> op.apply(d, Lanes.signed(n, size) & mask, Lanes.signed(m, size) & mask, c, s);
  }

  private static HalfOperation wideOperation(Insn insn, int wide) {
    return switch (insn) {
      case SADDL, UADDL, SADDW, UADDW -> (d, n, m, c, s) -> LaneArithmetic.add(n, m, wide);
      case SSUBL, USUBL, SSUBW, USUBW -> (d, n, m, c, s) -> LaneArithmetic.sub(n, m, wide);
      // The signed difference of widened operands can't overflow, so signed works for unsigned as well.
      case SABDL, UABDL -> (d, n, m, c, s) -> LaneArithmetic.sabd(n, m, wide);
      case SABAL, UABAL -> (d, n, m, c, s) -> LaneArithmetic.add(d, LaneArithmetic.sabd(n, m, wide), wide);
      case SMULL_VEC, UMULL_VEC, SMULL_ELEMENT, UMULL_ELEMENT -> (d, n, m, c, s) -> LaneArithmetic.mul(n, m, wide);
      case SMLAL_VEC, UMLAL_VEC, SMLAL_ELEMENT, UMLAL_ELEMENT ->
          (d, n, m, c, s) -> LaneArithmetic.add(d, LaneArithmetic.mul(n, m, wide), wide);
      case SMLSL_VEC, UMLSL_VEC, SMLSL_ELEMENT, UMLSL_ELEMENT ->
          (d, n, m, c, s) -> LaneArithmetic.sub(d, LaneArithmetic.mul(n, m, wide), wide);
      case SQDMULL_VEC, SQDMULL_ELEMENT, SQDMULL_SCALAR, SQDMULL_SCALAR_ELEMENT ->
          (d, n, m, c, s) -> LaneSaturation.sqdmull(n, m, wide, s);
      case SQDMLAL_VEC, SQDMLAL_ELEMENT, SQDMLAL_SCALAR, SQDMLAL_SCALAR_ELEMENT ->
          (d, n, m, c, s) -> LaneSaturation.sqadd(d, LaneSaturation.sqdmull(n, m, wide, s), wide, s);
      case SQDMLSL_VEC, SQDMLSL_ELEMENT, SQDMLSL_SCALAR, SQDMLSL_SCALAR_ELEMENT ->
          (d, n, m, c, s) -> LaneSaturation.sqsub(d, LaneSaturation.sqdmull(n, m, wide, s), wide, s);
      default -> null;
    };
  }

  /** Widening forms with one source; {@code left} is the shift of SSHLL and USHLL. Null if it is none. */
  static VectorOperation two(Insn insn, int word, int size, int left) {
    WidenOperation widen = switch (insn) {
      case SSHLL -> a -> LaneShift.shl(LanePermute.signExpand(a, size), left, size + 1);
      case USHLL -> a -> LaneShift.shl(LanePermute.expand(a, size), left, size + 1);
      case SHLL -> a -> LaneShift.shl(LanePermute.expand(a, size), 8 << size, size + 1);
      default -> null;
    };
    if (widen == null) {
      return null;
    }
    int d = 2 * rd(word);
    int n = 2 * rn(word) + (q(word) ? 1 : 0);
    return (v, fpcr, status) -> {
      long a = v[n];
      v[d] = widen.apply(a);
      v[d + 1] = widen.apply(a >>> 32);
    };
  }

  /** Narrowing forms; {@code size} is that of the result, {@code right} the shift of those that have one. Null if it is none. */
  static VectorOperation narrow(Insn insn, int word, int size, int right) {
    int wide = size + 1;
    HalfOperation first = switch (insn) {
      case XTN, SQXTN_VEC, SQXTN_SCALAR, SQXTUN_VEC, SQXTUN_SCALAR, UQXTN_VEC, UQXTN_SCALAR -> (d, n, m, c, s) -> n;
      case ADDHN -> (d, n, m, c, s) -> LaneArithmetic.add(n, m, wide);
      case SUBHN -> (d, n, m, c, s) -> LaneArithmetic.sub(n, m, wide);
      case RADDHN -> {
        long half = Lanes.ones(wide) << (8 << size) - 1;
        yield (d, n, m, c, s) -> LaneArithmetic.add(LaneArithmetic.add(n, m, wide), half, wide);
      }
      case RSUBHN -> {
        long half = Lanes.ones(wide) << (8 << size) - 1;
        yield (d, n, m, c, s) -> LaneArithmetic.add(LaneArithmetic.sub(n, m, wide), half, wide);
      }
      case SHRN, UQSHRN_VEC, UQSHRN_SCALAR -> (d, n, m, c, s) -> LaneShift.ushr(n, right, wide);
      case RSHRN, UQRSHRN_VEC, UQRSHRN_SCALAR -> (d, n, m, c, s) -> LaneShift.urshr(n, right, wide);
      case SQSHRN_VEC, SQSHRN_SCALAR, SQSHRUN_VEC, SQSHRUN_SCALAR -> (d, n, m, c, s) -> LaneShift.sshr(n, right, wide);
      case SQRSHRN_VEC, SQRSHRN_SCALAR, SQRSHRUN_VEC, SQRSHRUN_SCALAR ->
          (d, n, m, c, s) -> LaneShift.srshr(n, right, wide);
      default -> null;
    };
    if (first == null) {
      return null;
    }
    NarrowOperation narrow = switch (insn) {
      case XTN, SHRN, RSHRN -> (low, high, c, s) -> LanePermute.narrow(low, high, size);
      case ADDHN, SUBHN, RADDHN, RSUBHN -> (low, high, c, s) -> LanePermute.narrowHigh(low, high, size);
      case SQXTN_VEC, SQXTN_SCALAR, SQSHRN_VEC, SQSHRN_SCALAR, SQRSHRN_VEC, SQRSHRN_SCALAR ->
          (low, high, c, s) -> LaneNarrow.sqxtn(low, high, size, s);
      case UQXTN_VEC, UQXTN_SCALAR, UQSHRN_VEC, UQSHRN_SCALAR, UQRSHRN_VEC, UQRSHRN_SCALAR ->
          (low, high, c, s) -> LaneNarrow.uqxtn(low, high, size, s);
      default -> (low, high, c, s) -> LaneNarrow.sqxtun(low, high, size, s);
    };
    return switch (insn) {
      case SQXTN_SCALAR, SQXTUN_SCALAR, UQXTN_SCALAR, SQSHRN_SCALAR, SQRSHRN_SCALAR, SQSHRUN_SCALAR, SQRSHRUN_SCALAR,
          UQSHRN_SCALAR, UQRSHRN_SCALAR -> Shapes.scalarNarrowed(word, size, first, narrow);
      default -> Shapes.narrowed(word, first, narrow);
    };
  }
}
