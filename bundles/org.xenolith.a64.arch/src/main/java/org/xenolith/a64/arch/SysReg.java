// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.List;

/**
 * The system registers that belong to the CPU itself: one row per register with its encoding, what it is and which bits can
 * be written. Generic timers, the GIC CPU interface and performance monitors are devices and claim theirs. Source: Arm ARM
 * DDI 0487, D19 (encodings in the order op0, op1, CRn, CRm, op2).
 */
public enum SysReg {
  // Identification that isn't in the block op0=3 op1=0 CRn=0
  CCSIDR_EL1(3, 1, 0, 0, 0, Kind.VIEW), CLIDR_EL1(3, 1, 0, 0, 1, Kind.CONSTANT), AIDR_EL1(3, 1, 0, 0, 7, Kind.CONSTANT),
  CSSELR_EL1(3, 2, 0, 0, 0, 0xF, 0), CTR_EL0(3, 3, 0, 0, 1, Kind.CONSTANT), DCZID_EL0(3, 3, 0, 0, 7, Kind.VIEW),
  MIDR_EL1(3, 0, 0, 0, 0, Kind.VIEW), MPIDR_EL1(3, 0, 0, 0, 5, Kind.VIEW), REVIDR_EL1(3, 0, 0, 0, 6, Kind.CONSTANT),
  VPIDR_EL2(3, 4, 0, 0, 0, 0xFFFF_FFFFL, 0), VMPIDR_EL2(3, 4, 0, 0, 5, 0xFF_C1FF_FFFFL, 0),
  // Control
  SCTLR_EL1(3, 0, 1, 0, 0, 0x048D_D21FL, 0x30D0_0800), ACTLR_EL1(3, 0, 1, 0, 1, 0, 0),
  CPACR_EL1(3, 0, 1, 0, 2, 0x30_0000, 0),
  SCTLR_EL2(3, 4, 1, 0, 0, 0x0208_180FL, 0x30C5_0830), ACTLR_EL2(3, 4, 1, 0, 1, 0x73, 0),
  HCR_EL2(3, 4, 1, 1, 0, 0x3_7FFF_FFFFL, 0x8000_0000L), MDCR_EL2(3, 4, 1, 1, 1, 0xFFF, 0),
  CPTR_EL2(3, 4, 1, 1, 2, 0x8010_0400L, 0x33FF), HSTR_EL2(3, 4, 1, 1, 3, 0xBFEF, 0), HACR_EL2(3, 4, 1, 1, 7, 0, 0),
  SCTLR_EL3(3, 6, 1, 0, 0, 0x0208_180FL, 0x30C5_0830), ACTLR_EL3(3, 6, 1, 0, 1, 0x73, 0),
  SCR_EL3(3, 6, 1, 1, 0, 0x3B8F, 0x430), CPTR_EL3(3, 6, 1, 1, 2, 0x8010_0400L, 0), MDCR_EL3(3, 6, 1, 3, 1, 0x33_C640L, 0),
  // Translation
  TTBR0_EL1(3, 0, 2, 0, 0, -1, 0), TTBR1_EL1(3, 0, 2, 0, 1, -1, 0), TCR_EL1(3, 0, 2, 0, 2, 0x77_FFFF_FFBFL, 0),
  TTBR0_EL2(3, 4, 2, 0, 0, -1, 0), TCR_EL2(3, 4, 2, 0, 2, 0x17_FF3FL, 0x8080_0000L),
  VTTBR_EL2(3, 4, 2, 1, 0, -1, 0), VTCR_EL2(3, 4, 2, 1, 2, 0xF_FFFFL, 0x8000_0000L),
  TTBR0_EL3(3, 6, 2, 0, 0, 0xFFFF_FFFF_FFFFL, 0), TCR_EL3(3, 6, 2, 0, 2, 0x17_FF3FL, 0x8080_0000L),
  // Exceptions
  SPSR_EL1(3, 0, 4, 0, 0, 0xFFFF_FFFFL, 0), ELR_EL1(3, 0, 4, 0, 1, -1, 0), SP_EL0(3, 0, 4, 1, 0, Kind.VIEW),
  SPSEL(3, 0, 4, 2, 0, Kind.VIEW), CURRENTEL(3, 0, 4, 2, 2, Kind.VIEW), PAN(3, 0, 4, 2, 3, Kind.VIEW),
  NZCV(3, 3, 4, 2, 0, Kind.VIEW), DAIF(3, 3, 4, 2, 1, Kind.VIEW), FPCR(3, 3, 4, 4, 0, Kind.VIEW),
  FPSR(3, 3, 4, 4, 1, Kind.VIEW),
  SPSR_EL2(3, 4, 4, 0, 0, 0xFFFF_FFFFL, 0), ELR_EL2(3, 4, 4, 0, 1, -1, 0), SP_EL1(3, 4, 4, 1, 0, Kind.VIEW),
  SPSR_EL3(3, 6, 4, 0, 0, 0xFFFF_FFFFL, 0), ELR_EL3(3, 6, 4, 0, 1, -1, 0), SP_EL2(3, 6, 4, 1, 0, Kind.VIEW),
  AFSR0_EL1(3, 0, 5, 1, 0, 0, 0), AFSR1_EL1(3, 0, 5, 1, 1, 0, 0), ESR_EL1(3, 0, 5, 2, 0, 0xFFFF_FFFFL, 0),
  AFSR0_EL2(3, 4, 5, 1, 0, 0, 0), AFSR1_EL2(3, 4, 5, 1, 1, 0, 0), ESR_EL2(3, 4, 5, 2, 0, 0xFFFF_FFFFL, 0),
  AFSR0_EL3(3, 6, 5, 1, 0, 0, 0), AFSR1_EL3(3, 6, 5, 1, 1, 0, 0), ESR_EL3(3, 6, 5, 2, 0, 0xFFFF_FFFFL, 0),
  FAR_EL1(3, 0, 6, 0, 0, -1, 0), FAR_EL2(3, 4, 6, 0, 0, -1, 0), HPFAR_EL2(3, 4, 6, 0, 4, 0xFF_FFFF_FFF0L, 0),
  FAR_EL3(3, 6, 6, 0, 0, -1, 0), PAR_EL1(3, 0, 7, 4, 0, -1, 0),
  MAIR_EL1(3, 0, 10, 2, 0, -1, 0), AMAIR_EL1(3, 0, 10, 3, 0, 0, 0), MAIR_EL2(3, 4, 10, 2, 0, -1, 0),
  AMAIR_EL2(3, 4, 10, 3, 0, 0, 0), MAIR_EL3(3, 6, 10, 2, 0, -1, 0), AMAIR_EL3(3, 6, 10, 3, 0, 0, 0),
  VBAR_EL1(3, 0, 12, 0, 0, ~0x7FFL, 0), ISR_EL1(3, 0, 12, 1, 0, Kind.VIEW), VBAR_EL2(3, 4, 12, 0, 0, ~0x7FFL, 0),
  VBAR_EL3(3, 6, 12, 0, 0, ~0x7FFL, 0), RVBAR_EL1(3, 0, 12, 0, 1, Kind.VIEW), RVBAR_EL2(3, 4, 12, 0, 1, Kind.VIEW),
  RVBAR_EL3(3, 6, 12, 0, 1, Kind.VIEW),
  // Software's own
  CONTEXTIDR_EL1(3, 0, 13, 0, 1, 0xFFFF_FFFFL, 0), TPIDR_EL1(3, 0, 13, 0, 4, -1, 0), TPIDR_EL0(3, 3, 13, 0, 2, -1, 0),
  TPIDRRO_EL0(3, 3, 13, 0, 3, -1, 0), TPIDR_EL2(3, 4, 13, 0, 2, -1, 0), TPIDR_EL3(3, 6, 13, 0, 2, -1, 0),
  // Self-hosted debug; nobody is at the other end of the debug communications channel
  OSDTRRX_EL1(2, 0, 0, 0, 2, 0xFFFF_FFFFL, 0), MDCCINT_EL1(2, 0, 0, 2, 0, 0x6000_0000, 0),
  MDSCR_EL1(2, 0, 0, 2, 2, 0x6CE0_F041L, 0), OSDTRTX_EL1(2, 0, 0, 3, 2, 0xFFFF_FFFFL, 0), OSECCR_EL1(2, 0, 0, 6, 2, 0, 0),
  DBGBVR0_EL1(2, 0, 0, 0, 4, -1, 0), DBGBVR1_EL1(2, 0, 0, 1, 4, -1, 0), DBGBVR2_EL1(2, 0, 0, 2, 4, -1, 0),
  DBGBVR3_EL1(2, 0, 0, 3, 4, -1, 0), DBGBVR4_EL1(2, 0, 0, 4, 4, -1, 0), DBGBVR5_EL1(2, 0, 0, 5, 4, -1, 0),
  DBGBCR0_EL1(2, 0, 0, 0, 5, 0xFF_E1E7L, 0), DBGBCR1_EL1(2, 0, 0, 1, 5, 0xFF_E1E7L, 0),
  DBGBCR2_EL1(2, 0, 0, 2, 5, 0xFF_E1E7L, 0), DBGBCR3_EL1(2, 0, 0, 3, 5, 0xFF_E1E7L, 0),
  DBGBCR4_EL1(2, 0, 0, 4, 5, 0xFF_E1E7L, 0), DBGBCR5_EL1(2, 0, 0, 5, 5, 0xFF_E1E7L, 0),
  DBGWVR0_EL1(2, 0, 0, 0, 6, ~3L, 0), DBGWVR1_EL1(2, 0, 0, 1, 6, ~3L, 0), DBGWVR2_EL1(2, 0, 0, 2, 6, ~3L, 0),
  DBGWVR3_EL1(2, 0, 0, 3, 6, ~3L, 0), DBGWCR0_EL1(2, 0, 0, 0, 7, 0x1F1F_FFFFL, 0),
  DBGWCR1_EL1(2, 0, 0, 1, 7, 0x1F1F_FFFFL, 0), DBGWCR2_EL1(2, 0, 0, 2, 7, 0x1F1F_FFFFL, 0),
  DBGWCR3_EL1(2, 0, 0, 3, 7, 0x1F1F_FFFFL, 0),
  MDRAR_EL1(2, 0, 1, 0, 0, Kind.CONSTANT), OSLAR_EL1(2, 0, 1, 0, 4, Kind.VIEW), OSLSR_EL1(2, 0, 1, 1, 4, 0, 0xA),
  OSDLR_EL1(2, 0, 1, 3, 4, 1, 0), DBGPRCR_EL1(2, 0, 1, 4, 4, 1, 0), DBGCLAIMSET_EL1(2, 0, 7, 8, 6, Kind.VIEW),
  DBGCLAIMCLR_EL1(2, 0, 7, 9, 6, 0xFF, 0), DBGAUTHSTATUS_EL1(2, 0, 7, 14, 6, Kind.CONSTANT),
  MDCCSR_EL0(2, 3, 0, 1, 0, Kind.CONSTANT), DBGDTR_EL0(2, 3, 0, 4, 0, Kind.CONSTANT),
  DBGDTRRX_EL0(2, 3, 0, 5, 0, Kind.CONSTANT),
  /*
   * Views of AArch32's registers. AArch32 isn't built, and where EL1 can't be AArch32 the Arm ARM has the banked SPSRs RES0 and the others
   * UNDEFINED (D19.2, each register's configurations). But Cortex-A57, which MIDR_EL1 names, has AArch32, and hypervisors that go by that
   * name save and restore them for every guest. They keep what is written, which nobody sees who asks ID_AA64PFR0_EL1 first.
   */
  DACR32_EL2(3, 4, 3, 0, 0, 0xFFFF_FFFFL, 0), SPSR_IRQ(3, 4, 4, 3, 0, 0xFFFF_FFFFL, 0), SPSR_ABT(3, 4, 4, 3, 1, 0xFFFF_FFFFL, 0),
  SPSR_UND(3, 4, 4, 3, 2, 0xFFFF_FFFFL, 0), SPSR_FIQ(3, 4, 4, 3, 3, 0xFFFF_FFFFL, 0), IFSR32_EL2(3, 4, 5, 0, 1, 0x163F, 0),
  FPEXC32_EL2(3, 4, 5, 3, 0, 0x4000_0000, 0x700), DBGVCR32_EL2(2, 4, 0, 7, 0, 0xDE00_00DEL, 0), SDER32_EL3(3, 6, 1, 1, 1, 3, 0);

  /** How a register answers. */
  public enum Kind {
    /** A value in {@link Cpu#sys}, at the row's ordinal. */
    STORAGE,
    /** Read-only, as {@link CpuModel} has it; writes are UNDEFINED. */
    CONSTANT,
    /** Computed from other state. */
    VIEW
  }

  private static final SysReg[] BY_ID = new SysReg[1 << 16];

  static {
    for (SysReg reg : values()) {
      if (BY_ID[reg.id] != null) {
        throw new IllegalStateException("SysReg." + reg + ": same encoding as " + BY_ID[reg.id]);
      }
      BY_ID[reg.id] = reg;
    }
  }

  /** Those that records of earlier versions lack. */
  static final List<SysReg> ADDED = List.of(DACR32_EL2, SPSR_IRQ, SPSR_ABT, SPSR_UND, SPSR_FIQ, IFSR32_EL2, FPEXC32_EL2, DBGVCR32_EL2,
      SDER32_EL3);

  /** Encoding as packed by {@link SystemRegister#id}. */
  public final int id;
  /** How it answers. */
  public final Kind kind;
  /** Bits that a write changes; the others keep their reset value. */
  public final long mask;
  /** Value at reset. */
  public final long reset;
  /** Lowest exception level whose accesses are not UNDEFINED, before traps. */
  public final int level;

  SysReg(int op0, int op1, int crn, int crm, int op2, Kind kind) {
    this(op0, op1, crn, crm, op2, kind, 0, 0);
  }

  SysReg(int op0, int op1, int crn, int crm, int op2, long mask, long reset) {
    this(op0, op1, crn, crm, op2, Kind.STORAGE, mask, reset);
  }

  SysReg(int op0, int op1, int crn, int crm, int op2, Kind kind, long mask, long reset) {
    this.id = SystemRegister.id(op0, op1, crn, crm, op2);
    this.kind = kind;
    this.mask = mask;
    this.reset = reset;
    this.level = level(op1);
  }

  /** The register with that encoding, or null if the CPU itself has none. */
  public static SysReg of(int id) {
    return BY_ID[id & 0xFFFF];
  }

  /** The lowest exception level that an encoding's op1 gives access to (Arm ARM D19.1.1). */
  public static int level(int op1) {
    return switch (op1) {
      case 3 -> 0;
      case 4, 5 -> 2;
      case 6 -> 3;
      default -> 1;
    };
  }
}
