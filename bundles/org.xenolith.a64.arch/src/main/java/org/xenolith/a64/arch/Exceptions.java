// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.machine.kit.Ram;

/**
 * Exception entry and return, and where synchronous exceptions go; {@link Interrupts} has the others. Callers set {@code Cpu.pc} to the address of the current instruction; afterwards it is
 * where execution goes on. Source: Arm ARM DDI 0487, D1.
 */
public final class Exceptions {
  private static final int SYNCHRONOUS = 0;
  static final int VECTOR_IRQ = 0x80;
  static final int VECTOR_FIQ = 0x100;
  static final int VECTOR_SERROR = 0x180;
  static final long SCR_NS = 1;
  static final long SCR_HCE = 1 << 8;
  static final long SCR_EA = 8;

  private final Cpu cpu;
  private final long[] sys;
  private int notedClass;
  private int notedIss;
  private int notedTarget;
  private long notedFar;
  private long notedIpa;

  Exceptions(Cpu cpu) {
    this.cpu = cpu;
    this.sys = cpu.sys;
  }

  private long reg(SysReg reg) {
    return sys[reg.ordinal()];
  }

  long hcr() {
    return cpu.config.el2() ? reg(SysReg.HCR_EL2) : 0;
  }

  long scr() {
    return cpu.config.el3() ? reg(SysReg.SCR_EL3) : 0;
  }

  // ---- Entry

  /** Where synchronous exceptions of the current level go that nothing routes elsewhere. */
  public int defaultTarget() {
    if (cpu.el > 1) {
      return cpu.el;
    }
    return cpu.el == 0 && (hcr() & Hcr.TGE) != 0 ? 2 : 1;
  }

  private void enter(int target, int vector, long returnAddress) {
    long spsr = cpu.pstate() & 0xFFFF_FFFFL | (long) cpu.softwareStep << 21;
    int base = target > cpu.el ? 0x400 : cpu.spsel != 0 ? 0x200 : 0;
    SysReg spsrReg = target == 1 ? SysReg.SPSR_EL1 : target == 2 ? SysReg.SPSR_EL2 : SysReg.SPSR_EL3;
    SysReg elrReg = target == 1 ? SysReg.ELR_EL1 : target == 2 ? SysReg.ELR_EL2 : SysReg.ELR_EL3;
    SysReg vbar = target == 1 ? SysReg.VBAR_EL1 : target == 2 ? SysReg.VBAR_EL2 : SysReg.VBAR_EL3;
    sys[spsrReg.ordinal()] = spsr;
    sys[elrReg.ordinal()] = returnAddress;
    if (cpu.exits.watched()) {
      tell(target, vector);
    }
    cpu.counting.taken();
    cpu.daif = 0x3C0;
    cpu.illegal = 0;
    cpu.softwareStep = 0;
    cpu.debug.left();
    if (cpu.config.pan() && target == 1 && (reg(SysReg.SCTLR_EL1) & 1 << 23) == 0) {
      cpu.pan = 1;
    }
    cpu.enter(target, 1);
    cpu.counting.changed();
    if (target == 2 && cpu.el2.attached()) {
      cpu.el2.call(vector);
      return;
    }
    cpu.pc = cpu.mmu.branchTarget(reg(vbar) + base + vector);
  }

  private void tell(int target, int vector) {
    SysReg esr = target == 1 ? SysReg.ESR_EL1 : target == 2 ? SysReg.ESR_EL2 : SysReg.ESR_EL3;
    int exceptionClass = vector == SYNCHRONOUS ? (int) (reg(esr) >>> 26) & 63 : 0;
    String what = "to EL" + target + ": " + ExceptionNames.of(vector, exceptionClass);
    cpu.exits.tell(watcher -> watcher.exception(cpu, what));
  }

  /** Takes a synchronous exception instead of the current instruction; the preferred return address is {@code Cpu.pc}. */
  void take(int target, int exceptionClass, int iss) {
    cpu.counting.fault();
    long at = cpu.pc;
    int before = cpu.pstate();
    boolean masked = masked();
    synchronous(target, exceptionClass, iss);
    if (target == 2 && cpu.el2.attached() && cpu.pc == at + 4) {
      cpu.faults.done();
      return;
    }
    long esr = (long) exceptionClass << 26 | 1 << 25 | iss;
    long far = reg(target == 1 ? SysReg.FAR_EL1 : target == 2 ? SysReg.FAR_EL2 : SysReg.FAR_EL3);
    long cause = (long) target << 32 | esr;
    if (cpu.pc == at && cpu.pstate() == before && quiet(exceptionClass, iss)) {
      again(at, cause);
    }
    if (cpu.faults.fault(at, cause, far, masked)) {
      cpu.requestExit();
    }
  }

  /** Whether an exception tells nobody but the CPU of anything. */
  private static boolean quiet(int exceptionClass, int iss) {
    boolean fetch = (exceptionClass & ~1) == Syndrome.INSTRUCTION_ABORT && (iss & 0x3C) != Walker.EXTERNAL_ON_WALK;
    return fetch || exceptionClass == Syndrome.UNKNOWN || exceptionClass == Syndrome.PC_ALIGNMENT;
  }

  /**
   * A handler's first instruction took the exception that the handler is for, and changed nothing with it but what the last one left: if it is the third such
   * one, all that the CPU is to execute now would, too, and are counted at once.
   */
  private void again(long at, long cause) {
    boolean watched = cpu.softwareStep != 0 || cpu.debug.armed() || cpu.counting.watched() || cpu.exits.watched() || cpu.el2
        .attached();
    long more = watched ? 0 : Math.min(cpu.left - 1, cpu.faults.more(at, cause));
    if (more > 0) {
      cpu.left -= more;
      cpu.counting.faults(more);
      cpu.faults.repeated(more);
    }
  }

  /** Whether no interrupt would be taken if one came now. */
  private boolean masked() {
    boolean elsewhere = cpu.el < 2 && (hcr() & (Hcr.IMO | Hcr.FMO | Hcr.TGE)) != 0 || cpu.el < 3 && (scr() & 6) != 0;
    return !elsewhere && (cpu.daif & 0xC0) == 0xC0;
  }

  /** Takes the exception that the current instruction is for; the preferred return address is {@code Cpu.pc}, after it. */
  private void call(int target, int exceptionClass, int iss) {
    cpu.counting.over();
    cpu.faults.event(cpu.pc - 4, (long) target << 32 | (long) exceptionClass << 26 | 1 << 25 | iss, false);
    synchronous(target, exceptionClass, iss);
  }

  private void synchronous(int target, int exceptionClass, int iss) {
    SysReg esr = target == 1 ? SysReg.ESR_EL1 : target == 2 ? SysReg.ESR_EL2 : SysReg.ESR_EL3;
    sys[esr.ordinal()] = (long) exceptionClass << 26 | 1 << 25 | iss;
    enter(target, SYNCHRONOUS, cpu.pc);
  }

  /** Takes an interrupt; the preferred return address is {@code Cpu.pc}. */
  void interrupt(int target, int vector) {
    if (vector == VECTOR_SERROR) {
      sys[(target == 1 ? SysReg.ESR_EL1 : target == 2 ? SysReg.ESR_EL2 : SysReg.ESR_EL3).ordinal()] =
          (long) Syndrome.SERROR << 26 | 1 << 25;
    }
    cpu.faults.event(cpu.pc, (long) vector << ExceptionNames.VECTOR_SHIFT | (long) target << 32, true);
    enter(target, vector, cpu.pc);
  }

  /** The current instruction is UNDEFINED. */
  public void undefined() {
    take(defaultTarget(), Syndrome.UNKNOWN, 0);
  }

  /**
   * The current instruction is executed with PSTATE.IL set. What its fetch would report comes first (Arm ARM, synchronous
   * exception prioritization): a misaligned PC, then an instruction abort.
   */
  public void illegalState() {
    if ((cpu.pc & 3) != 0) {
      pcAlignment();
      return;
    }
    try {
      if (cpu.env.bus().readable(cpu.mmu.code(cpu.pc).frame) == null) {
        noteFetchExternalAbort(cpu.pc);
        takeNoted();
        return;
      }
    } catch (GuestFault fault) {
      takeNoted();
      return;
    }
    take(defaultTarget(), Syndrome.ILLEGAL_STATE, 0);
  }

  /** A fetch from a misaligned PC. */
  public void pcAlignment() {
    int target = defaultTarget();
    far(target, cpu.pc);
    take(target, Syndrome.PC_ALIGNMENT, 0);
  }

  /** An FP or SIMD instruction while they trap. */
  public void fpTrap() {
    take(cpu.registers.fpTrapTarget(cpu.el), Syndrome.FP_ACCESS, Syndrome.WF_ALWAYS);
  }

  /** SVC. */
  public void supervisorCall(int immediate) {
    cpu.pc += 4;
    cpu.debug.advance();
    call(defaultTarget(), Syndrome.SVC, immediate);
  }

  /** HVC: an exception to EL2 where that is built, else a call of the machine's firmware. */
  public void hypervisorCall(int immediate) {
    if (cpu.el == 0) {
      undefined();
    } else if (cpu.config.el2()) {
      boolean enabled = cpu.config.el3() ? (scr() & SCR_HCE) != 0 : (hcr() & Hcr.HCD) == 0;
      if (!enabled) {
        undefined();
        return;
      }
      cpu.pc += 4;
      cpu.debug.advance();
      call(Math.max(2, cpu.el), Syndrome.HVC, immediate);
    } else {
      firmwareCall(true);
    }
  }

  /** SMC: an exception to EL3 where that is built, else a call of the machine's firmware. */
  public void secureMonitorCall(int immediate) {
    if (cpu.el == 0) {
      undefined();
    } else if (cpu.el == 1 && (hcr() & Hcr.TSC) != 0) {
      take(2, Syndrome.SMC, immediate);
    } else if (cpu.config.el3()) {
      if ((scr() & 1 << 7) != 0) {
        undefined();
        return;
      }
      cpu.pc += 4;
      cpu.debug.advance();
      call(3, Syndrome.SMC, immediate);
    } else {
      firmwareCall(false);
    }
  }

  private void firmwareCall(boolean hvc) {
    long at = cpu.pc;
    cpu.pc = at + 4;
    if (!cpu.env.firmwareCall(cpu, hvc)) {
      cpu.pc = at;
      undefined();
    }
  }

  /** HLT #0xF000: a semihosting call above EL0 where a device answers, else UNDEFINED. */
  public void semihostingCall() {
    if (cpu.el == 0 || !cpu.semihosting.answered()) {
      undefined();
    } else {
      cpu.pc += 4;
      cpu.semihosting.answer();
    }
  }

  /** BRK. */
  public void breakpoint(int immediate) {
    take(cpu.el <= 1 && cpu.debug.toEl2() ? 2 : Math.max(1, cpu.el), Syndrome.BRK, immediate);
  }

  /**
   * WFI or WFE: traps, or completes. What would go on at once is not trapped.
   *
   * @param event whether it is WFE
   */
  public void waitFor(boolean event) {
    int iss = Syndrome.WF_ALWAYS | (event ? 1 : 0);
    if (event ? cpu.activity.eventPending() : cpu.interrupts.requested()) {
      cpu.pc += 4;
      if (event) {
        cpu.waitEvent();
      }
    } else if (cpu.el == 0 && (reg(SysReg.SCTLR_EL1) & (event ? 1 << 18 : 1 << 16)) == 0) {
      take(defaultTarget(), Syndrome.WF, iss);
    } else if (cpu.el <= 1 && (hcr() & (event ? Hcr.TWE : Hcr.TWI)) != 0) {
      take(2, Syndrome.WF, iss);
    } else if (cpu.el <= 2 && (scr() & (event ? 1 << 13 : 1 << 12)) != 0) {
      take(3, Syndrome.WF, iss);
    } else {
      cpu.pc += 4;
      if (event) {
        cpu.waitEvent();
      } else {
        cpu.waitForInterrupt();
      }
    }
  }

  /** A system instruction is trapped. */
  void systemTrap(int target, int id, int rt, boolean read) {
    take(target, Syndrome.SYSTEM, Syndrome.system(id, rt, read));
  }

  private void far(int target, long address) {
    sys[(target == 1 ? SysReg.FAR_EL1 : target == 2 ? SysReg.FAR_EL2 : SysReg.FAR_EL3).ordinal()] = address;
  }

  // ---- Faults of the memory path

  /** Notes an abort that a walk reported; the caller throws {@link GuestFault}. */
  void noteAbort(long va, Translation t, boolean fetch, boolean write, boolean maintenance) {
    int iss = t.status | (t.onWalk ? 1 << 7 : 0);
    if (!fetch) {
      iss |= (write ? 1 << 6 : 0) | (maintenance ? 1 << 8 : 0);
    }
    boolean external = (t.status & 0x3C) == Walker.EXTERNAL || (t.status & 0x3C) == Walker.EXTERNAL_ON_WALK;
    int target = external && (scr() & SCR_EA) != 0 ? 3 : t.stage2 ? 2 : defaultTarget();
    note(fetch ? Syndrome.INSTRUCTION_ABORT : Syndrome.DATA_ABORT, iss, target, va);
    notedIpa = t.stage2 ? t.ipa : -1;
  }

  /** Notes a data abort that isn't a walk's; the caller throws {@link GuestFault}. */
  void noteDataAbort(long va, int status, boolean write) {
    int target = status == Walker.EXTERNAL ? externalTarget() : defaultTarget();
    note(Syndrome.DATA_ABORT, status | (write ? 1 << 6 : 0), target, va);
  }

  /** Notes that nothing answers a fetch; the caller throws {@link GuestFault}. */
  public void noteFetchExternalAbort(long va) {
    note(Syndrome.INSTRUCTION_ABORT, Walker.EXTERNAL, externalTarget(), va);
  }

  /** Notes an SP alignment fault; the caller throws {@link GuestFault}. */
  void noteSpAlignment() {
    note(Syndrome.SP_ALIGNMENT, 0, defaultTarget(), 0);
  }

  /** Notes that the current instruction is UNDEFINED; the caller throws {@link GuestFault}. */
  public void noteUndefined() {
    note(Syndrome.UNKNOWN, 0, defaultTarget(), 0);
  }

  /** Notes an FP access while FP traps; the caller throws {@link GuestFault}. */
  public void noteFpTrap() {
    note(Syndrome.FP_ACCESS, Syndrome.WF_ALWAYS, cpu.registers.fpTrapTarget(cpu.el), 0);
  }

  /** Notes a trapped system instruction; the caller throws {@link GuestFault}. */
  void noteSystemTrap(int target, int id, int rt, boolean read) {
    note(Syndrome.SYSTEM, Syndrome.system(id, rt, read), target, 0);
  }

  /** Notes the exception of a watchpoint; the caller throws {@link GuestFault}. */
  void noteWatchpoint(int target, int iss, long address) {
    note(Syndrome.WATCHPOINT, iss, target, address);
  }

  private int externalTarget() {
    return (scr() & SCR_EA) != 0 ? 3 : defaultTarget();
  }

  private void note(int exceptionClass, int iss, int target, long address) {
    notedClass = exceptionClass;
    notedIss = iss;
    notedTarget = target;
    notedFar = address;
    notedIpa = -1;
  }

  /** The fault status code of the abort that was noted. */
  int notedStatus() {
    return notedIss & 0x3F;
  }

  /** Whether an external abort on a table walk was noted. */
  boolean notedWalkAbort() {
    return notedClass == Syndrome.DATA_ABORT && (notedIss & 0x3C) == Walker.EXTERNAL_ON_WALK;
  }

  /** Takes the exception that was noted before {@link GuestFault} was thrown. */
  public void takeNoted() {
    int exceptionClass = notedClass;
    int iss = notedIss;
    int target = notedTarget;
    if (exceptionClass == Syndrome.INSTRUCTION_ABORT || exceptionClass == Syndrome.DATA_ABORT
        || exceptionClass == Syndrome.WATCHPOINT) {
      far(target, notedFar);
      if (notedIpa >= 0) {
        sys[SysReg.HPFAR_EL2.ordinal()] = notedIpa >>> 12 << 4;
        if (exceptionClass == Syndrome.DATA_ABORT && (iss & (1 << 7 | 1 << 8)) == 0) {
          iss |= Syndrome.loadStore(currentWord());
        }
      }
      if (target == cpu.el) {
        exceptionClass++;
      }
    }
    take(target, exceptionClass, iss);
  }

  /** The word at PC, which was fetched a moment ago; 0 if that can't be repeated. */
  private int currentWord() {
    try {
      CodeEntry entry = cpu.mmu.code(cpu.pc);
      Ram ram = cpu.env.bus().readable(entry.frame);
      return ram == null ? 0 : (int) ram.read((int) (entry.frame - ram.base) + ((int) cpu.pc & 0xFFC), 4);
    } catch (GuestFault e) {
      return 0;
    }
  }

  // ---- Return

  /** ERET at EL1 or above. */
  public void exceptionReturn() {
    int from = cpu.el;
    cpu.counting.over();
    cpu.counting.returns();
    SysReg spsrReg = from == 1 ? SysReg.SPSR_EL1 : from == 2 ? SysReg.SPSR_EL2 : SysReg.SPSR_EL3;
    SysReg elrReg = from == 1 ? SysReg.ELR_EL1 : from == 2 ? SysReg.ELR_EL2 : SysReg.ELR_EL3;
    int spsr = (int) reg(spsrReg);
    boolean legal = legal(spsr, from);
    cpu.debug.left();
    cpu.softwareStep = cpu.debug.returned(spsr, legal ? spsr >>> 2 & 3 : from);
    cpu.memory.clearMonitor();
    cpu.event();
    cpu.pc = reg(elrReg);
    cpu.nzcv(spsr);
    cpu.daif = spsr & 0x3C0;
    cpu.pan = cpu.config.pan() ? spsr >>> 22 & 1 : 0;
    if (legal) {
      cpu.illegal = spsr >>> 20 & 1;
      cpu.enter(spsr >>> 2 & 3, spsr & 1);
    } else {
      cpu.illegal = 1;
      cpu.contextChanged();
    }
    cpu.counting.changed();
    cpu.pc = cpu.mmu.branchTarget(cpu.pc);
    if (cpu.exits.watched()) {
      String what = "to EL" + cpu.el;
      cpu.exits.tell(watcher -> watcher.returned(cpu, what));
    }
    if (from != 2 || !cpu.el2.attached()) {
      cpu.faults.returned(cpu.pc);
    }
    if (cpu.illegal != 0) {
      cpu.refetch = true;
      cpu.attention();
    } else if (cpu.interrupts.possible()) {
      cpu.attention();
    }
  }

  /** Whether an exception return from a level may lead to what SPSR says. */
  boolean legal(int spsr, int from) {
    int to = spsr >>> 2 & 3;
    if ((spsr & 1 << 4) != 0 || (spsr & 2) != 0 || to > from || to == 0 && (spsr & 1) != 0) {
      return false;
    }
    if (to == 2 && !cpu.config.el2() || to == 3 && !cpu.config.el3()) {
      return false;
    }
    return !(to == 1 && (hcr() & Hcr.TGE) != 0);
  }
}
