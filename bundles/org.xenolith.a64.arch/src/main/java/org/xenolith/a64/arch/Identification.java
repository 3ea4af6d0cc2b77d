// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;


/**
 * Values of the identification registers: what is built, in the words of Cortex-A57 (Technical Reference Manual, 4.3) where
 * that leaves a choice. AArch32 isn't built at any level, so the registers that describe it read zero.
 */
final class Identification {
  /** ICC_IAR1_EL1: who claims it is a GICv3 CPU interface. */
  private static final int ICC_IAR1 = SystemRegister.id(3, 0, 12, 12, 0);
  /** PMCR_EL0: who claims it is a PMUv3. */
  static final int PMCR = SystemRegister.id(3, 3, 9, 12, 0);

  /** 64-byte lines, VIPT instruction cache, no IDC, no DIC. */
  private static final long CTR = 0x8444_C004L;
  static final int BREAKPOINTS = 6;
  /** Of these, the last ones compare context IDs and VMIDs. */
  static final int CONTEXT_BREAKPOINTS = 2;
  static final int WATCHPOINTS = 4;
  /** Split level 1, unified level 2. */
  private static final long CLIDR = 0x0A20_0023L;
  /** 32 KiB data, 48 KiB instruction, 2 MiB level 2. */
  private static final long[] CCSIDR = {0x701F_E00AL, 0x201F_E012L, 0x70FF_E07AL};
  /** Bytes that DC ZVA clears, as a power of two of words. */
  static final int ZVA_WORDS_SHIFT = 4;

  private Identification() {}

  /** Whether an encoding is in the block of ID registers: op0=3, op1=0, CRn=0, CRm 1 to 7. Unallocated ones read zero. */
  static boolean inBlock(int id) {
    return id >> 7 == SystemRegister.id(3, 0, 0, 0, 0) >> 7 && (id >> 3 & 15) >= 1 && (id >> 3 & 15) <= 7;
  }

  static long block(Cpu cpu, int id) {
    CpuConfig config = cpu.config;
    return switch (id & 0x7F) {
      // ID_AA64PFR0_EL1: EL0, EL1, EL2, EL3 AArch64 only; FP and AdvSIMD without half-precision arithmetic
      case 4 << 3 -> 0x11 | (config.el2() ? 1 << 8 : 0) | (config.el3() ? 1 << 12 : 0) | (claimed(cpu, ICC_IAR1) ? 1 << 24 : 0);
      // ID_AA64DFR0_EL1: debug v8.0 with the OS Double Lock
      case 5 << 3 -> (CONTEXT_BREAKPOINTS - 1) << 28 | (WATCHPOINTS - 1) << 20 | (BREAKPOINTS - 1) << 12 | 6
          | (claimed(cpu, PMCR) ? 1 << 8 : 0);
      // ID_AA64ISAR0_EL1: AES and PMULL, SHA1, SHA256, CRC32
      case 6 << 3 -> 0x1_1120 | (config.lse() ? 2 << 20 : 0);
      // ID_AA64MMFR0_EL1: size of physical addresses, 16-bit ASIDs, little-endian, granules; the same ones at stage 2
      case 7 << 3 -> 0x20 | CpuConfig.PHYSICAL_SIZES.indexOf(config.physicalBits()) | granules(config);
      case 7 << 3 | 1 -> config.pan() ? 1 << 20 : 0;
      default -> 0;
    };
  }

  /** TGran4 31:28 and TGran64 27:24, of which 15 is none, and TGran16 23:20, of which 1 is there. */
  private static long granules(CpuConfig config) {
    return (config.granules().contains(Granule.K4) ? 0 : 15L << 28) | (config.granules().contains(Granule.K64) ? 0 : 15 << 24)
        | (config.granules().contains(Granule.K16) ? 1 << 20 : 0);
  }

  /**
   * What MRS reads. EL2 that is Java's is hidden from what runs below it, not from devices; who wants it seen answers for
   * itself (HCR_EL2.TID3).
   */
  static long read(Cpu cpu, int id) {
    boolean hidden = (id & 0x7F) == 4 << 3 && cpu.el < 2 && cpu.el2.attached();
    return block(cpu, id) & (hidden ? ~(15L << 8) : -1);
  }

  private static boolean claimed(Cpu cpu, int id) {
    return cpu.slot(id).handler != null;
  }

  static long constant(SysReg reg) {
    return switch (reg) {
      case CTR_EL0 -> CTR;
      case CLIDR_EL1 -> CLIDR;
      default -> 0;
    };
  }

  static long cacheSize(long selector) {
    return selector >>> 1 > 1 || selector == 3 ? 0 : CCSIDR[(int) selector];
  }
}
