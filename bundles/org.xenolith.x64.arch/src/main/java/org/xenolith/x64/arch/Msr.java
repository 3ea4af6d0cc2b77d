// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.jspecify.annotations.Nullable;

/**
 * The model-specific registers that belong to the CPU itself, by their numbers. Those of the local APIC and of performance monitoring are devices', which claim them. Source:
 * Intel SDM volume 4, table 2-2 (architectural ones), and for those that begin with MSR_ the tables of processors that have them.
 */
public enum Msr {
  IA32_TIME_STAMP_COUNTER(0x10), IA32_PLATFORM_ID(0x17), IA32_APIC_BASE(0x1B), MSR_SMI_COUNT(0x34), IA32_FEATURE_CONTROL(0x3A),
  IA32_TSC_ADJUST(0x3B), IA32_BIOS_UPDT_TRIG(0x79), IA32_BIOS_SIGN_ID(0x8B), MSR_PLATFORM_INFO(0xCE), IA32_MTRRCAP(0xFE),
  IA32_ARCH_CAPABILITIES(0x10A), MSR_MISC_FEATURES_ENABLES(0x140), IA32_SYSENTER_CS(0x174), IA32_SYSENTER_ESP(0x175),
  IA32_SYSENTER_EIP(0x176), IA32_MCG_CAP(0x179), IA32_MCG_STATUS(0x17A), IA32_PERF_STATUS(0x198), IA32_MISC_ENABLE(0x1A0),
  IA32_DEBUGCTL(0x1D9), IA32_MTRR_PHYSBASE0(0x200), IA32_MTRR_PHYSMASK0(0x201), IA32_MTRR_PHYSBASE1(0x202), IA32_MTRR_PHYSMASK1(0x203),
  IA32_MTRR_PHYSBASE2(0x204), IA32_MTRR_PHYSMASK2(0x205), IA32_MTRR_PHYSBASE3(0x206), IA32_MTRR_PHYSMASK3(0x207),
  IA32_MTRR_PHYSBASE4(0x208), IA32_MTRR_PHYSMASK4(0x209), IA32_MTRR_PHYSBASE5(0x20A), IA32_MTRR_PHYSMASK5(0x20B),
  IA32_MTRR_PHYSBASE6(0x20C), IA32_MTRR_PHYSMASK6(0x20D), IA32_MTRR_PHYSBASE7(0x20E), IA32_MTRR_PHYSMASK7(0x20F),
  IA32_MTRR_FIX64K_00000(0x250), IA32_MTRR_FIX16K_80000(0x258), IA32_MTRR_FIX16K_A0000(0x259), IA32_MTRR_FIX4K_C0000(0x268),
  IA32_MTRR_FIX4K_C8000(0x269), IA32_MTRR_FIX4K_D0000(0x26A), IA32_MTRR_FIX4K_D8000(0x26B), IA32_MTRR_FIX4K_E0000(0x26C),
  IA32_MTRR_FIX4K_E8000(0x26D), IA32_MTRR_FIX4K_F0000(0x26E), IA32_MTRR_FIX4K_F8000(0x26F), IA32_PAT(0x277), IA32_MTRR_DEF_TYPE(0x2FF),
  IA32_PKRS(0x6E1), IA32_EFER(0xC000_0080), IA32_STAR(0xC000_0081), IA32_LSTAR(0xC000_0082), IA32_CSTAR(0xC000_0083),
  IA32_FMASK(0xC000_0084), IA32_FS_BASE(0xC000_0100), IA32_GS_BASE(0xC000_0101), IA32_KERNEL_GS_BASE(0xC000_0102),
  IA32_TSC_AUX(0xC000_0103);

  private static final int LOW = 0x1000;
  private static final int HIGH = 0xC000_0000;
  private static final Msr[] BY_LOW = new Msr[LOW];
  private static final Msr[] BY_HIGH = new Msr[LOW];

  static {
    for (Msr each : values()) {
      if (each.number >>> 12 == 0) {
        BY_LOW[each.number] = each;
      } else {
        BY_HIGH[each.number - HIGH] = each;
      }
    }
  }

  /** What RDMSR and WRMSR have in ECX. */
  public final int number;

  Msr(int number) {
    this.number = number;
  }

  /** The register of a number; null if the CPU itself has none. */
  static @Nullable Msr of(int number) {
    if (number >>> 12 == 0) {
      return BY_LOW[number];
    }
    int above = number - HIGH;
    return above >>> 12 == 0 ? BY_HIGH[above] : null;
  }
}
