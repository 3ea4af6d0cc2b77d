// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.HashMap;
import java.util.Map;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.MsrHandler;
import org.xenolith.x64.isa.X64Feature;

/**
 * Model-specific registers of one CPU: its own, and those that devices claim (Intel SDM volume 4, table 2-2). One that nobody has is a general protection. Level
 * 0 is checked by who calls.
 */
public final class X64Msrs {
  private static final int TSC = 0x10;
  private static final int PLATFORM_ID = 0x17;
  private static final int APIC_BASE = 0x1B;
  private static final int FEATURE_CONTROL = 0x3A;
  private static final int TSC_ADJUST = 0x3B;
  private static final int MICROCODE_LOAD = 0x79;
  private static final int MICROCODE = 0x8B;
  private static final int MTRR_CAP = 0xFE;
  private static final int ARCH_CAPABILITIES = 0x10A;
  private static final int MISC_FEATURES = 0x140;
  private static final int SYSENTER_CS = 0x174;
  private static final int SYSENTER_ESP = 0x175;
  private static final int SYSENTER_EIP = 0x176;
  private static final int MCG_CAP = 0x179;
  private static final int MCG_STATUS = 0x17A;
  private static final int PERF_STATUS = 0x198;
  private static final int MISC_ENABLE = 0x1A0;
  private static final int DEBUGCTL = 0x1D9;
  private static final int PAT = 0x277;
  private static final int MTRR_DEFAULT = 0x2FF;
  private static final int PLATFORM_INFO = 0xCE;
  private static final int SMI_COUNT = 0x34;
  private static final int PKRS = 0x6E1;
  private static final int EFER = 0xC000_0080;
  private static final int STAR = 0xC000_0081;
  private static final int LSTAR = 0xC000_0082;
  private static final int CSTAR = 0xC000_0083;
  private static final int FMASK = 0xC000_0084;
  private static final int FS_BASE = 0xC000_0100;
  private static final int GS_BASE = 0xC000_0101;
  private static final int KERNEL_GS_BASE = 0xC000_0102;
  private static final int TSC_AUX = 0xC000_0103;
  private static final long PAT_RESET = 0x0007_0406_0007_0406L;
  /** Fast string operations; BTS and PEBS unavailable. */
  private static final long MISC_ENABLE_RESET = 1 | 1 << 11 | 1 << 12;
  /** What software finds again as it has written it: fast strings, thermal control, performance monitoring, BTS, PEBS, SpeedStep, MONITOR, CPUID's limit, xTPR, XD, turbo. */
  private static final long MISC_ENABLE_BITS = 1 | 1 << 3 | 1 << 7 | 1 << 11 | 1 << 12 | 1 << 16 | 1 << 18 | 1 << 22 | 1 << 23 | 1L << 34
      | 1L << 38;
  /** Of the same: it has performance monitoring, whatever was written. */
  private static final long MONITORING_AVAILABLE = 1 << 7;
  private static final int VARIABLE_RANGES = 8;
  private static final int LOW = 0x1000;
  private static final int[] FIXED_RANGES = {0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F};
  /**
   * What IA32_ARCH_CAPABILITIES says: not vulnerable to Meltdown, L1TF, SSB, MDS, TAA, MMIO stale data, page-size change machine checks, PBRSB, GDS, RFDS,
   * BHI and ITS. An interpreter has no speculation that could leak.
   */
  private static final long CAPABILITIES = 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 13 | 1 << 14 | 1 << 15 | 1 << 20 | 1 << 24
      | 1 << 26
      | 1 << 27 | 1L << 62;

  private final X64Core cpu;
  /** Who has the MSRs below {@link #LOW}: those of the local APIC are accessed with each interrupt. */
  private final MsrHandler[] low = new MsrHandler[LOW];
  private final Map<Integer, MsrHandler> others = new HashMap<>();
  private final long[] ranges;
  private final long[] fixed;
  private long rangeDefault;
  private long pat = PAT_RESET;
  private long miscEnable = MISC_ENABLE_RESET;
  private long machineCheckStatus;
  private long debugControl;

  X64Msrs(X64Core cpu, DeviceState state) {
    this.cpu = cpu;
    ranges = state.longs("mtrrVariable", VARIABLE_RANGES * 2);
    fixed = state.longs("mtrrFixed", FIXED_RANGES.length);
    state.value("mtrrDefault", 0, () -> rangeDefault, value -> rangeDefault = value);
    state.value("pat", PAT_RESET, () -> pat, value -> pat = value);
    state.value("miscEnable", MISC_ENABLE_RESET, () -> miscEnable, value -> miscEnable = value);
    state.value("mcgStatus", 0, () -> machineCheckStatus, value -> machineCheckStatus = value);
    state.value("debugControl", 0, () -> debugControl, value -> debugControl = value);
  }

  void claim(MsrHandler handler, int... msrs) {
    for (int msr : msrs) {
      MsrHandler other = claimed(msr);
      if (other != null && other != handler) {
        throw new IllegalArgumentException("MSR 0x%x is claimed by another device already".formatted(msr));
      }
      if (msr >= 0 && msr < LOW) {
        low[msr] = handler;
      } else {
        others.put(msr, handler);
      }
    }
  }

  void release(MsrHandler handler) {
    for (int msr = 0; msr < LOW; msr++) {
      if (low[msr] == handler) {
        low[msr] = null;
      }
    }
    others.values().removeIf(each -> each == handler);
  }

  private MsrHandler claimed(int msr) {
    if (msr >= 0 && msr < LOW) {
      return low[msr];
    }
    return others.isEmpty() ? null : others.get(msr);
  }

  /** Whether a register is a guest's own under a host's software, kept with its general ones. */
  private static boolean isGuests(int msr) {
    return switch (msr) {
      case PKRS, SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP, EFER, STAR, LSTAR, CSTAR, FMASK, FS_BASE, GS_BASE, KERNEL_GS_BASE, TSC_AUX ->
          true;
      default -> false;
    };
  }

  /** RDMSR as the host's software has it, whoever is the guest: that of the machine. */
  public long hostRead(int msr) throws MsrFault {
    MsrHandler handler = claimed(msr);
    try {
      return handler == null ? own(msr) : handler.read(cpu.port, msr);
    } catch (X64Fault refused) {
      // It is the host's access, and no guest's exception.
      throw MsrFault.INSTANCE;
    }
  }

  /** WRMSR of the same. */
  public void hostWrite(int msr, long value) throws MsrFault {
    MsrHandler handler = claimed(msr);
    if (handler != null) {
      handler.write(cpu.port, msr, value);
      return;
    }
    try {
      writeOwn(msr, value);
    } catch (X64Fault refused) {
      throw MsrFault.INSTANCE;
    }
  }

  /** RDMSR. */
  public long read(int msr) {
    if (cpu.host.attached()) {
      return isGuests(msr) ? own(msr) : cpu.host.readMsr(msr);
    }
    MsrHandler handler = claimed(msr);
    if (handler != null) {
      try {
        return handler.read(cpu.port, msr);
      } catch (MsrFault refused) {
        throw cpu.fault(X64Vector.GP, 0);
      }
    }
    return own(msr);
  }

  private long own(int msr) {
    return switch (msr) {
      case TSC -> cpu.clock.read();
      case TSC_ADJUST -> cpu.clock.adjust();
      case PLATFORM_ID, MICROCODE, SMI_COUNT, PERF_STATUS, MISC_FEATURES, MCG_CAP -> 0;
      case PLATFORM_INFO -> 0;
      case FEATURE_CONTROL -> 1;
      case APIC_BASE -> 0xFEE0_0000L | (cpu.inputs.bootstrap() ? 1 << 8 : 0);
      case MTRR_CAP -> VARIABLE_RANGES | 1 << 8 | 1 << 10;
      case ARCH_CAPABILITIES -> CAPABILITIES;
      case PKRS -> known(cpu.pkrs & 0xFFFF_FFFFL, cpu.model.has(X64Feature.PKS));
      case SYSENTER_CS -> cpu.sysenterCs;
      case SYSENTER_ESP -> cpu.sysenterEsp;
      case SYSENTER_EIP -> cpu.sysenterEip;
      case MCG_STATUS -> machineCheckStatus;
      case MISC_ENABLE -> miscEnable | (cpu.counting.available() ? MONITORING_AVAILABLE : 0);
      case DEBUGCTL -> debugControl;
      case PAT -> pat;
      case MTRR_DEFAULT -> rangeDefault;
      case EFER -> cpu.efer;
      case STAR -> cpu.star;
      case LSTAR -> cpu.lstar;
      case CSTAR -> cpu.cstar;
      case FMASK -> cpu.fmask;
      case FS_BASE -> cpu.base[X64State.FS];
      case GS_BASE -> cpu.base[X64State.GS];
      case KERNEL_GS_BASE -> cpu.kernelGsBase;
      case TSC_AUX -> known(cpu.tscAux, cpu.model.has(X64Feature.RDTSCP));
      default -> memoryType(msr, 0, false);
    };
  }

  private long known(long value, boolean known) {
    if (!known) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    return value;
  }

  /** WRMSR. */
  public void write(int msr, long value) {
    if (cpu.host.attached()) {
      if (isGuests(msr)) {
        writeOwn(msr, value);
      } else {
        cpu.host.writeMsr(msr, value);
      }
      return;
    }
    MsrHandler handler = claimed(msr);
    if (handler != null) {
      try {
        handler.write(cpu.port, msr, value);
        return;
      } catch (MsrFault refused) {
        throw cpu.fault(X64Vector.GP, 0);
      }
    }
    writeOwn(msr, value);
  }

  private void writeOwn(int msr, long value) {
    switch (msr) {
      case TSC -> cpu.clock.write(value);
      case TSC_ADJUST -> cpu.clock.adjust(value);
      case PKRS -> cpu.mmu.supervisorKeys((int) known(allowed(value, 0xFFFF_FFFFL), cpu.model.has(X64Feature.PKS)));
      case SYSENTER_CS -> cpu.sysenterCs = value & 0xFFFF_FFFFL;
      case SYSENTER_ESP -> cpu.sysenterEsp = canonical(value);
      case SYSENTER_EIP -> cpu.sysenterEip = canonical(value);
      case MICROCODE, MICROCODE_LOAD, MISC_FEATURES -> {
        // No microcode to load.
      }
      case MCG_STATUS -> machineCheckStatus = allowed(value, 0);
      case MISC_ENABLE -> miscEnable = allowed(value, MISC_ENABLE_BITS);
      case DEBUGCTL -> debugControl = allowed(value, 3);
      case PAT -> pat = types(value);
      case MTRR_DEFAULT -> rangeDefault = allowed(value, 0xCFF);
      case EFER -> cpu.controls.efer(value);
      case STAR -> cpu.star = value;
      case LSTAR -> cpu.lstar = canonical(value);
      case CSTAR -> cpu.cstar = canonical(value);
      case FMASK -> cpu.fmask = allowed(value, 0xFFFF_FFFFL);
      case FS_BASE -> cpu.base[X64State.FS] = canonical(value);
      case GS_BASE -> cpu.base[X64State.GS] = canonical(value);
      case KERNEL_GS_BASE -> cpu.kernelGsBase = canonical(value);
      case TSC_AUX -> cpu.tscAux = known(allowed(value, 0xFFFF_FFFFL), cpu.model.has(X64Feature.RDTSCP));
      default -> memoryType(msr, value, true);
    }
  }

  /** Memory type ranges are kept, and mean nothing: there is no cache that could be stale. */
  private long memoryType(int msr, long value, boolean write) {
    long[] words = ranges;
    int at = msr - 0x200;
    if (at < 0 || at >= words.length) {
      words = fixed;
      at = java.util.Arrays.binarySearch(FIXED_RANGES, msr);
    }
    if (at < 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    if (write) {
      words[at] = value;
    }
    return words[at];
  }

  private long canonical(long value) {
    if (!X64Mmu.canonical(value)) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    return value;
  }

  private long allowed(long value, long bits) {
    if ((value & ~bits) != 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    return value;
  }

  private long types(long value) {
    for (int i = 0; i < 64; i += 8) {
      int type = (int) (value >>> i) & 0xFF;
      if (type > 7 || type == 2 || type == 3) {
        throw cpu.fault(X64Vector.GP, 0);
      }
    }
    return value;
  }
}
