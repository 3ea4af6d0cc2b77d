// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.X64Feature;
import org.xenolith.x64.isa.X64Mode;

/**
 * Control, debug and extended control registers, and what their writes do (Intel SDM volume 3, 2.5, 2.6 and 19.2). Level and operand size are checked by who
 * calls. Methods may throw {@link X64Fault}.
 */
public final class X64Controls {
  private static final long CR0_BITS = X64Control.PE | X64Control.MP | X64Control.EM | X64Control.TS | X64Control.ET | X64Control.NE
      | X64Control.WP | X64Control.AM
      | X64Control.NW | X64Control.CD | X64Control.PG;
  private static final long CR4_PAGING = X64Control.PSE | X64Control.PAE | X64Control.PGE | X64Control.PCIDE | X64Control.SMEP
      | X64Control.SMAP;
  private static final long CR4_KEYS = X64Control.PKE | X64Control.PKS;
  private static final long CR4_FLUSH = X64Control.PSE | X64Control.PAE | X64Control.PGE | X64Control.PCIDE | X64Control.SMEP;
  private static final long NO_FLUSH = 1L << 63;
  private static final long DR6_FIXED = 0xFFFF_0FF0L;
  private static final long DR6_BITS = 0xE00F;
  private static final long DR7_FIXED = 0x400;
  private static final long GENERAL_DETECT = 1 << 13;

  private final X64Core cpu;
  private final long cr4Bits;

  X64Controls(X64Core cpu) {
    this.cpu = cpu;
    long bits = X64Control.TSD | X64Control.DE | X64Control.PSE | X64Control.PAE | X64Control.MCE | X64Control.PGE | X64Control.PCE
        | X64Control.OSFXSR | X64Control.OSXMMEXCPT
        | X64Control.UMIP | X64Control.SMEP | 3;
    bits |= cpu.model.has(X64Feature.FSGSBASE) ? X64Control.FSGSBASE : 0;
    bits |= cpu.model.has(X64Feature.INVPCID) ? X64Control.PCIDE : 0;
    bits |= cpu.model.has(X64Feature.XSAVE) ? X64Control.OSXSAVE : 0;
    bits |= cpu.model.has(X64Feature.SMAP) ? X64Control.SMAP : 0;
    bits |= cpu.model.has(X64Feature.PKU) ? X64Control.PKE : 0;
    bits |= cpu.model.has(X64Feature.PKS) ? X64Control.PKS : 0;
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
          throw cpu.fault(X64Vector.GP, 0);
        }
        cpu.inputs.taskPriority((int) value);
      }
    }
  }

  /** MOV to CR0, LMSW, CLTS. */
  public void cr0(long value) {
    long next = value & CR0_BITS | X64Control.ET;
    boolean paging = (next & X64Control.PG) != 0;
    boolean refused = value >>> 32 != 0 || paging && (next & X64Control.PE) == 0 || (next & (X64Control.NW | X64Control.CD))
        == X64Control.NW
        || !paging && (cpu.cr4 & X64Control.PCIDE) != 0;
    long changed = next ^ cpu.cr0;
    if (paging && (changed & X64Control.PG) != 0 && (cpu.efer & X64Control.LME) != 0) {
      refused |= (cpu.cr4 & X64Control.PAE) == 0 || (cpu.attributes[X64State.CS] & X64Segments.LONG) != 0;
    }
    if (!paging && cpu.mode == X64Mode.LONG_64) {
      refused = true;
    }
    boolean entersLong = paging && (cpu.efer & X64Control.LME) != 0;
    if (!refused && paging && !entersLong && (cpu.cr4 & X64Control.PAE) != 0 && (changed & (X64Control.PG | X64Control.CD | X64Control.NW))
        != 0) {
      refused = !cpu.mmu.loadPointers(cpu.cr3);
    }
    if (refused) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    cpu.cr0 = next;
    if ((changed & ~X64Control.WP) == 0) {
      // Kernels change it back and forth: what was translated stays (Intel SDM volume 3, 5.10.4.1).
      if ((changed & next) != 0) {
        cpu.mmu.protectReadOnly();
      }
      return;
    }
    cpu.efer = entersLong ? cpu.efer | X64Control.LMA : cpu.efer & ~X64Control.LMA;
    if ((changed & X64Control.PG) != 0) {
      cpu.mmu.flushAll();
    } else if ((changed & next & X64Control.WP) != 0) {
      cpu.mmu.protectReadOnly();
    }
    cpu.modeChanged();
  }

  private void cr3(long value) {
    boolean pcid = (cpu.cr4 & X64Control.PCIDE) != 0;
    boolean keeps = pcid && value < 0;
    long next = pcid ? value & ~NO_FLUSH : value;
    if (cpu.longMode()) {
      if ((next & (-1L << 52 | cpu.mmu.reserved())) != 0) {
        throw cpu.fault(X64Vector.GP, 0);
      }
    } else if ((cpu.cr4 & X64Control.PAE) != 0 && (cpu.cr0 & X64Control.PG) != 0 && !cpu.mmu.loadPointers(value)) {
      throw cpu.fault(X64Vector.GP, 0);
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
    boolean refused = (value & ~cr4Bits) != 0 || cpu.longMode() && (value & X64Control.PAE) == 0;
    if ((changed & value & X64Control.PCIDE) != 0) {
      refused |= !cpu.longMode() || (cpu.cr3 & 0xFFF) != 0;
    }
    boolean loads = !cpu.longMode() && (cpu.cr0 & X64Control.PG) != 0 && (value & X64Control.PAE) != 0 && (changed & CR4_PAGING) != 0;
    if (refused || loads && !cpu.mmu.loadPointers(cpu.cr3)) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    cpu.cr4 = value;
    if ((changed & CR4_FLUSH) != 0) {
      cpu.mmu.flushAll();
    } else if ((changed & (CR4_PAGING | CR4_KEYS)) != 0) {
      cpu.mmu.forget();
      cpu.mmu.select();
    }
    if ((changed & X64Control.DE) != 0) {
      // It says whether there are breakpoints on ports.
      cpu.breakpoints.changed();
    }
    cpu.modeChanged();
  }

  /** WRMSR to IA32_EFER. */
  void efer(long value) {
    long allowed = X64Control.SCE | X64Control.LME | X64Control.LMA | X64Control.NXE;
    long changed = value ^ cpu.efer;
    boolean pages = (cpu.cr0 & X64Control.PG) != 0;
    if ((value & ~allowed) != 0 || pages && (changed & X64Control.LME) != 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    cpu.efer = value & ~X64Control.LMA | cpu.efer & X64Control.LMA;
    if ((changed & X64Control.NXE) != 0) {
      cpu.mmu.flushAll();
    }
    cpu.modeChanged();
  }

  /** XSETBV of XCR0: the x87's state, with SSE's and PKRU or without. */
  public void xcr0(int number, long value) {
    if (number != 0 || (value & 1) == 0 || (value & ~cpu.extended.supported()) != 0) {
      throw cpu.fault(X64Vector.GP, 0);
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
      throw cpu.fault(X64Vector.GP, 0);
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
      if ((cpu.cr4 & X64Control.DE) != 0) {
        throw cpu.fault(X64Vector.UD);
      }
      return number + 2;
    }
    if ((cpu.dr[7] & GENERAL_DETECT) != 0) {
      cpu.dr[6] |= GENERAL_DETECT;
      throw cpu.fault(X64Vector.DB);
    }
    return number;
  }

  /** A debug exception is entered, whose handler may use the debug registers (Intel SDM volume 3, 18.2.4). */
  void debugTaken() {
    cpu.dr[7] &= ~GENERAL_DETECT;
  }
}
