// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.arm.api.ArmCpu.Signal;

/** Physical and virtual interrupts and SErrors: what is pending, what masks it, and which level takes it (Arm ARM DDI 0487, D1). */
final class Interrupts {
  private static final int IRQ = 1 << Signal.IRQ.ordinal();
  private static final int FIQ = 1 << Signal.FIQ.ordinal();
  private static final int VIRQ = 1 << Signal.VIRQ.ordinal();
  private static final int VFIQ = 1 << Signal.VFIQ.ordinal();
  /** Interrupts that EL2's port may be given in a row, without an instruction between. */
  private static final int IN_A_ROW = 4096;
  private static final int DAIF_A = 0x100;
  private static final int DAIF_I = 0x80;
  private static final int DAIF_F = 0x40;
  private static final long SCR_IRQ = 2;
  private static final long SCR_FIQ = 4;

  private final Cpu cpu;

  Interrupts(Cpu cpu) {
    this.cpu = cpu;
  }

  /** Whether something is asserted that ends a WFI, masked or not. */
  boolean requested() {
    int signals = cpu.signals();
    if ((signals & (IRQ | FIQ)) != 0 || cpu.activity.systemErrorPending()) {
      return true;
    }
    return cpu.el <= 1 && virtualRequests(cpu.exceptions.hcr(), signals) != 0;
  }

  /** VECTOR bits of the virtual interrupts that are asserted: 1 IRQ, 2 FIQ, 4 SError. */
  private static int virtualRequests(long hcr, int signals) {
    if ((hcr & (Hcr.IMO | Hcr.FMO | Hcr.AMO)) == 0 || (hcr & Hcr.TGE) != 0) {
      return 0;
    }
    int requests = 0;
    if ((hcr & Hcr.IMO) != 0 && ((hcr & Hcr.VI) != 0 || (signals & VIRQ) != 0)) {
      requests = 1;
    }
    if ((hcr & Hcr.FMO) != 0 && ((hcr & Hcr.VF) != 0 || (signals & VFIQ) != 0)) {
      requests |= 2;
    }
    if ((hcr & (Hcr.AMO | Hcr.VSE)) == (Hcr.AMO | Hcr.VSE)) {
      requests |= 4;
    }
    return requests;
  }

  /** The A, I and F bits of ISR_EL1: what is pending for the current level. */
  long status() {
    int signals = cpu.signals();
    long hcr = cpu.exceptions.hcr();
    int virtual = virtualRequests(hcr, signals);
    boolean virtualView = cpu.el == 1;
    boolean irq = virtualView && (hcr & Hcr.IMO) != 0 ? (virtual & 1) != 0 : (signals & IRQ) != 0;
    boolean fiq = virtualView && (hcr & Hcr.FMO) != 0 ? (virtual & 2) != 0 : (signals & FIQ) != 0;
    boolean error = virtualView && (hcr & Hcr.AMO) != 0 ? (virtual & 4) != 0 : cpu.activity.systemErrorPending();
    return (error ? DAIF_A : 0) | (irq ? DAIF_I : 0) | (fiq ? DAIF_F : 0);
  }

  /**
   * Takes the most urgent interrupt that is pending and not masked; {@code Cpu.pc} is the return address. Then another one
   * may be pending for a higher level: that is taken before the first instruction of the handler.
   */
  void takePending() {
    for (int taken = 0; cpu.active() && takeOne(); taken++) {
      if (taken > IN_A_ROW) {
        throw new IllegalStateException("cpu" + cpu.index() + ": EL2's port doesn't remove the cause of an interrupt");
      }
    }
  }

  /** Whether anything is asserted, physical or virtual: only then a change of masks or level needs a look. */
  boolean possible() {
    return cpu.signals() != 0 || cpu.activity.systemErrorPending() || (cpu.exceptions.hcr() & (Hcr.VI | Hcr.VF | Hcr.VSE)) != 0;
  }

  private boolean takeOne() {
    if (!possible()) {
      return false;
    }
    int signals = cpu.signals();
    long hcr = cpu.exceptions.hcr();
    if (cpu.activity.systemErrorPending() && physical(Exceptions.SCR_EA, Hcr.AMO, DAIF_A, Exceptions.VECTOR_SERROR)) {
      return true;
    }
    if ((signals & FIQ) != 0 && physical(SCR_FIQ, Hcr.FMO, DAIF_F, Exceptions.VECTOR_FIQ)
        || (signals & IRQ) != 0 && physical(SCR_IRQ, Hcr.IMO, DAIF_I, Exceptions.VECTOR_IRQ)) {
      return true;
    }
    if (cpu.el > 1) {
      return false;
    }
    int requests = virtualRequests(hcr, signals);
    if ((requests & 4) != 0 && virtual(DAIF_A, Exceptions.VECTOR_SERROR)) {
      cpu.sys[SysReg.HCR_EL2.ordinal()] &= ~Hcr.VSE;
      return true;
    }
    return (requests & 2) != 0 && virtual(DAIF_F, Exceptions.VECTOR_FIQ) || (requests & 1) != 0 && virtual(DAIF_I, Exceptions.VECTOR_IRQ);
  }

  private boolean virtual(int mask, int vector) {
    if (cpu.el == 1 && (cpu.daif & mask) != 0) {
      return false;
    }
    if (cpu.el == 0 && (cpu.daif & mask) != 0) {
      return false;
    }
    cpu.exceptions.interrupt(1, vector);
    return true;
  }

  private boolean physical(long scrBit, long hcrBit, int mask, int vector) {
    int target = (cpu.exceptions.scr() & scrBit) != 0 ? 3 : (cpu.exceptions.hcr() & (hcrBit | Hcr.TGE)) != 0 ? 2 : 1;
    if (target < cpu.el || (target == cpu.el || target == 1) && (cpu.daif & mask) != 0) {
      return false;
    }
    if (vector == Exceptions.VECTOR_SERROR) {
      cpu.activity.systemErrorTaken();
    }
    cpu.exceptions.interrupt(target, vector);
    return true;
  }
}
