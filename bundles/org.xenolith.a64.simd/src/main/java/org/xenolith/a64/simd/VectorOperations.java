// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.isa.Fields.esize;

import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;

/** Finds the {@link VectorOperation} of an instruction word. */
public final class VectorOperations {
  private VectorOperations() {}

  /**
   * The operation of a form whose operands are vector registers only. Fields are resolved here, once.
   *
   * @param insn the form of the word
   * @param word an allocated encoding of the form
   * @return null if the form also has general registers, flags or memory among its operands
   */
  public static VectorOperation of(Insn insn, int word) {
    return switch (insn.group()) {
      case FP -> FloatOperations.of(insn, word);
      case CRYPTO -> CryptoOperations.of(insn, word);
      case ASIMD, ASIMD_SCALAR -> vector(insn, word);
      default -> null;
    };
  }

  private static VectorOperation vector(Insn insn, int word) {
    HalfOperation bitwise = IntegerOperations.bitwise(insn);
    if (bitwise != null) {
      return Shapes.same(word, bitwise);
    }
    VectorOperation op = CopyOperations.of(insn, word);
    if (op == null) {
      op = insn.hasField("immh") ? shift(insn, word) : lanewise(insn, word);
    }
    return op != null ? op : FloatOperations.of(insn, word);
  }

  private static VectorOperation lanewise(Insn insn, int word) {
    int size = esize(word);
    boolean scalar = insn.group() == InsnGroup.ASIMD_SCALAR;
    HalfOperation op = IntegerOperations.three(insn, size);
    if (op != null) {
      return switch (insn) {
        case ADDP_VEC, SMAXP_VEC, SMINP_VEC, UMAXP_VEC, UMINP_VEC -> Shapes.pairs(word, size, op);
        case MUL_ELEMENT, MLA_ELEMENT, MLS_ELEMENT, SQDMULH_ELEMENT, SQRDMULH_ELEMENT -> Shapes.element(word, size, op);
        case SQDMULH_SCALAR_ELEMENT, SQRDMULH_SCALAR_ELEMENT -> Shapes.scalarElement(word, size, size, op);
        default -> scalar ? Shapes.scalar(word, size, op) : Shapes.same(word, op);
      };
    }
    op = IntegerOperations.two(insn, size);
    if (op != null) {
      return scalar ? Shapes.scalar(word, size, op) : Shapes.same(word, op);
    }
    if (size == 3) {
      return null;
    }
    VectorOperation other = LongOperations.three(insn, word);
    other = other != null ? other : LongOperations.two(insn, word, size, 0);
    return other != null ? other : LongOperations.narrow(insn, word, size, 0);
  }

  /** Shifts by an immediate: immh:immb is the left shift plus the lane's width, or twice that width less the right shift. */
  private static VectorOperation shift(Insn insn, int word) {
    int value = word >>> 16 & 127;
    int size = 28 - Integer.numberOfLeadingZeros(value);
    int bits = 8 << size;
    int right = 2 * bits - value;
    int left = value - bits;
    HalfOperation op = IntegerOperations.shift(insn, size, right, left);
    if (op != null) {
      return insn.group() == InsnGroup.ASIMD_SCALAR ? Shapes.scalar(word, size, op) : Shapes.same(word, op);
    }
    if (size == 3) {
      return null;
    }
    VectorOperation other = LongOperations.two(insn, word, size, left);
    return other != null ? other : LongOperations.narrow(insn, word, size, right);
  }
}
