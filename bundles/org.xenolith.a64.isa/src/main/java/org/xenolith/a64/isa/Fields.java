// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/**
 * Fields of an instruction word that stand at the same place in all forms that have them, for engines that take them out at
 * decode time. Immediates come sign-extended or scaled where their name says so. Source: Arm ARM, C4.1.
 */
public final class Fields {
  private Fields() {
  }

  /** Destination register, bits 4 to 0. */
  public static int rd(int word) {
    return word & 31;
  }

  /** Transfer register, bits 4 to 0. */
  public static int rt(int word) {
    return word & 31;
  }

  /** First source or base register, bits 9 to 5. */
  public static int rn(int word) {
    return word >>> 5 & 31;
  }

  /** Second source or index register, bits 20 to 16. */
  public static int rm(int word) {
    return word >>> 16 & 31;
  }

  /** Status or source register of exclusive and atomic forms, bits 20 to 16. */
  public static int rs(int word) {
    return word >>> 16 & 31;
  }

  /** Addend register, bits 14 to 10. */
  public static int ra(int word) {
    return word >>> 10 & 31;
  }

  /** Second transfer register, bits 14 to 10. */
  public static int rt2(int word) {
    return word >>> 10 & 31;
  }

  /** Whether the operation is on 64 bits (bit 31). */
  public static boolean sf(int word) {
    return word < 0;
  }

  /** Access size of loads and stores as a power of two, bits 31 and 30. */
  public static int size(int word) {
    return word >>> 30;
  }

  /** Element size of Advanced SIMD as a power of two of bytes, bits 23 and 22. */
  public static int esize(int word) {
    return word >>> 22 & 3;
  }

  /** Whether an Advanced SIMD operation is on 128 bits (bit 30). */
  public static boolean q(int word) {
    return (word & 1 << 30) != 0;
  }

  /** Floating-point type, bits 23 and 22: 0 single, 1 double, 3 half. */
  public static int ftype(int word) {
    return word >>> 22 & 3;
  }

  /** Unsigned 12-bit immediate, not scaled. */
  public static int imm12(int word) {
    return word >>> 10 & 0xFFF;
  }

  /** Unsigned 12-bit immediate of ADD and SUB, shifted by 12 where bit 22 says so. */
  public static int addImmediate(int word) {
    return imm12(word) << ((word & 1 << 22) == 0 ? 0 : 12);
  }

  /** Signed 9-bit offset. */
  public static int simm9(int word) {
    return word << 11 >> 23;
  }

  /** Signed 7-bit offset of pairs, not scaled. */
  public static int simm7(int word) {
    return word << 10 >> 25;
  }

  /** Unsigned 16-bit immediate, bits 20 to 5. */
  public static int imm16(int word) {
    return word >>> 5 & 0xFFFF;
  }

  /** Half-word position of move wide in bits: 0, 16, 32 or 48. */
  public static int moveWideShift(int word) {
    return (word >>> 21 & 3) << 4;
  }

  /** Six-bit shift amount, or imms, bits 15 to 10. */
  public static int imms(int word) {
    return word >>> 10 & 63;
  }

  /** immr, bits 21 to 16. */
  public static int immr(int word) {
    return word >>> 16 & 63;
  }

  /** The mask of a logical immediate. The word must be allocated. */
  public static long logicalImmediate(int word) {
    return LogicalImmediate.decode(word >>> 22 & 1, immr(word), imms(word), sf(word));
  }

  /** Shift kind of shifted registers, bits 23 and 22: 0 LSL, 1 LSR, 2 ASR, 3 ROR. */
  public static int shift(int word) {
    return word >>> 22 & 3;
  }

  /** Extension of extended registers and register offsets, bits 15 to 13. */
  public static int option(int word) {
    return word >>> 13 & 7;
  }

  /** Left shift of extended registers, bits 12 to 10. */
  public static int imm3(int word) {
    return word >>> 10 & 7;
  }

  /** Condition of conditional select, compare, FCSEL and FCCMP, bits 15 to 12. */
  public static int cond(int word) {
    return word >>> 12 & 15;
  }

  /** Condition of B.cond, bits 3 to 0. */
  public static int branchCond(int word) {
    return word & 15;
  }

  /** Flags that a failed conditional compare gives, bits 3 to 0. */
  public static int nzcv(int word) {
    return word & 15;
  }

  /** Offset in bytes of B and BL. */
  public static long rel26(int word) {
    return (long) (word << 6 >> 6) << 2;
  }

  /** Offset in bytes of B.cond, CBZ, CBNZ and literal loads. */
  public static long rel19(int word) {
    return (long) (word << 8 >> 13) << 2;
  }

  /** Offset in bytes of TBZ and TBNZ. */
  public static long rel14(int word) {
    return (long) (word << 13 >> 18) << 2;
  }

  /** Bit number of TBZ and TBNZ. */
  public static int testBit(int word) {
    return word >>> 26 & 32 | word >>> 19 & 31;
  }

  /** Offset in bytes of ADR, or in pages of ADRP. */
  public static long adrImmediate(int word) {
    return (long) (word << 8 >> 13) << 2 | word >>> 29 & 3;
  }

  /**
   * System register of MRS and MSR, or operation of SYS and SYSL: op0 in bits 15 and 14, op1 in 13 to 11, CRn in 10 to 7,
   * CRm in 6 to 3, op2 in 2 to 0.
   */
  public static int systemRegister(int word) {
    return word >>> 5 & 0xFFFF;
  }
}
