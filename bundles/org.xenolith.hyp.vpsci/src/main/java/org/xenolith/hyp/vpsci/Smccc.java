// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpsci;

/** What SMCCC itself defines: its version, architecture features, and who stands behind a range of functions. */
final class Smccc {
  static final int SMCCC_VERSION = 0x8000_0000;
  static final int ARCH_FEATURES = 0x8000_0001;
  /** Branch predictor hardening; a call does no harm where there is nothing to do. */
  static final int WORKAROUND_1 = 0x8000_8000;
  /** Speculative store bypass. */
  static final int WORKAROUND_2 = 0x8000_7FFF;
  /** Branch history. */
  static final int WORKAROUND_3 = 0x8000_3FFF;
  static final int STANDARD_COUNT = 0x8400_FF00;
  static final int STANDARD_UID = 0x8400_FF01;
  static final int STANDARD_REVISION = 0x8400_FF03;
  static final int HYPERVISOR_COUNT = 0x8500_FF00;
  static final int HYPERVISOR_UID = 0x8500_FF01;
  static final int HYPERVISOR_REVISION = 0x8500_FF03;

  private static final long VERSION_1_1 = 0x1_0001;
  /** Count, UID and revision. */
  private static final int GENERAL = 3;
  /** f863386f-4b39-4cbd-9220-ce1641e59f6f, four bytes a register, the first byte lowest. */
  private static final int[] STANDARD = {0x6F38_63F8, 0xBD4C_394B, 0x16CE_2092, 0x6F9F_E541};
  /** a71812dc-c698-4369-9acf-79d18ddee667. */
  private static final int[] HYPERVISOR = {0xDC12_18A7, 0x6943_98C6, 0xD179_CF9A, 0x67E6_DE8D};

  private Smccc() {}

  /**
   * Answers.
   *
   * @param arguments get x0 to x3
   * @return false if that is no function of SMCCC's own
   */
  static boolean call(int function, long[] arguments) {
    switch (function) {
      case SMCCC_VERSION -> arguments[0] = VERSION_1_1;
      // The machine's firmware offers no workaround, so the hypervisor passes none on.
      case ARCH_FEATURES -> arguments[0] = Psci.NOT_SUPPORTED;
      case WORKAROUND_1, WORKAROUND_2, WORKAROUND_3 -> arguments[0] = Psci.SUCCESS;
      case STANDARD_COUNT -> arguments[0] = Psci.FUNCTIONS + GENERAL;
      case HYPERVISOR_COUNT -> arguments[0] = GENERAL;
      case STANDARD_UID -> uid(STANDARD, arguments);
      case HYPERVISOR_UID -> uid(HYPERVISOR, arguments);
      case STANDARD_REVISION, HYPERVISOR_REVISION -> {
        arguments[0] = 0;
        arguments[1] = 1;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void uid(int[] words, long[] arguments) {
    for (int i = 0; i < 4; i++) {
      arguments[i] = words[i] & 0xFFFF_FFFFL;
    }
  }
}
