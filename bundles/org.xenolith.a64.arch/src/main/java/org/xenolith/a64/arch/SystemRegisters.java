// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.EnumSet;
import java.util.Set;
import org.xenolith.a64.fp.FpStatus;
import org.xenolith.a64.fp.Fpcr;
import org.xenolith.arm.api.SystemRegisterTrap;

/**
 * MRS and MSR: access checks, traps, values and side effects. Engines may read and write registers of
 * {@link SysReg.Kind#STORAGE} that {@link #plain} allows directly in {@code Cpu.sys}.
 */
public final class SystemRegisters {
  private static final long SCTLR_UMA = 1 << 9;
  private static final long SCTLR_DZE = 1 << 14;
  private static final long SCTLR_UCT = 1 << 15;
  private static final int DAIF = 0x3C0;
  /** Bits of MDCR_EL2 and, but for TDRA and TDE, of MDCR_EL3. */
  private static final long MDCR_TDE = 1 << 8;
  private static final long MDCR_TDA = 1 << 9;
  private static final long MDCR_TDOSA = 1 << 10;
  private static final long MDCR_TDRA = 1 << 11;
  /** What an external debugger uses of MDSCR_EL1: written only while the OS Lock is locked, to save and restore it. */
  private static final long EXTERNAL_DEBUG = 0x6CE0_4040L;

  /** Of {@link SysReg.Kind#VIEW}, what software can set at the level that it is at. */
  private static final Set<SysReg> SETTABLE = EnumSet.of(SysReg.SP_EL0, SysReg.SP_EL1, SysReg.SP_EL2, SysReg.PAN, SysReg.NZCV, SysReg.DAIF,
      SysReg.FPCR, SysReg.FPSR);
  /** Stack pointers by level; that of EL3 has no encoding. */
  private static final SysReg[] STACKS = {SysReg.SP_EL0, SysReg.SP_EL1, SysReg.SP_EL2, null};

  private final Cpu cpu;
  private final long[] sys;

  SystemRegisters(Cpu cpu) {
    this.cpu = cpu;
    this.sys = cpu.sys;
  }

  private long reg(SysReg reg) {
    return sys[reg.ordinal()];
  }

  private long hcr() {
    return cpu.config.el2() ? reg(SysReg.HCR_EL2) : 0;
  }

  // ---- Engine's entries

  /**
   * Whether an engine may access the register's word in {@code Cpu.sys} without asking, at levels from {@code reg.level}
   * up: no traps, no side effects, all 64 bits.
   */
  public boolean plain(SysReg reg, boolean write) {
    return switch (reg) {
      case TPIDR_EL1, TPIDR_EL0, ELR_EL1, PAR_EL1, VBAR_EL1, SPSR_EL1 -> !write || reg.mask == -1;
      case TPIDRRO_EL0 -> !write;
      case FAR_EL1, ESR_EL1, TTBR0_EL1, TTBR1_EL1, CONTEXTIDR_EL1 -> !write && !cpu.config.el2();
      default -> false;
    };
  }

  /**
   * MRS.
   *
   * @param rt the register number, for the syndrome of a trap
   * @throws GuestFault if the access is UNDEFINED or trapped; that is noted
   */
  public long read(int id, int rt) {
    SysReg reg = SysReg.of(id);
    if (reg == null) {
      return readOther(id, rt);
    }
    if (reg == SysReg.OSLAR_EL1) {
      throw undefined();
    }
    check(reg, id, rt, true);
    return switch (reg) {
      case MIDR_EL1 -> cpu.config.el2() && cpu.el == 1 ? reg(SysReg.VPIDR_EL2) : value(reg);
      case MPIDR_EL1 -> cpu.config.el2() && cpu.el == 1 ? reg(SysReg.VMPIDR_EL2) | 1L << 31 : value(reg);
      default -> value(reg);
    };
  }

  /**
   * MSR of a register.
   *
   * @throws GuestFault if the access is UNDEFINED or trapped; that is noted
   */
  public void write(int id, int rt, long value) {
    SysReg reg = SysReg.of(id);
    if (reg == null) {
      writeOther(id, rt, value);
      return;
    }
    boolean channel = reg == SysReg.DBGDTR_EL0 || reg == SysReg.DBGDTRRX_EL0;
    if (reg.kind == SysReg.Kind.CONSTANT && !channel || reg == SysReg.OSLSR_EL1) {
      throw undefined();
    }
    check(reg, id, rt, false);
    switch (reg.kind) {
      case CONSTANT -> {
      }
      case VIEW -> writeView(reg, value);
      default -> {
        if (reg == SysReg.TPIDRRO_EL0 && cpu.el == 0) {
          throw undefined();
        }
        store(reg, value);
      }
    }
  }

  private void store(SysReg reg, long value) {
    if (reg == SysReg.DBGCLAIMCLR_EL1) {
      sys[reg.ordinal()] &= ~value;
      return;
    }
    long mask = reg == SysReg.MDSCR_EL1 && (reg(SysReg.OSLSR_EL1) & 2) == 0 ? reg.mask & ~EXTERNAL_DEBUG : reg.mask;
    sys[reg.ordinal()] = (mask == reg.mask ? reg.reset : reg(reg)) & ~mask | value & mask;
    effect(reg);
  }

  /** Whether {@link #set} takes a value for a register. */
  public boolean settable(SysReg reg) {
    return built(reg) && reg != SysReg.OSLSR_EL1 && switch (reg.kind) {
      case STORAGE -> true;
      case CONSTANT -> false;
      case VIEW -> SETTABLE.contains(reg);
    };
  }

  /** Gives a {@link #settable} register a value, as MSR does, at whatever level and without a trap: for who looks into the machine, between two instructions. */
  public void set(SysReg reg, long value) {
    if (reg.kind == SysReg.Kind.STORAGE) {
      store(reg, value);
    } else if (reg == STACKS[cpu.stackLevel()]) {
      cpu.x[Cpu.SP] = value;
    } else {
      writeView(reg, value);
    }
  }

  // ---- Values

  /** The value as the CPU itself sees it, without checks. */
  public long value(SysReg reg) {
    return switch (reg.kind) {
      case STORAGE -> sys[reg.ordinal()];
      case CONSTANT -> Identification.constant(cpu.config.model(), reg);
      case VIEW -> view(reg);
    };
  }

  /** The value of an ID register in the block op0=3, op1=0, CRn=0; 0 for anything else. */
  long identification(int id) {
    return Identification.inBlock(id) ? Identification.block(cpu, id) : 0;
  }

  private long view(SysReg reg) {
    return switch (reg) {
      case MIDR_EL1 -> cpu.config.midr() & 0xFFFF_FFFFL;
      case MPIDR_EL1 -> 1L << 31 | cpu.config.affinity();
      case CCSIDR_EL1 -> cpu.config.model().cache(reg(SysReg.CSSELR_EL1));
      case DCZID_EL0 -> cpu.config.model().dczid | (zvaAllowed() ? 0 : 16);
      case SP_EL0 -> cpu.stackLevel() == 0 ? cpu.x[Cpu.SP] : cpu.sp[0];
      case SP_EL1 -> cpu.stackLevel() == 1 ? cpu.x[Cpu.SP] : cpu.sp[1];
      case SP_EL2 -> cpu.stackLevel() == 2 ? cpu.x[Cpu.SP] : cpu.sp[2];
      case SPSEL -> cpu.spsel;
      case CURRENTEL -> cpu.el << 2;
      case PAN -> (long) cpu.pan << 22;
      case NZCV -> cpu.nzcv() & 0xF000_0000L;
      case DAIF -> cpu.daif;
      case FPCR -> cpu.fpcr;
      case FPSR -> cpu.fp.fpsr & 0xFFFF_FFFFL;
      case ISR_EL1 -> cpu.interrupts.status();
      case DBGCLAIMSET_EL1 -> 0xFF;
      default -> 0;
    };
  }

  /** Whether DC ZVA works at the current level. */
  public boolean zvaAllowed() {
    if (cpu.el == 0 && (reg(SysReg.SCTLR_EL1) & SCTLR_DZE) == 0) {
      return false;
    }
    return cpu.el > 1 || (hcr() & Hcr.TDZ) == 0;
  }

  // ---- Checks

  private GuestFault undefined() {
    cpu.exceptions.noteUndefined();
    return GuestFault.INSTANCE;
  }

  private GuestFault trap(int target, int id, int rt, boolean read) {
    cpu.exceptions.noteSystemTrap(target, id, rt, read);
    return GuestFault.INSTANCE;
  }

  private void check(SysReg reg, int id, int rt, boolean read) {
    int el = cpu.el;
    if (el < reg.level || !built(reg)) {
      throw undefined();
    }
    if (el == 0) {
      boolean trapped = reg == SysReg.DAIF && (reg(SysReg.SCTLR_EL1) & SCTLR_UMA) == 0
          || reg == SysReg.CTR_EL0 && (reg(SysReg.SCTLR_EL1) & SCTLR_UCT) == 0
          || reg.id >> 14 == 2 && (reg(SysReg.MDSCR_EL1) & 1 << 12) != 0;
      if (trapped) {
        throw trap(cpu.exceptions.defaultTarget(), id, rt, read);
      }
    }
    if ((reg == SysReg.FPCR || reg == SysReg.FPSR || reg == SysReg.FPEXC32_EL2) && cpu.fpTrapped) {
      cpu.exceptions.noteFpTrap();
      throw GuestFault.INSTANCE;
    }
    // Those of other levels are reached from above only, where they aren't the stack pointer.
    if (reg == SysReg.SP_EL0 && cpu.stackLevel() == 0) {
      throw undefined();
    }
    if (el <= 1 && cpu.config.el2() && trappedToEl2(reg, read)) {
      throw trap(2, id, rt, read);
    }
    if (el <= 2 && cpu.config.el3() && trappedToEl3(reg)) {
      throw trap(3, id, rt, read);
    }
  }

  /** Whether this CPU has a register of the table. */
  public boolean built(SysReg reg) {
    if (reg.level == 2) {
      return cpu.config.el2() || reg == SysReg.SP_EL1 && cpu.config.el3();
    }
    return switch (reg) {
      case PAN -> cpu.config.pan();
      case RVBAR_EL1 -> cpu.config.highestLevel() == 1;
      case RVBAR_EL2 -> cpu.config.highestLevel() == 2;
      default -> reg.level < 3 || cpu.config.el3();
    };
  }

  private boolean trappedToEl2(SysReg reg, boolean read) {
    long hcr = reg(SysReg.HCR_EL2);
    return switch (reg) {
      case SCTLR_EL1, TTBR0_EL1, TTBR1_EL1, TCR_EL1, ESR_EL1, FAR_EL1, AFSR0_EL1, AFSR1_EL1, MAIR_EL1, AMAIR_EL1,
          CONTEXTIDR_EL1 -> (hcr & (read ? Hcr.TRVM : Hcr.TVM)) != 0;
      case REVIDR_EL1, AIDR_EL1 -> (hcr & Hcr.TID1) != 0;
      case CTR_EL0, CCSIDR_EL1, CLIDR_EL1, CSSELR_EL1 -> (hcr & Hcr.TID2) != 0;
      case ACTLR_EL1 -> (hcr & Hcr.TACR) != 0;
      case CPACR_EL1 -> (reg(SysReg.CPTR_EL2) & 1L << 31) != 0;
      case OSLAR_EL1, OSLSR_EL1, OSDLR_EL1, DBGPRCR_EL1 -> debugTrapped(MDCR_TDOSA);
      case MDRAR_EL1 -> debugTrapped(MDCR_TDRA);
      default -> reg.id >> 14 == 2 && debugTrapped(MDCR_TDA);
    };
  }

  /** Whether MDCR_EL2 traps: who has debug exceptions has the debug registers, too. */
  private boolean debugTrapped(long bit) {
    return (reg(SysReg.MDCR_EL2) & (bit | MDCR_TDE)) != 0 || (reg(SysReg.HCR_EL2) & Hcr.TGE) != 0;
  }

  private boolean trappedToEl3(SysReg reg) {
    return switch (reg) {
      case OSLAR_EL1, OSLSR_EL1, OSDLR_EL1, DBGPRCR_EL1 -> (reg(SysReg.MDCR_EL3) & MDCR_TDOSA) != 0;
      default -> (reg.id >> 14 == 2 || reg == SysReg.MDCR_EL2) && (reg(SysReg.MDCR_EL3) & MDCR_TDA) != 0;
    };
  }

  // ---- Registers outside the table

  private long readOther(int id, int rt) {
    int level = SysReg.level(id >> 11 & 7);
    if (cpu.el < level) {
      throw undefined();
    }
    if (Identification.inBlock(id)) {
      if (cpu.el == 1 && (hcr() & Hcr.TID3) != 0) {
        throw trap(2, id, rt, true);
      }
      return Identification.read(cpu, id);
    }
    RegisterSlot slot = cpu.slot(id);
    if (slot.handler == null) {
      throw unknown(id, rt, "read");
    }
    try {
      return slot.handler.read(cpu, id);
    } catch (SystemRegisterTrap refused) {
      throw refused(refused, id, rt, true);
    }
  }

  private void writeOther(int id, int rt, long value) {
    int level = SysReg.level(id >> 11 & 7);
    if (cpu.el < level || Identification.inBlock(id)) {
      throw undefined();
    }
    RegisterSlot slot = cpu.slot(id);
    if (slot.handler == null) {
      throw unknown(id, rt, "written");
    }
    try {
      slot.handler.write(cpu, id, value);
    } catch (SystemRegisterTrap refused) {
      throw refused(refused, id, rt, false);
    }
  }

  private GuestFault refused(SystemRegisterTrap refused, int id, int rt, boolean read) {
    return refused.target() == 0 ? undefined() : trap(Math.max(refused.target(), cpu.el), id, rt, read);
  }

  private GuestFault unknown(int id, int rt, String done) {
    cpu.env.events().report("unknown-system-register", "cpu" + cpu.index(),
        SystemRegister.name(id) + " " + done + " at EL" + cpu.el + ", X" + (rt & 31));
    return undefined();
  }

  // ---- Writes

  private void writeView(SysReg reg, long value) {
    switch (reg) {
      case SP_EL0 -> cpu.sp[0] = value;
      case SP_EL1 -> cpu.sp[1] = value;
      case SP_EL2 -> cpu.sp[2] = value;
      case SPSEL -> cpu.enter(cpu.el, (int) value & 1);
      case PAN -> setPan((int) (value >>> 22) & 1);
      case NZCV -> cpu.nzcv((int) value);
      case DAIF -> setDaif((int) value & DAIF);
      case FPCR -> cpu.fpcr = (int) value & Fpcr.MASK & ~Fpcr.FZ16;
      case FPSR -> cpu.fp.fpsr = (int) value & FpStatus.MASK;
      case OSLAR_EL1 -> {
        sys[SysReg.OSLSR_EL1.ordinal()] = 8 | (value & 1) << 1;
        debugChanged();
      }
      case DBGCLAIMSET_EL1 -> sys[SysReg.DBGCLAIMCLR_EL1.ordinal()] |= value & 0xFF;
      default -> throw undefined();
    }
  }

  /** Sets PSTATE.DAIF, bits 9 to 6; an interrupt that this unmasks is taken before the next instruction. */
  public void setDaif(int value) {
    cpu.daif = value;
    cpu.debug.maskChanged();
    if (cpu.interrupts.possible()) {
      cpu.attention();
    }
  }

  /**
   * MSR DAIFSet and DAIFClr.
   *
   * @param bits four bits as in the instruction
   * @param id   its encoding, with CRn but without CRm
   * @throws GuestFault if EL0 may not
   */
  public void changeDaif(int bits, boolean set, int id) {
    if (cpu.el == 0 && (reg(SysReg.SCTLR_EL1) & SCTLR_UMA) == 0) {
      // The immediate is the CRm of the syndrome.
      throw trap(cpu.exceptions.defaultTarget(), id | bits << 3, 31, false);
    }
    setDaif(set ? cpu.daif | bits << 6 : cpu.daif & ~(bits << 6));
  }

  /** MSR SPSel, immediate, at EL1 or above. */
  public void setStackSelection(int value) {
    cpu.enter(cpu.el, value & 1);
  }

  /** MSR PAN at EL1 or above. */
  public void setPan(int value) {
    cpu.pan = value;
    cpu.contextChanged();
  }

  private void effect(SysReg reg) {
    switch (reg) {
      case SCTLR_EL1, SCTLR_EL2, SCTLR_EL3, TCR_EL1, TCR_EL2, TCR_EL3, MAIR_EL1, MAIR_EL2, MAIR_EL3, VTCR_EL2 ->
          cpu.mmu.attributesChanged();
      case HCR_EL2 -> {
        sys[reg.ordinal()] |= Hcr.RW;
        cpu.mmu.attributesChanged();
        cpu.controlsChanged();
      }
      case TTBR0_EL1, TTBR1_EL1, TTBR0_EL2, TTBR0_EL3, VTTBR_EL2 -> cpu.mmu.controlsChanged();
      case CPACR_EL1, CPTR_EL2, CPTR_EL3 -> cpu.controlsChanged();
      case SCR_EL3 -> {
        cpu.controlsChanged();
        cpu.counting.changed();
      }
      case MDCR_EL2, MDCR_EL3 -> {
        cpu.counting.changed();
        debugChanged();
      }
      default -> {
        if (reg.id >> 14 == 2) {
          debugChanged();
        }
        return;
      }
    }
    cpu.refetch = true;
    cpu.attention();
  }

  private void debugChanged() {
    cpu.debug.configure();
    cpu.contextChanged();
  }

  // ---- FP access

  /** Levels at which FP and SIMD instructions trap, a bit each. */
  int fpTraps() {
    int traps = 0;
    for (int el = 0; el <= 3; el++) {
      traps |= fpTrapTarget(el) != 0 ? 1 << el : 0;
    }
    return traps;
  }

  /** Where FP and SIMD instructions trap to at a level; 0 if they don't. */
  int fpTrapTarget(int el) {
    long hcr = hcr();
    if (el <= 1 && (hcr & Hcr.TGE) == 0) {
      int enabled = (int) (reg(SysReg.CPACR_EL1) >>> 20) & 3;
      if (enabled == 0 || enabled == 2 || enabled == 1 && el == 0) {
        return 1;
      }
    }
    if (el <= 2 && cpu.config.el2() && (reg(SysReg.CPTR_EL2) & 1 << 10) != 0) {
      return 2;
    }
    return cpu.config.el3() && (reg(SysReg.CPTR_EL3) & 1 << 10) != 0 ? 3 : 0;
  }
}
