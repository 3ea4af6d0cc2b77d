// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/** What a single-copy atomic instruction makes of memory's value and its operand (FEAT_LSE). Values are zero-extended. */
public enum AtomicOperation {
  /** LDADD. */
  ADD,
  /** LDCLR. */
  CLEAR,
  /** LDEOR. */
  EXCLUSIVE_OR,
  /** LDSET. */
  SET,
  /** LDSMAX. */
  SIGNED_MAXIMUM,
  /** LDSMIN. */
  SIGNED_MINIMUM,
  /** LDUMAX. */
  UNSIGNED_MAXIMUM,
  /** LDUMIN. */
  UNSIGNED_MINIMUM,
  /** SWP. */
  SWAP;

  /** The new value; only its low {@code size} bytes count. */
  public long apply(long old, long operand, int size) {
    int unused = 64 - 8 * size;
    long signedOld = old << unused >> unused;
    long signed = operand << unused >> unused;
    long unsignedOperand = operand << unused >>> unused;
    return switch (this) {
      case ADD -> old + operand;
      case CLEAR -> old & ~operand;
      case EXCLUSIVE_OR -> old ^ operand;
      case SET -> old | operand;
      case SIGNED_MAXIMUM -> Math.max(signedOld, signed);
      case SIGNED_MINIMUM -> Math.min(signedOld, signed);
      case UNSIGNED_MAXIMUM -> Long.compareUnsigned(old, unsignedOperand) >= 0 ? old : operand;
      case UNSIGNED_MINIMUM -> Long.compareUnsigned(old, unsignedOperand) <= 0 ? old : operand;
      case SWAP -> operand;
    };
  }
}
