// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/** Exception classes and syndromes of ESR_ELx. Source: Arm ARM DDI 0487, D19.2.37. */
final class Syndrome {
  static final int UNKNOWN = 0x00;
  static final int WF = 0x01;
  static final int FP_ACCESS = 0x07;
  static final int ILLEGAL_STATE = 0x0E;
  static final int SVC = 0x15;
  static final int HVC = 0x16;
  static final int SMC = 0x17;
  static final int SYSTEM = 0x18;
  /** From a lower level; one more from the same level. */
  static final int INSTRUCTION_ABORT = 0x20;
  static final int PC_ALIGNMENT = 0x22;
  /** From a lower level; one more from the same level. */
  static final int DATA_ABORT = 0x24;
  static final int SP_ALIGNMENT = 0x26;
  static final int SERROR = 0x2F;
  /** From a lower level; one more from the same level. */
  static final int BREAKPOINT = 0x30;
  /** From a lower level; one more from the same level. */
  static final int SOFTWARE_STEP = 0x32;
  /** From a lower level; one more from the same level. */
  static final int WATCHPOINT = 0x34;
  static final int BRK = 0x3C;

  /** ISS of a trapped WFI (0) or WFE (1): condition valid, always. */
  static final int WF_ALWAYS = 1 << 24 | 14 << 20;

  private Syndrome() {}

  /** ISS of a trapped MRS, MSR, SYS or SYSL. */
  static int system(int id, int rt, boolean read) {
    return (id >> 14 & 3) << 20 | (id & 7) << 17 | (id >> 11 & 7) << 14 | (id >> 7 & 15) << 10 | (rt & 31) << 5
        | (id >> 3 & 15) << 1 | (read ? 1 : 0);
  }

  /**
   * The instruction-specific part of a data abort that stage 2 reports for emulation: ISV, SAS, SSE, SRT, SF, AR; 0 for
   * forms that the architecture doesn't describe (pairs, exclusives, write-back, SIMD).
   */
  static int loadStore(int word) {
    boolean unsignedOffset = (word & 0x3B00_0000) == 0x3900_0000 && (word & 1 << 26) == 0;
    boolean otherSingle = (word & 0x3B00_0000) == 0x3800_0000 && (word & 1 << 26) == 0;
    boolean ordered = (word & 0x3FC0_8000) == 0x0880_8000 || (word & 0x3FC0_8000) == 0x08C0_8000;
    if (otherSingle) {
      int mode = (word & 1 << 21) != 0 ? (word >>> 10 & 3) == 2 ? 0 : -1 : word >>> 10 & 3;
      otherSingle = mode == 0 || mode == 2;
    }
    if (!unsignedOffset && !otherSingle && !ordered) {
      return 0;
    }
    int size = word >>> 30;
    int operation = ordered ? 0 : word >>> 22 & 3;
    boolean signed = operation >= 2;
    boolean wide = signed ? operation == 2 : size == 3;
    return 1 << 24 | size << 22 | (signed ? 1 << 21 : 0) | (word & 31) << 16 | (wide ? 1 << 15 : 0) | (ordered ? 1 << 14 : 0);
  }
}
