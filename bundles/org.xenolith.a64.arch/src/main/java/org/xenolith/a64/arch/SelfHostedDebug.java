// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.regs.DeviceState;

/**
 * Self-hosted debug: when software step, breakpoints and watchpoints act, and their exceptions. Source: Arm ARM DDI 0487, D2.
 *
 * <p>While nothing is {@link #armed} an engine need not know of any of it. While something is, it executes one instruction at a
 * time, as {@link #armed} says. Of PSTATE.SS and MDSCR_EL1.SS follows where the software step state machine is: inactive while not
 * {@link #stepping}, else active-not-pending with PSTATE.SS set and active-pending with it clear.
 */
public final class SelfHostedDebug {
  private static final long MDSCR_SS = 1;
  private static final long MDSCR_KDE = 1 << 13;
  private static final long MDSCR_MDE = 1 << 15;
  /** MDCR_EL2.TDE: debug exceptions go to EL2. */
  private static final long TDE = 1 << 8;
  /** MDCR_EL3.SDD: none in Secure state. */
  private static final long SDD = 1 << 16;
  private static final long OSLK = 2;
  private static final int DAIF_D = 1 << 9;
  private static final int SPSR_SS = 1 << 21;
  /** IFSC and DFSC of a debug exception. */
  private static final int STATUS = 0x22;
  private static final int STEP_VALID = 1 << 24;
  private static final int STEPPED_EXCLUSIVE = 1 << 6;
  private static final int MAINTENANCE = 1 << 8;
  private static final int WRITE = 1 << 6;

  /** Nothing was stepped since the last exception; an instruction was; a load-exclusive was. */
  private static final int NOTHING = 0;
  private static final int PLAIN = 1;
  private static final int EXCLUSIVE = 2;

  private final Cpu cpu;
  private final long[] sys;
  private final DebugMatch match;
  /** What the pending software step exception tells of the stepped instruction. State: a run may end before the exception. */
  private int stepped;
  /** Whether anything could act at some level; the rest is computed only then. */
  private boolean configured;
  private boolean stepping;
  private boolean breaking;
  private boolean watching;
  private boolean armed;
  /** Whether the instruction that is stepped has neither taken an exception nor returned from one. */
  private boolean straight;

  SelfHostedDebug(Cpu cpu, DeviceState state) {
    this.cpu = cpu;
    this.sys = cpu.sys;
    match = new DebugMatch(cpu);
    state.value("softwareStepped", NOTHING, () -> stepped, value -> stepped = (int) value);
  }

  private long reg(SysReg reg) {
    return sys[reg.ordinal()];
  }

  // ---- What acts now

  /**
   * Whether an exception may come of any instruction, so that the engine executes one at a time: if {@link #takeStep} does nothing,
   * looks up the instruction, and unless it can't be fetched and {@link #takeBreakpoint} takes one, executes it between
   * {@link #begin} and {@link #executed}. {@code Cpu.attention} was called when this became true.
   */
  public boolean armed() {
    return armed;
  }

  /** Whether debug exceptions are set up, so that PSTATE.D decides something. */
  public boolean configured() {
    return configured;
  }

  /** Whether software step is active, pending or not: then the instruction that comes now is stepped. */
  public boolean stepping() {
    return stepping;
  }

  /** Whether data accesses are compared with watchpoints: no inline tag matches, nor is one made. */
  boolean watching() {
    return watching;
  }

  /** A debug register was written, or one that routes debug exceptions; or all were restored. */
  void configure() {
    long mdscr = reg(SysReg.MDSCR_EL1);
    boolean monitor = (mdscr & MDSCR_MDE) != 0;
    match.configure(monitor);
    configured = !locked() && ((mdscr & MDSCR_SS) != 0 || monitor && match.any());
    if (!configured) {
      stepping = breaking = watching = armed = false;
    }
  }

  /** The level, PSTATE.D or the configuration changed. */
  void select() {
    if (configured) {
      boolean enabled = enabledFrom(cpu.el, (cpu.daif & DAIF_D) != 0);
      stepping = enabled && (reg(SysReg.MDSCR_EL1) & MDSCR_SS) != 0;
      breaking = enabled && match.anyBreakpoint();
      watching = enabled && match.anyWatchpoint();
      armed = stepping || breaking || watching;
      if (armed) {
        cpu.attention();
      }
    }
  }

  /** PSTATE.D changed. */
  void maskChanged() {
    if (configured) {
      cpu.contextChanged();
    }
  }

  /** The OS Lock is locked, or the OS Double Lock as far as DBGPRCR_EL1.CORENPDRQ lets it. */
  private boolean locked() {
    return (reg(SysReg.OSLSR_EL1) & OSLK) != 0 || (reg(SysReg.OSDLR_EL1) & 1) != 0 && (reg(SysReg.DBGPRCR_EL1) & 1) == 0;
  }

  private boolean secure(int level) {
    return cpu.config.el3() && (level == 3 || (reg(SysReg.SCR_EL3) & Exceptions.SCR_NS) == 0);
  }

  /** Whether HCR_EL2.TGE or MDCR_EL2.TDE takes the debug exceptions of EL0 and EL1 to EL2. */
  boolean toEl2() {
    return cpu.config.el2() && !secure(1) && ((reg(SysReg.HCR_EL2) & Hcr.TGE) != 0 || (reg(SysReg.MDCR_EL2) & TDE) != 0);
  }

  private int target() {
    return toEl2() ? 2 : 1;
  }

  /** Arm ARM, AArch64.GenerateDebugExceptionsFrom. */
  private boolean enabledFrom(int level, boolean masked) {
    if (locked() || secure(level) && (reg(SysReg.MDCR_EL3) & SDD) != 0) {
      return false;
    }
    int target = target();
    return level < target || level == target && (reg(SysReg.MDSCR_EL1) & MDSCR_KDE) != 0 && !masked;
  }

  // ---- Software step

  /** Takes the software step exception if it is pending: the PC is the preferred return address. Counts as an instruction. */
  public boolean takeStep() {
    if (!stepping || cpu.softwareStep != 0) {
      return false;
    }
    int iss = STATUS | (stepped == NOTHING ? 0 : STEP_VALID) | (stepped == EXCLUSIVE ? STEPPED_EXCLUSIVE : 0);
    take(Syndrome.SOFTWARE_STEP, iss);
    return true;
  }

  /** An instruction is about to be executed. */
  public void begin() {
    straight = true;
  }

  /**
   * It was executed, or took an exception.
   *
   * @param wasStepped whether software step was active before it
   * @param exclusive  whether it is a load-exclusive
   */
  public void executed(boolean wasStepped, boolean exclusive) {
    if (wasStepped && straight) {
      cpu.softwareStep = 0;
      stepped = exclusive ? EXCLUSIVE : PLAIN;
    }
  }

  /** An instruction completes by the exception that it takes, which returns behind it (Arm ARM, SSAdvance). */
  void advance() {
    cpu.softwareStep = 0;
  }

  /** An exception is taken, or returned from. */
  void left() {
    straight = false;
    stepped = NOTHING;
  }

  /** PSTATE.SS after an exception return from the current level (Arm ARM, DebugExceptionReturnSS). */
  int returned(int spsr, int to) {
    if ((reg(SysReg.MDSCR_EL1) & MDSCR_SS) == 0 || enabledFrom(cpu.el, (cpu.daif & DAIF_D) != 0)) {
      return 0;
    }
    return enabledFrom(to, (spsr & DAIF_D) != 0) ? (spsr & SPSR_SS) >>> 21 : 0;
  }

  // ---- Breakpoints and watchpoints

  /** Takes the exception of a breakpoint that matches at the PC, where an instruction could be fetched. Counts as an instruction. */
  public boolean takeBreakpoint() {
    if (!breaking || !match.breakpoint(cpu.pc)) {
      return false;
    }
    take(Syndrome.BREAKPOINT, STATUS);
    return true;
  }

  /**
   * A data access that translated, and has no inline tag, is about to be made: throws {@link GuestFault} if a watchpoint matches.
   *
   * @param user whether it is an unprivileged one
   */
  void watch(long va, int size, boolean write, boolean user) {
    if (watching) {
      long hit = match.watchpoint(va, size, !write, write, user);
      if (hit != DebugMatch.NONE) {
        throw watched(va + hit, write ? WRITE : 0);
      }
    }
    // One that the guest's own watchpoint stops isn't made.
    if (cpu.points.watches()) {
      accessed(va, size, write);
    }
  }

  /** Who looks into the machine may watch it. */
  private void accessed(long va, int size, boolean write) {
    TlbEntry entry = cpu.data[Tlb.index(va)];
    cpu.points.accessed(cpu.mmu.untagged(va), entry.physical(va), entry.ram, size, write);
  }

  /** An access that reads and writes is about to be made. */
  void watchAtomic(long va, int size) {
    if (watching || cpu.points.watches()) {
      watch(va, size, false, false);
      watch(va, size, true, false);
    }
  }

  /** Cache maintenance that counts as a store is about to be done on a line; what is reported is the address as given. */
  void watchMaintenance(long va, int line) {
    if (watching && match.watchpoint(va & -line, line, false, true, false) != DebugMatch.NONE) {
      throw watched(va, WRITE | MAINTENANCE);
    }
  }

  private GuestFault watched(long address, int iss) {
    cpu.exceptions.noteWatchpoint(level(), STATUS | iss, address);
    return GuestFault.INSTANCE;
  }

  /** The level that debug exceptions of the current one go to. */
  private int level() {
    return Math.max(target(), cpu.el);
  }

  private void take(int exceptionClass, int iss) {
    int target = level();
    cpu.exceptions.take(target, target == cpu.el ? exceptionClass + 1 : exceptionClass, iss);
  }
}
