// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.MsrHandler;
import org.xenolith.x64.isa.Feature;

/**
 * Model-specific registers of one CPU: its own, and those that devices claim (Intel SDM volume 4, table 2-2). One that nobody has is a general protection. Level
 * 0 is checked by who calls.
 */
public final class Msrs {
  private static final long PAT_RESET = 0x0007_0406_0007_0406L;
  /** What software finds again as it has written it: fast strings, thermal control, performance monitoring, BTS, PEBS, SpeedStep, MONITOR, CPUID's limit, xTPR, XD, turbo. */
  private static final long MISC_ENABLE_BITS = 1 | 1 << 3 | 1 << 7 | 1 << 11 | 1 << 12 | 1 << 16 | 1 << 18 | 1 << 22 | 1 << 23 | 1L << 34
      | 1L << 38;
  /** Of the same: it has performance monitoring, whatever was written. */
  private static final long MONITORING_AVAILABLE = 1 << 7;
  private static final int VARIABLE_RANGES = 8;
  /** Of a range's base and mask: the address; the type in the base; V in the mask. */
  private static final long PAGES = 0xF_FFFF_FFFF_F000L;
  private static final long RANGE_TYPE = 0xFF;
  private static final long RANGE_VALID = 1 << 11;
  private static final int LOW = 0x1000;
  private static final int[] FIXED_RANGES = {0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F};

  private final Core cpu;
  /** Who has the MSRs below {@link #LOW}: those of the local APIC are accessed with each interrupt. */
  private final MsrHandler[] low = new MsrHandler[LOW];
  private final Map<Integer, MsrHandler> others = new HashMap<>();
  private final long[] ranges;
  private final long[] fixed;
  private long rangeDefault;
  private long pat = PAT_RESET;
  private long miscEnable;
  private long machineCheckStatus;
  private long debugControl;

  Msrs(Core cpu, DeviceState state) {
    this.cpu = cpu;
    ranges = state.longs("mtrrVariable", VARIABLE_RANGES * 2);
    fixed = state.longs("mtrrFixed", FIXED_RANGES.length);
    state.value("mtrrDefault", 0, () -> rangeDefault, value -> rangeDefault = value);
    state.value("pat", PAT_RESET, () -> pat, value -> pat = value);
    miscEnable = cpu.model.msr(Msr.IA32_MISC_ENABLE);
    state.value("miscEnable", miscEnable, () -> miscEnable, value -> miscEnable = value);
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

  private @Nullable MsrHandler claimed(int msr) {
    if (msr >= 0 && msr < LOW) {
      return low[msr];
    }
    return others.isEmpty() ? null : others.get(msr);
  }

  /** Whether a register is a guest's own under a host's software, kept with its general ones. */
  private static boolean isGuests(int msr) {
    Msr register = Msr.of(msr);
    return register != null && switch (register) {
      case IA32_PKRS, IA32_SYSENTER_CS, IA32_SYSENTER_ESP, IA32_SYSENTER_EIP, IA32_EFER, IA32_STAR, IA32_LSTAR, IA32_CSTAR, IA32_FMASK,
          IA32_FS_BASE, IA32_GS_BASE, IA32_KERNEL_GS_BASE, IA32_TSC_AUX ->
          true;
      default -> false;
    };
  }

  /** RDMSR as the host's software has it, whoever is the guest: that of the machine. */
  public long hostRead(int msr) throws MsrFault {
    MsrHandler handler = claimed(msr);
    try {
      return handler == null ? own(msr) : handler.read(cpu.port, msr);
    } catch (CpuFault refused) {
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
    } catch (CpuFault refused) {
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
        throw cpu.fault(ExceptionVector.GP, 0);
      }
    }
    return own(msr);
  }

  private long own(int msr) {
    return switch (register(msr)) {
      case IA32_TIME_STAMP_COUNTER -> cpu.clock.read();
      case IA32_TSC_ADJUST -> cpu.clock.adjust();
      case IA32_PLATFORM_ID, IA32_BIOS_SIGN_ID, MSR_PLATFORM_INFO, IA32_MTRRCAP, IA32_ARCH_CAPABILITIES -> cpu.model.msr(Msr.of(msr));
      case MSR_SMI_COUNT, IA32_PERF_STATUS, MSR_MISC_FEATURES_ENABLES, IA32_MCG_CAP -> 0;
      case IA32_FEATURE_CONTROL -> 1;
      case IA32_APIC_BASE -> 0xFEE0_0000L | (cpu.inputs.bootstrap() ? 1 << 8 : 0);
      case IA32_PKRS -> known(cpu.pkrs & 0xFFFF_FFFFL, cpu.model.has(Feature.PKS));
      case IA32_SYSENTER_CS -> cpu.sysenterCs;
      case IA32_SYSENTER_ESP -> cpu.sysenterEsp;
      case IA32_SYSENTER_EIP -> cpu.sysenterEip;
      case IA32_MCG_STATUS -> machineCheckStatus;
      case IA32_MISC_ENABLE -> miscEnable | (cpu.counting.available() ? MONITORING_AVAILABLE : 0);
      case IA32_DEBUGCTL -> debugControl;
      case IA32_PAT -> pat;
      case IA32_MTRR_DEF_TYPE -> rangeDefault;
      case IA32_EFER -> cpu.efer;
      case IA32_STAR -> cpu.star;
      case IA32_LSTAR -> cpu.lstar;
      case IA32_CSTAR -> cpu.cstar;
      case IA32_FMASK -> cpu.fmask;
      case IA32_FS_BASE -> cpu.base[CpuState.FS];
      case IA32_GS_BASE -> cpu.base[CpuState.GS];
      case IA32_KERNEL_GS_BASE -> cpu.kernelGsBase;
      case IA32_TSC_AUX -> known(cpu.tscAux, cpu.model.has(Feature.RDTSCP));
      default -> memoryType(msr, 0, false);
    };
  }

  private Msr register(int msr) {
    Msr register = Msr.of(msr);
    if (register == null) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    return register;
  }

  /**
   * The value of a register of the CPU's own, whoever's software executes, for who looks into the machine: nobody is asked, and nothing noted.
   *
   * @return empty for one that this CPU hasn't, or that can only be written
   */
  public OptionalLong look(Msr register) {
    int vector = cpu.faultVector;
    int error = cpu.faultError;
    try {
      return OptionalLong.of(own(register.number));
    } catch (CpuFault none) {
      cpu.faultVector = vector;
      cpu.faultError = error;
      return OptionalLong.empty();
    }
  }

  /** Gives a register of the CPU's own a value, as WRMSR does, whoever's software executes, for who looks into the machine. It faults if that would. */
  public void set(Msr register, long value) {
    writeOwn(register.number, value);
  }

  private long known(long value, boolean known) {
    if (!known) {
      throw cpu.fault(ExceptionVector.GP, 0);
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
        throw cpu.fault(ExceptionVector.GP, 0);
      }
    }
    writeOwn(msr, value);
  }

  private void writeOwn(int msr, long value) {
    switch (register(msr)) {
      case IA32_TIME_STAMP_COUNTER -> cpu.clock.write(value);
      case IA32_TSC_ADJUST -> cpu.clock.adjust(value);
      case IA32_PKRS -> cpu.mmu.supervisorKeys((int) known(allowed(value, 0xFFFF_FFFFL), cpu.model.has(Feature.PKS)));
      case IA32_SYSENTER_CS -> cpu.sysenterCs = value & 0xFFFF_FFFFL;
      case IA32_SYSENTER_ESP -> cpu.sysenterEsp = canonical(value);
      case IA32_SYSENTER_EIP -> cpu.sysenterEip = canonical(value);
      case IA32_BIOS_SIGN_ID, IA32_BIOS_UPDT_TRIG, MSR_MISC_FEATURES_ENABLES -> {
        // No microcode to load.
      }
      case IA32_MCG_STATUS -> machineCheckStatus = allowed(value, 0);
      case IA32_MISC_ENABLE -> miscEnable = allowed(value, MISC_ENABLE_BITS);
      case IA32_DEBUGCTL -> debugControl = allowed(value, 3);
      case IA32_PAT -> pat = types(value);
      case IA32_MTRR_DEF_TYPE -> rangeDefault = allowed(value, 0xCFF);
      case IA32_EFER -> cpu.controls.efer(value);
      case IA32_STAR -> cpu.star = value;
      case IA32_LSTAR -> cpu.lstar = canonical(value);
      case IA32_CSTAR -> cpu.cstar = canonical(value);
      case IA32_FMASK -> cpu.fmask = allowed(value, 0xFFFF_FFFFL);
      case IA32_FS_BASE -> cpu.base[CpuState.FS] = canonical(value);
      case IA32_GS_BASE -> cpu.base[CpuState.GS] = canonical(value);
      case IA32_KERNEL_GS_BASE -> cpu.kernelGsBase = canonical(value);
      case IA32_TSC_AUX -> cpu.tscAux = known(allowed(value, 0xFFFF_FFFFL), cpu.model.has(Feature.RDTSCP));
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
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    if (write) {
      words[at] = words == fixed ? value : allowed(value, PAGES | ((at & 1) == 0 ? RANGE_TYPE : RANGE_VALID));
    }
    return words[at];
  }

  private long canonical(long value) {
    if (!Mmu.canonical(value)) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    return value;
  }

  private long allowed(long value, long bits) {
    if ((value & ~bits) != 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    return value;
  }

  private long types(long value) {
    for (int i = 0; i < 64; i += 8) {
      int type = (int) (value >>> i) & 0xFF;
      if (type > 7 || type == 2 || type == 3) {
        throw cpu.fault(ExceptionVector.GP, 0);
      }
    }
    return value;
  }
}
