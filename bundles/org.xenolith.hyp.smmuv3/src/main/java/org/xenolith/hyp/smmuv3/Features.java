// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.xenolith.hyp.smmuv3.Registers.IDR0;
import static org.xenolith.hyp.smmuv3.Registers.IDR1;
import static org.xenolith.hyp.smmuv3.Registers.IDR5;

/** What an SMMU says that it can (Arm IHI 0070, 6.3.1, 6.3.2 and 6.3.6). */
record Features(long idr0, long idr1, long idr5) {
  private static final int[] OUTPUT_BITS = {32, 36, 40, 42, 44, 48, 52, 52};
  private static final int PAGE_SHIFT = 12;
  private static final int STRIDE = 9;
  private static final int LAST_LEVEL = 3;
  /** Log2 of the most tables that stage 2 puts side by side at its first level. */
  private static final int SIDE_BY_SIDE = 4;

  static Features of(Registers registers) {
    return new Features(registers.present(IDR0), registers.read(IDR1), registers.read(IDR5));
  }

  private static int field(long word, int from, int bits) {
    return (int) (word >>> from) & (1 << bits) - 1;
  }

  /** Why it can't be driven; null if it can. */
  String unfit() {
    if (field(idr0, 0, 1) == 0) {
      return "it has no stage 2";
    } else if ((field(idr0, 2, 2) & 2) == 0) {
      return "it walks no AArch64 tables";
    } else if (field(idr0, 21, 2) == 3) {
      return "its tables are big-endian";
    } else if (field(idr1, 29, 2) != 0) {
      return "its tables or queues are at fixed places";
    }
    return null;
  }

  /** Bits of the addresses that come out. */
  int outputBits() {
    return OUTPUT_BITS[field(idr5, 0, 3)];
  }

  private int inputBits() {
    return field(idr0, 2, 2) == 3 ? Math.max(40, outputBits()) : outputBits();
  }

  boolean messages() {
    return field(idr0, 13, 1) != 0;
  }

  boolean twoLevels() {
    return field(idr0, 27, 2) == 1;
  }

  boolean el2() {
    return field(idr0, 9, 1) != 0;
  }

  int streamBits() {
    return Math.min(field(idr1, 0, 6), 32);
  }

  /** Log2 of the most entries of the command queue. */
  int commandBits() {
    return field(idr1, 21, 5);
  }

  /** Log2 of the most entries of the event queue. */
  int eventBits() {
    return field(idr1, 16, 5);
  }

  /**
   * Why it can't walk the tables of a domain; null if it can.
   *
   * @param vttbr   VTTBR_EL2
   * @param control VTCR_EL2 (Arm ARM DDI 0487, D19.2)
   */
  String unfit(long vttbr, long control) {
    int bits = 64 - field(control, 0, 6);
    int granule = field(control, 14, 2);
    int level = field(control, 6, 2);
    int first = bits - PAGE_SHIFT - (LAST_LEVEL - (2 - level)) * STRIDE;
    if (granule != 0 || field(idr5, 4, 1) == 0) {
      return "its granule of pages and that of stage 2 differ";
    } else if (bits > inputBits()) {
      return "stage 2 takes " + bits + " bits of intermediate addresses, the SMMU " + inputBits();
    } else if (level > 2 || first < 1 || first > STRIDE + SIDE_BY_SIDE) {
      return "stage 2 begins with a level that doesn't suit its " + bits + " bits";
    } else if (vttbr >>> 48 > 0xFF && field(idr0, 18, 1) == 0) {
      return "it has VMIDs of 8 bits only";
    } else if ((vttbr & 0xFFFF_FFFF_FFFFL) >>> outputBits() != 0) {
      return "stage 2 begins beyond the addresses that it reaches";
    }
    return null;
  }

  /** STE.S2VTCR: the fields of VTCR_EL2 in the same places, the physical size as large as the SMMU has it. */
  long tableControl(long control) {
    return control & 0xFFFF | (long) Math.min(field(control, 16, 3), field(idr5, 0, 3)) << 16;
  }
}
