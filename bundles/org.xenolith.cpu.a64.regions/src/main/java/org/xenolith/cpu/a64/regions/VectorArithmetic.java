// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.a64.isa.SimdImmediate;
import org.xenolith.a64.simd.LaneArithmetic;
import org.xenolith.a64.simd.LaneCompare;
import org.xenolith.a64.simd.LaneShift;
import org.xenolith.a64.simd.Lanes;

/**
 * Code of Advanced SIMD on integers, for what compilers and the kernel use most: on {@code Cpu.v}, two 64-bit halves a
 * register, lanes side by side in a long. What isn't covered here is left to the interpreter's nodes.
 */
final class VectorArithmetic {
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final MethodTypeDesc OF_TWO = MethodTypeDesc.of(LONG, LONG, LONG, INT);
  private static final MethodTypeDesc SHIFTED = MethodTypeDesc.of(LONG, LONG, INT, INT);

  /** What to do with a half of the registers: pushes the result. */
  private interface Half {
    void push(int half);
  }

  private final Frame frame;
  private final CodeBuilder cb;

  VectorArithmetic(Frame frame) {
    this.frame = frame;
    cb = frame.cb;
  }

  /** Whether there is code for it. */
  static boolean covers(Insn insn) {
    return switch (insn) {
      case MOVI_32, MOVI_16, MOVI_MSL, MOVI_8, MOVI_64, MOVI_64_SCALAR, FMOV_VEC_IMM, MVNI_32, MVNI_16, MVNI_MSL,
          ORR_VEC_IMM_32, ORR_VEC_IMM_16, BIC_VEC_IMM_32, BIC_VEC_IMM_16,
          AND_VEC, BIC_VEC, ORR_VEC, ORN_VEC, EOR_VEC, BSL_VEC, BIT_VEC, BIF_VEC, NOT,
          ADD_VEC, ADD_SCALAR, SUB_VEC, SUB_SCALAR, SHL_VEC_IMM, SHL_SCALAR_IMM, USHR_VEC_IMM, USHR_SCALAR_IMM,
          SSHR_VEC_IMM, SSHR_SCALAR_IMM, USRA_VEC_IMM, USRA_SCALAR_IMM, SLI_VEC_IMM, SLI_SCALAR_IMM,
          SRI_VEC_IMM, SRI_SCALAR_IMM, DUP_GENERAL, INS_GENERAL, UMOV, SMOV, DUP_ELEMENT, DUP_SCALAR, INS_ELEMENT -> true;
      default -> owner(insn) != null;
    };
  }

  /** The class of the lane-wise work of two registers, for what has no code of its own; else null. */
  private static ClassDesc owner(Insn insn) {
    Class<?> owner = switch (insn) {
      case MUL_VEC, MLA_VEC, MLS_VEC, MUL_ELEMENT, MLA_ELEMENT, MLS_ELEMENT, UABD_VEC, SABD_VEC -> LaneArithmetic.class;
      case CMEQ_VEC, CMEQ_SCALAR, CMTST_VEC, CMTST_SCALAR, CMHI_VEC, CMHI_SCALAR, CMHS_VEC, CMHS_SCALAR, CMGT_VEC, CMGT_SCALAR,
          CMGE_VEC, CMGE_SCALAR, SMAX_VEC, SMIN_VEC, UMAX_VEC, UMIN_VEC, CMEQ_ZERO_VEC, CMEQ_ZERO_SCALAR -> LaneCompare.class;
      default -> null;
    };
    return owner == null ? null : owner.describeConstable().orElseThrow();
  }

  private static String name(Insn insn) {
    return switch (insn) {
      case MUL_VEC, MLA_VEC, MLS_VEC, MUL_ELEMENT, MLA_ELEMENT, MLS_ELEMENT -> "mul";
      case UABD_VEC -> "uabd";
      case SABD_VEC -> "sabd";
      case CMEQ_VEC, CMEQ_SCALAR, CMEQ_ZERO_VEC, CMEQ_ZERO_SCALAR -> "eq";
      case CMTST_VEC, CMTST_SCALAR -> "tst";
      case CMHI_VEC, CMHI_SCALAR -> "hi";
      case CMHS_VEC, CMHS_SCALAR -> "hs";
      case CMGT_VEC, CMGT_SCALAR -> "gt";
      case CMGE_VEC, CMGE_SCALAR -> "ge";
      case SMAX_VEC -> "smax";
      case SMIN_VEC -> "smin";
      case UMAX_VEC -> "umax";
      default -> "umin";
    };
  }

  /** Emits an instruction that is covered. */
  void emit(Insn insn, int word) {
    int d = Fields.rd(word);
    int n = Fields.rn(word);
    int m = Fields.rm(word);
    switch (insn) {
      case MOVI_32, MOVI_16, MOVI_MSL, MOVI_8, MOVI_64, MOVI_64_SCALAR, FMOV_VEC_IMM ->
          halves(insn, word, half -> cb.loadConstant(SimdImmediate.expand(word)));
      case MVNI_32, MVNI_16, MVNI_MSL -> halves(insn, word, half -> cb.loadConstant(~SimdImmediate.expand(word)));
      case ORR_VEC_IMM_32, ORR_VEC_IMM_16 -> halves(insn, word, half -> {
        push(d, half);
        cb.loadConstant(SimdImmediate.expand(word)).lor();
      });
      case BIC_VEC_IMM_32, BIC_VEC_IMM_16 -> halves(insn, word, half -> {
        push(d, half);
        cb.loadConstant(~SimdImmediate.expand(word)).land();
      });
      case DUP_GENERAL -> {
        frame.get(Operands.source(n));
        everywhere(insn, word, laneSize(word));
      }
      case DUP_ELEMENT -> {
        lane(n, laneIndex(word), laneSize(word));
        everywhere(insn, word, laneSize(word));
      }
      case DUP_SCALAR -> {
        lane(n, laneIndex(word), laneSize(word));
        cb.lstore(Frame.T1);
        halves(insn, word, half -> cb.lload(Frame.T1));
      }
      case INS_GENERAL -> {
        frame.get(Operands.source(n));
        insert(d, laneIndex(word), laneSize(word));
      }
      case INS_ELEMENT -> {
        lane(n, (word >>> 11 & 15) >>> laneSize(word), laneSize(word));
        insert(d, laneIndex(word), laneSize(word));
      }
      case UMOV, SMOV -> {
        lane(n, laneIndex(word), laneSize(word));
        if (insn == Insn.SMOV) {
          int spare = 64 - Lanes.bits(laneSize(word));
          cb.loadConstant(spare).lshl().loadConstant(spare).lshr();
          frame.narrow(Fields.q(word));
        }
        frame.set(Operands.target(d));
      }
      case AND_VEC, BIC_VEC, ORR_VEC, ORN_VEC, EOR_VEC, BSL_VEC, BIT_VEC, BIF_VEC, NOT ->
          halves(insn, word, half -> bitwise(insn, d, n, m, half));
      case SHL_VEC_IMM, SHL_SCALAR_IMM, USHR_VEC_IMM, USHR_SCALAR_IMM, SSHR_VEC_IMM, SSHR_SCALAR_IMM, USRA_VEC_IMM,
          USRA_SCALAR_IMM, SLI_VEC_IMM, SLI_SCALAR_IMM, SRI_VEC_IMM, SRI_SCALAR_IMM ->
          halves(insn, word, half -> shift(insn, word, half));
      case MUL_ELEMENT, MLA_ELEMENT, MLS_ELEMENT -> {
        element(word);
        halves(insn, word, half -> sum(insn, word, half));
      }
      default -> halves(insn, word, half -> sum(insn, word, half));
    }
  }

  /** Puts the lane of the second source that is a factor of every lane into each lane of T3. */
  private void element(int word) {
    int size = Fields.esize(word);
    // 16-bit lanes are in V0 to V15 only, and have bit 20 as a part of the index.
    int register = word >>> 16 & (size == 1 ? 15 : 31);
    int index = (word >>> 11 & 1) << 1 | word >>> 21 & 1;
    lane(register, size == 1 ? index << 1 | word >>> 20 & 1 : index, size);
    cb.loadConstant(Lanes.ones(size)).lmul().lstore(Frame.T3);
  }

  private void push(int register, int half) {
    cb.aload(Frame.V).loadConstant(2 * register + half).laload();
  }

  /** Stores what is pushed for each half; forms of 64 bits and scalar ones clear the upper one. */
  private void halves(Insn insn, int word, Half value) {
    int d = 2 * Fields.rd(word);
    boolean full = insn.group() == InsnGroup.ASIMD && Fields.q(word);
    for (int half = 0; half < (full ? 2 : 1); half++) {
      cb.aload(Frame.V).loadConstant(d + half);
      value.push(half);
      cb.lastore();
    }
    if (!full) {
      cb.aload(Frame.V).loadConstant(d + 1).lconst_0().lastore();
    }
  }

  // ---- Single lanes: the lowest set bit of imm5 gives the size, the bits above it the lane

  private static int laneSize(int word) {
    return Integer.numberOfTrailingZeros(word >>> 16);
  }

  private static int laneIndex(int word) {
    return (word >>> 16 & 31) >>> laneSize(word) + 1;
  }

  /** Pushes a lane, zero-extended. */
  private void lane(int register, int index, int size) {
    push(register, index << size >>> 3);
    int shift = (index & 7 >>> size) << size + 3;
    if (shift != 0) {
      cb.loadConstant(shift).lushr();
    }
    mask(Lanes.mask(size));
  }

  private void mask(long bits) {
    if (bits != -1) {
      cb.loadConstant(bits).land();
    }
  }

  /** Replicates what is on the stack. */
  private void everywhere(Insn insn, int word, int size) {
    mask(Lanes.mask(size));
    if (size < 3) {
      cb.loadConstant(Lanes.ones(size)).lmul();
    }
    cb.lstore(Frame.T1);
    halves(insn, word, half -> cb.lload(Frame.T1));
  }

  /** Puts what is on the stack into a lane. */
  private void insert(int register, int index, int size) {
    int half = index << size >>> 3;
    int shift = (index & 7 >>> size) << size + 3;
    mask(Lanes.mask(size));
    cb.lstore(Frame.T1);
    cb.aload(Frame.V).loadConstant(2 * register + half);
    if (size == 3) {
      cb.lload(Frame.T1);
    } else {
      push(register, half);
      cb.loadConstant(~(Lanes.mask(size) << shift)).land().lload(Frame.T1);
      if (shift != 0) {
        cb.loadConstant(shift).lshl();
      }
      cb.lor();
    }
    cb.lastore();
  }

  // ---- Lane by lane

  private void bitwise(Insn insn, int d, int n, int m, int half) {
    switch (insn) {
      case NOT -> {
        push(n, half);
        cb.loadConstant(-1L).lxor();
      }
      case BSL_VEC -> choose(m, n, d, half);
      case BIT_VEC -> choose(d, n, m, half);
      case BIF_VEC -> choose(n, d, m, half);
      default -> {
        push(n, half);
        if (insn == Insn.ORR_VEC && n == m) {
          return;
        }
        push(m, half);
        switch (insn) {
          case AND_VEC -> cb.land();
          case BIC_VEC -> cb.loadConstant(-1L).lxor().land();
          case ORR_VEC -> cb.lor();
          case ORN_VEC -> cb.loadConstant(-1L).lxor().lor();
          default -> cb.lxor();
        }
      }
    }
  }

  /** Bits of {@code b} where {@code mask} has ones, else of {@code a}. */
  private void choose(int a, int b, int mask, int half) {
    push(a, half);
    push(a, half);
    push(b, half);
    cb.lxor();
    push(mask, half);
    cb.land().lxor();
  }

  /** Shifts by immh:immb: the left shift plus the lane's width, or twice that width less the right shift. */
  private void shift(Insn insn, int word, int half) {
    int value = word >>> 16 & 127;
    int size = 28 - Integer.numberOfLeadingZeros(value);
    int bits = Lanes.bits(size);
    int right = 2 * bits - value;
    int left = value - bits;
    int d = Fields.rd(word);
    int n = Fields.rn(word);
    switch (insn) {
      case SHL_VEC_IMM, SHL_SCALAR_IMM -> left(n, half, left, size);
      case SLI_VEC_IMM, SLI_SCALAR_IMM -> {
        left(n, half, left, size);
        push(d, half);
        cb.loadConstant(~LaneShift.shl(-1, left, size)).land().lor();
      }
      case USHR_VEC_IMM, USHR_SCALAR_IMM -> right(n, half, right, size);
      case SRI_VEC_IMM, SRI_SCALAR_IMM -> {
        right(n, half, right, size);
        push(d, half);
        cb.loadConstant(~LaneShift.ushr(-1, right, size)).land().lor();
      }
      case USRA_VEC_IMM, USRA_SCALAR_IMM -> {
        push(d, half);
        right(n, half, right, size);
        add(false, size);
      }
      default -> {
        push(n, half);
        if (size == 3) {
          cb.loadConstant(Math.min(right, 63)).lshr();
        } else {
          cb.loadConstant(right).loadConstant(size)
              .invokestatic(LaneShift.class.describeConstable().orElseThrow(), "sshr", SHIFTED);
        }
      }
    }
  }

  private void left(int n, int half, int by, int size) {
    push(n, half);
    if (by != 0) {
      cb.loadConstant(by).lshl();
      mask(LaneShift.shl(-1, by, size));
    }
  }

  private void right(int n, int half, int by, int size) {
    if (by == Lanes.bits(size)) {
      cb.lconst_0();
      return;
    }
    push(n, half);
    cb.loadConstant(by).lushr();
    mask(LaneShift.ushr(-1, by, size));
  }

  /** Adds or subtracts the lanes of two longs on the stack. */
  private void add(boolean subtract, int size) {
    if (size == 3) {
      if (subtract) {
        cb.lsub();
      } else {
        cb.ladd();
      }
      return;
    }
    // The sign bits are kept out of the sum and put in afterwards, so that nothing is carried into the next lane.
    long signs = Lanes.signs(size);
    cb.lstore(Frame.T2).lstore(Frame.T1);
    cb.lload(Frame.T1).loadConstant(subtract ? signs : ~signs);
    if (subtract) {
      cb.lor().lload(Frame.T2).loadConstant(~signs).land().lsub();
    } else {
      cb.land().lload(Frame.T2).loadConstant(~signs).land().ladd();
    }
    cb.lload(Frame.T1).lload(Frame.T2).lxor();
    if (subtract) {
      cb.loadConstant(-1L).lxor();
    }
    cb.loadConstant(signs).land().lxor();
  }

  private void sum(Insn insn, int word, int half) {
    int size = Fields.esize(word);
    boolean more = insn == Insn.MLA_VEC || insn == Insn.MLA_ELEMENT;
    boolean less = insn == Insn.MLS_VEC || insn == Insn.MLS_ELEMENT;
    if (more || less) {
      push(Fields.rd(word), half);
    }
    push(Fields.rn(word), half);
    switch (insn) {
      case CMEQ_ZERO_VEC, CMEQ_ZERO_SCALAR -> cb.lconst_0();
      case MUL_ELEMENT, MLA_ELEMENT, MLS_ELEMENT -> cb.lload(Frame.T3);
      default -> push(Fields.rm(word), half);
    }
    switch (insn) {
      case ADD_VEC, ADD_SCALAR -> add(false, size);
      case SUB_VEC, SUB_SCALAR -> add(true, size);
      default -> {
        cb.loadConstant(size).invokestatic(owner(insn), name(insn), OF_TWO);
        if (more || less) {
          add(less, size);
        }
      }
    }
  }
}
