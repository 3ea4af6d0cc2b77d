// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.xenolith.a64.arch.SystemRegister.id;


/**
 * SYS: cache and TLB maintenance and address translation. Caches aren't modelled and decoded code is always coherent with
 * memory, so cache operations only check what they may fault for. Source: Arm ARM DDI 0487, C5.3 to C5.5.
 */
public final class Operations {
  /** DC ZVA, which engines may handle by {@link Memory#zero} after {@link #checkZva}. */
  public static final int DC_ZVA = id(1, 3, 7, 4, 1);
  private static final int IC_IALLUIS = id(1, 0, 7, 1, 0);
  private static final int IC_IALLU = id(1, 0, 7, 5, 0);
  private static final int IC_IVAU = id(1, 3, 7, 5, 1);
  private static final int DC_IVAC = id(1, 0, 7, 6, 1);
  private static final int DC_ISW = id(1, 0, 7, 6, 2);
  private static final int DC_CSW = id(1, 0, 7, 10, 2);
  private static final int DC_CISW = id(1, 0, 7, 14, 2);
  private static final int DC_CVAC = id(1, 3, 7, 10, 1);
  private static final int DC_CVAU = id(1, 3, 7, 11, 1);
  private static final int DC_CIVAC = id(1, 3, 7, 14, 1);
  /** CRn of TLB maintenance. */
  private static final int TLBI = 8;
  /** CRn of cache maintenance and address translation. */
  private static final int CACHE = 7;
  /** CRm of AT. */
  private static final int AT = 8;

  private final Cpu cpu;

  Operations(Cpu cpu) {
    this.cpu = cpu;
  }

  private long hcr() {
    return cpu.config.el2() ? cpu.sys(SysReg.HCR_EL2) : 0;
  }

  private GuestFault undefined() {
    cpu.exceptions.noteUndefined();
    return GuestFault.INSTANCE;
  }

  private GuestFault trap(int target, int op, int rt) {
    cpu.exceptions.noteSystemTrap(target, op, rt, false);
    return GuestFault.INSTANCE;
  }

  /** Checks that DC ZVA may be executed; throws {@link GuestFault} if not. */
  public void checkZva(int rt) {
    if (!cpu.registers.zvaAllowed()) {
      boolean toEl1 = cpu.el == 0 && (cpu.sys(SysReg.SCTLR_EL1) & 1 << 14) == 0;
      throw trap(toEl1 ? cpu.exceptions.defaultTarget() : 2, DC_ZVA, rt);
    }
  }

  /**
   * Executes SYS.
   *
   * @param op    the encoding with op0 = 1, as packed by {@link SystemRegister#id}
   * @param value of Xt
   * @throws GuestFault if it is UNDEFINED, trapped or faults; that is noted
   */
  public void execute(int op, int rt, long value) {
    int op1 = op >> 11 & 7;
    if (cpu.el < SysReg.level(op1)) {
      throw undefined();
    }
    switch (op >> 7 & 15) {
      case TLBI -> invalidate(op, op1, rt, value);
      case CACHE -> {
        if ((op >> 3 & 15) == AT) {
          translate(op, op1, value);
        } else {
          cache(op, rt, value);
        }
      }
      default -> throw unknown(op);
    }
  }

  private GuestFault unknown(int op) {
    cpu.env.events().report("unknown-system-operation", "cpu" + cpu.index(),
        SystemRegister.name(op) + " at EL" + cpu.el);
    return undefined();
  }

  // ---- Caches

  private void cache(int op, int rt, long value) {
    if (op == IC_IALLU || op == IC_IALLUIS) {
      if (cpu.el == 1 && (hcr() & Hcr.TPU) != 0) {
        throw trap(2, op, rt);
      }
    } else if (op == IC_IVAU || op == DC_CVAU || op == DC_CVAC || op == DC_CIVAC) {
      if (cpu.el == 0 && (cpu.sys(SysReg.SCTLR_EL1) & 1 << 26) == 0) {
        throw trap(cpu.exceptions.defaultTarget(), op, rt);
      }
      if (cpu.el <= 1 && (hcr() & (op == IC_IVAU || op == DC_CVAU ? Hcr.TPU : Hcr.TPC)) != 0) {
        throw trap(2, op, rt);
      }
      if (op != IC_IVAU) {
        touch(value, false);
      }
    } else if (op == DC_IVAC) {
      if (cpu.el == 1 && (hcr() & Hcr.TPC) != 0) {
        throw trap(2, op, rt);
      }
      touch(value, true);
      cpu.debug.watchMaintenance(value, 64);
    } else if (op == DC_ISW || op == DC_CSW || op == DC_CISW) {
      if (cpu.el == 1 && (hcr() & Hcr.TSW) != 0) {
        throw trap(2, op, rt);
      }
    } else if (op == DC_ZVA) {
      checkZva(rt);
      cpu.memory.zero(value);
    } else {
      throw unknown(op);
    }
  }

  /** A cache operation by address faults as a load would, PAN aside; the one that may lose data needs write permission. */
  private void touch(long va, boolean write) {
    if (!write && (va & -4096 | cpu.readContext) == cpu.data[Tlb.index(va)].read) {
      return;
    }
    cpu.mmu.maintenance = true;
    try {
      cpu.mmu.data(va, write, false);
    } finally {
      cpu.mmu.maintenance = false;
    }
  }

  // ---- Address translation

  private void translate(int op, int op1, long va) {
    int op2 = op & 7;
    boolean write = (op2 & 1) != 0;
    long par;
    if (op1 == 0 && op2 < 4) {
      par = cpu.mmu.probe(va, 1, access(write, op2 >= 2), true, cpu.el == 1);
    } else if (op1 == 4 && op2 >= 4 && cpu.config.el2()) {
      par = cpu.mmu.probe(va, 1, access(write, op2 >= 6), false, false);
    } else if (op1 == 4 && op2 < 2 && cpu.config.el2()) {
      par = cpu.mmu.probe(va, 2, access(write, false), true, false);
    } else if (op1 == 6 && op2 < 2 && cpu.config.el3()) {
      par = cpu.mmu.probe(va, 3, access(write, false), true, false);
    } else {
      throw unknown(op);
    }
    cpu.sys[SysReg.PAR_EL1.ordinal()] = par;
  }

  private static int access(boolean write, boolean user) {
    return user ? write ? Tlb.USER_WRITE : Tlb.USER_READ : write ? Tlb.WRITE : Tlb.READ;
  }

  // ---- TLBs

  private void invalidate(int op, int op1, int rt, long value) {
    int crm = op >> 3 & 15;
    int op2 = op & 7;
    boolean stage2 = op1 == 4 && (crm == 0 || crm == 4) && (op2 == 1 || op2 == 5);
    if (crm != 3 && crm != 7 && !stage2 || op1 == 4 && !cpu.config.el2() || op1 == 6 && !cpu.config.el3()) {
      throw unknown(op);
    }
    if (cpu.el == 1 && (hcr() & Hcr.TTLB) != 0) {
      throw trap(2, op, rt);
    }
    boolean broadcast = crm == 3 || crm == 0 || cpu.el == 1 && (hcr() & 1 << 9) != 0;
    if (!valid(op1, op2, stage2)) {
      throw unknown(op);
    }
    if (!broadcast) {
      invalidate(cpu.mmu, op1, op2, stage2, value);
      return;
    }
    for (Cpu each : cpu.env.cpus()) {
      invalidate(each.mmu, op1, op2, stage2, value);
    }
  }

  private static boolean valid(int op1, int op2, boolean stage2) {
    return stage2 || switch (op1) {
      case 0 -> op2 != 4 && op2 != 6;
      case 4 -> op2 == 0 || op2 == 1 || op2 >= 4 && op2 <= 6;
      case 6 -> op2 == 0 || op2 == 1 || op2 == 5;
      default -> false;
    };
  }

  /** One CPU's part. Operations on all VMIDs or on stage 2 drop everything of EL1&0: entries combine both stages. */
  private static void invalidate(Mmu mmu, int op1, int op2, boolean stage2, long value) {
    // The operand has VA[55:12] in bits 43:0 and the ASID in bits 63:48.
    long va = value << 20 >> 8;
    if (stage2) {
      mmu.invalidateAll(1);
    } else if (op1 == 0) {
      switch (op2) {
        case 0 -> mmu.invalidateAll(1);
        case 2 -> mmu.invalidateAsid(value >>> 48);
        default -> mmu.invalidatePage(va, 1);
      }
    } else {
      switch (op2) {
        case 0 -> mmu.invalidateAll(op1 == 4 ? 2 : 3);
        case 4, 6 -> mmu.invalidateAll(1);
        default -> mmu.invalidatePage(va, op1 == 4 ? 2 : 3);
      }
    }
  }
}
