// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Feature;

/**
 * Control, debug and extended control registers, and what their writes do (Intel SDM volume 3, 2.5, 2.6 and 19.2). Level and operand size are checked by who
 * calls. Methods may throw {@link CpuFault}.
 */
public final class ControlRegisters {
  private static final long CR0_BITS = ControlBits.PE | ControlBits.MP | ControlBits.EM | ControlBits.TS | ControlBits.ET | ControlBits.NE
      | ControlBits.WP | ControlBits.AM
      | ControlBits.NW | ControlBits.CD | ControlBits.PG;
  private static final long CR4_PAGING = ControlBits.PSE | ControlBits.PAE | ControlBits.PGE | ControlBits.PCIDE | ControlBits.SMEP
      | ControlBits.SMAP;
  private static final long CR4_KEYS = ControlBits.PKE | ControlBits.PKS;
  private static final long CR4_FLUSH = ControlBits.PSE | ControlBits.PAE | ControlBits.PGE | ControlBits.PCIDE | ControlBits.SMEP;
  private static final long NO_FLUSH = 1L << 63;
  private static final long DR6_FIXED = 0xFFFF_0FF0L;
  private static final long DR6_BITS = 0xE00F;
  private static final long DR7_FIXED = 0x400;
  private static final long GENERAL_DETECT = 1 << 13;

  private final Core cpu;
  private final long cr4Bits;

  ControlRegisters(Core cpu) {
    this.cpu = cpu;
    long bits = ControlBits.TSD | ControlBits.DE | ControlBits.PSE | ControlBits.PAE | ControlBits.MCE | ControlBits.PGE | ControlBits.PCE
        | ControlBits.OSFXSR | ControlBits.OSXMMEXCPT
        | ControlBits.UMIP | ControlBits.SMEP | 3;
    bits |= cpu.model.has(Feature.FSGSBASE) ? ControlBits.FSGSBASE : 0;
    bits |= cpu.model.has(Feature.INVPCID) ? ControlBits.PCIDE : 0;
    bits |= cpu.model.has(Feature.XSAVE) ? ControlBits.OSXSAVE : 0;
    bits |= cpu.model.has(Feature.SMAP) ? ControlBits.SMAP : 0;
    bits |= cpu.model.has(Feature.PKU) ? ControlBits.PKE : 0;
    bits |= cpu.model.has(Feature.PKS) ? ControlBits.PKS : 0;
    cr4Bits = bits;
  }

  /** Bits of CR4 that the CPU has. */
  public long cr4Bits() {
    return cr4Bits;
  }

  /** MOV from a control register: 0, 2, 3, 4 or 8. */
  public long read(int number) {
    return switch (number) {
      case 0 -> cpu.cr0;
      case 2 -> cpu.cr2;
      case 3 -> cpu.cr3;
      case 4 -> cpu.cr4;
      default -> cpu.inputs.taskPriority();
    };
  }

  /** MOV to a control register. */
  public void write(int number, long value) {
    switch (number) {
      case 0 -> cr0(value);
      case 2 -> cpu.cr2 = value;
      case 3 -> cr3(value);
      case 4 -> cr4(value);
      default -> {
        if (value >>> 4 != 0) {
          throw cpu.fault(ExceptionVector.GP, 0);
        }
        cpu.inputs.taskPriority((int) value);
      }
    }
  }

  /** MOV to CR0, LMSW, CLTS. */
  public void cr0(long value) {
    long next = value & CR0_BITS | ControlBits.ET;
    boolean paging = (next & ControlBits.PG) != 0;
    boolean refused = value >>> 32 != 0 || paging && (next & ControlBits.PE) == 0 || (next & (ControlBits.NW | ControlBits.CD))
        == ControlBits.NW
        || !paging && (cpu.cr4 & ControlBits.PCIDE) != 0;
    long changed = next ^ cpu.cr0;
    if (paging && (changed & ControlBits.PG) != 0 && (cpu.efer & ControlBits.LME) != 0) {
      refused |= (cpu.cr4 & ControlBits.PAE) == 0 || (cpu.attributes[CpuState.CS] & Segments.LONG) != 0;
    }
    if (!paging && cpu.mode == DecodeMode.LONG_64) {
      refused = true;
    }
    boolean entersLong = paging && (cpu.efer & ControlBits.LME) != 0;
    if (!refused && paging && !entersLong && (cpu.cr4 & ControlBits.PAE) != 0 && (changed & (ControlBits.PG | ControlBits.CD
        | ControlBits.NW))
        != 0) {
      refused = !cpu.mmu.loadPointers(cpu.cr3);
    }
    if (refused) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    cpu.cr0 = next;
    if ((changed & ~ControlBits.WP) == 0) {
      // Kernels change it back and forth: what was translated stays (Intel SDM volume 3, 5.10.4.1).
      if ((changed & next) != 0) {
        cpu.mmu.protectReadOnly();
      }
      return;
    }
    cpu.efer = entersLong ? cpu.efer | ControlBits.LMA : cpu.efer & ~ControlBits.LMA;
    if ((changed & ControlBits.PG) != 0) {
      cpu.mmu.flushAll();
    } else if ((changed & next & ControlBits.WP) != 0) {
      cpu.mmu.protectReadOnly();
    }
    cpu.modeChanged();
  }

  private void cr3(long value) {
    boolean pcid = (cpu.cr4 & ControlBits.PCIDE) != 0;
    boolean keeps = pcid && value < 0;
    long next = pcid ? value & ~NO_FLUSH : value;
    if (cpu.longMode()) {
      if ((next & (-1L << 52 | cpu.mmu.reserved())) != 0) {
        throw cpu.fault(ExceptionVector.GP, 0);
      }
    } else if ((cpu.cr4 & ControlBits.PAE) != 0 && (cpu.cr0 & ControlBits.PG) != 0 && !cpu.mmu.loadPointers(value)) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    cpu.cr3 = next;
    if (keeps) {
      cpu.mmu.select();
      cpu.refetch();
    } else {
      cpu.mmu.flushSpace();
    }
  }

  private void cr4(long value) {
    long changed = value ^ cpu.cr4;
    boolean refused = (value & ~cr4Bits) != 0 || cpu.longMode() && (value & ControlBits.PAE) == 0;
    if ((changed & value & ControlBits.PCIDE) != 0) {
      refused |= !cpu.longMode() || (cpu.cr3 & 0xFFF) != 0;
    }
    boolean loads = !cpu.longMode() && (cpu.cr0 & ControlBits.PG) != 0 && (value & ControlBits.PAE) != 0 && (changed & CR4_PAGING) != 0;
    if (refused || loads && !cpu.mmu.loadPointers(cpu.cr3)) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    cpu.cr4 = value;
    if ((changed & CR4_FLUSH) != 0) {
      cpu.mmu.flushAll();
    } else if ((changed & (CR4_PAGING | CR4_KEYS)) != 0) {
      cpu.mmu.forget();
      cpu.mmu.select();
    }
    if ((changed & ControlBits.DE) != 0) {
      // It says whether there are breakpoints on ports.
      cpu.breakpoints.changed();
    }
    cpu.modeChanged();
  }

  /** WRMSR to IA32_EFER. */
  void efer(long value) {
    long allowed = ControlBits.SCE | ControlBits.LME | ControlBits.LMA | ControlBits.NXE;
    long changed = value ^ cpu.efer;
    boolean pages = (cpu.cr0 & ControlBits.PG) != 0;
    if ((value & ~allowed) != 0 || pages && (changed & ControlBits.LME) != 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    cpu.efer = value & ~ControlBits.LMA | cpu.efer & ControlBits.LMA;
    if ((changed & ControlBits.NXE) != 0) {
      cpu.mmu.flushAll();
    }
    cpu.modeChanged();
  }

  /** XSETBV of XCR0: the x87's state, with SSE's and PKRU or without. */
  public void xcr0(int number, long value) {
    if (number != 0 || (value & 1) == 0 || (value & ~cpu.extended.supported()) != 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    cpu.xcr0 = value;
  }

  // ---- Debug registers

  /** MOV from a debug register. */
  public long debug(int number) {
    return switch (register(number)) {
      case 6 -> cpu.dr[6] & DR6_BITS | DR6_FIXED;
      case 7 -> cpu.dr[7] | DR7_FIXED;
      default -> cpu.dr[number];
    };
  }

  /** MOV to a debug register. */
  public void debug(int number, long value) {
    int register = register(number);
    if (register >= 6 && value >>> 32 != 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    if (register < 4) {
      cpu.dr[register] = value;
    } else {
      cpu.dr[register] = register == 6 ? value & DR6_BITS : value & 0xFFFF_2BFFL;
    }
    cpu.breakpoints.changed();
  }

  private int register(int number) {
    if (number == 4 || number == 5) {
      if ((cpu.cr4 & ControlBits.DE) != 0) {
        throw cpu.fault(ExceptionVector.UD);
      }
      return number + 2;
    }
    if ((cpu.dr[7] & GENERAL_DETECT) != 0) {
      cpu.dr[6] |= GENERAL_DETECT;
      throw cpu.fault(ExceptionVector.DB);
    }
    return number;
  }

  /** A debug exception is entered, whose handler may use the debug registers (Intel SDM volume 3, 18.2.4). */
  void debugTaken() {
    cpu.dr[7] &= ~GENERAL_DETECT;
  }
}
