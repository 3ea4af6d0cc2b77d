// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/**
 * Values of the identification registers: what the CPU's description says, less what its machine hasn't, and what options add. AArch32 isn't built at any level, so the
 * registers that describe it read zero.
 */
final class Identification {
  /** ICC_IAR1_EL1: who claims it is a GICv3 CPU interface. */
  private static final int ICC_IAR1 = SystemRegister.id(3, 0, 12, 12, 0);
  /** PMCR_EL0: who claims it is a PMUv3. */
  static final int PMCR = SystemRegister.id(3, 3, 9, 12, 0);

  static final int BREAKPOINTS = 6;
  /** Of these, the last ones compare context IDs and VMIDs. */
  static final int CONTEXT_BREAKPOINTS = 2;
  static final int WATCHPOINTS = 4;
  private static final int EL2 = 8;
  private static final int EL3 = 12;
  private static final int GIC = 24;
  private static final int PMU = 8;

  private Identification() {}

  /** Whether an encoding is in the block of ID registers: op0=3, op1=0, CRn=0, CRm 1 to 7. Unallocated ones read zero. */
  static boolean inBlock(int id) {
    return id >> 7 == SystemRegister.id(3, 0, 0, 0, 0) >> 7 && (id >> 3 & 15) >= 1 && (id >> 3 & 15) <= 7;
  }

  static long block(Cpu cpu, int id) {
    return block(cpu.config, id, claimed(cpu, ICC_IAR1), claimed(cpu, PMCR));
  }

  /**
   * A register of the block.
   *
   * @param gic whether there is a GICv3 CPU interface
   * @param pmu whether there are performance monitors
   */
  static long block(CpuConfig config, int id, boolean gic, boolean pmu) {
    int register = id & 0x7F;
    long said = config.model().block(register);
    return switch (register) {
      case CpuModel.PFR0 -> said & ~(field(!config.el2(), EL2) | field(!config.el3(), EL3) | field(!gic, GIC));
      case CpuModel.DFR0 -> said & ~field(!pmu, PMU);
      case CpuModel.ISAR0 -> said | (config.lse() ? 2 << 20 : 0);
      case CpuModel.MMFR0 -> said & ~15L | CpuConfig.PHYSICAL_SIZES.indexOf(config.physicalBits()) | granules(config);
      case CpuModel.MMFR1 -> said | (config.pan() ? 1 << 20 : 0);
      default -> said;
    };
  }

  private static long field(boolean absent, int low) {
    return absent ? 15L << low : 0;
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
    boolean hidden = (id & 0x7F) == CpuModel.PFR0 && cpu.el < 2 && cpu.el2.attached();
    return block(cpu, id) & (hidden ? ~(15L << EL2) : -1);
  }

  private static boolean claimed(Cpu cpu, int id) {
    return cpu.slot(id).handler != null;
  }

  static long constant(CpuModel model, SysReg reg) {
    return switch (reg) {
      case CTR_EL0 -> model.ctr;
      case CLIDR_EL1 -> model.clidr;
      case REVIDR_EL1 -> model.revidr;
      case AIDR_EL1 -> model.aidr;
      default -> 0;
    };
  }
}
