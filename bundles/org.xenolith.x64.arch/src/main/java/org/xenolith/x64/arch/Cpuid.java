// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.Feature;

/** What CPUID answers (Intel SDM volume 2A, CPUID): from the model, the topology, and what can change at run time. */
public final class Cpuid {
  private static final int HIGHEST = 0x16;
  private static final int HIGHEST_EXTENDED = 0x8000_0008;
  private static final String VENDOR = "GenuineIntel";
  /** FPU, VME absent, DE, PSE, TSC, MSR, PAE, MCE, CX8, SEP, MTRR, PGE, MCA, PAT, PSE-36. */
  private static final int LEAF1_EDX = 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 11 | 1 << 12 | 1 << 13 | 1
      << 14 | 1 << 16
      | 1 << 17;
  private static final int CMPXCHG16B = 1 << 13;
  private static final int PCID = 1 << 17;

  private final Core cpu;

  /** EAX of the last answer. */
  public int eax;
  /** EBX. */
  public int ebx;
  /** ECX. */
  public int ecx;
  /** EDX. */
  public int edx;

  Cpuid(Core cpu) {
    this.cpu = cpu;
  }

  /** Answers in {@link #eax} to {@link #edx}. A leaf beyond the last one is answered as the last basic one, as Intel's processors do. */
  public void query(int leaf, int subleaf) {
    own(leaf, subleaf);
    if (cpu.host.attached()) {
      cpu.host.port().cpuid(cpu, leaf, subleaf);
    }
  }

  /** The same without the host's software: what the processor itself answers, whichever guest it executes. */
  public void own(int leaf, int subleaf) {
    eax = 0;
    ebx = 0;
    ecx = 0;
    edx = 0;
    boolean isExtended = leaf < 0;
    boolean known = isExtended ? leaf <= HIGHEST_EXTENDED : leaf <= HIGHEST;
    if (isExtended && known) {
      extended(leaf);
    } else {
      basic(known ? leaf : HIGHEST, subleaf);
    }
  }

  private void basic(int leaf, int subleaf) {
    switch (leaf) {
      case 0 -> {
        eax = HIGHEST;
        ebx = text(VENDOR, 0);
        edx = text(VENDOR, 4);
        ecx = text(VENDOR, 8);
      }
      case 1 -> features();
      case 2 -> {
        // Caches are told by leaf 4.
        eax = 0x00FF_FF01;
        ebx = 0;
      }
      case 4 -> cache(subleaf);
      // The timer of the local APIC never stops.
      case 6 -> eax = 1 << 2;
      case 7 -> structured(subleaf);
      case 0xA -> {
        eax = cpu.counting.eax();
        ebx = cpu.counting.ebx();
        edx = cpu.counting.edx();
      }
      case 0xB -> topology(subleaf);
      case 0xD -> extendedState(subleaf);
      case 0x15 -> {
        eax = 1;
        ebx = 1;
        ecx = (int) cpu.clock.hertz();
      }
      case 0x16 -> {
        eax = (int) (cpu.clock.hertz() / 1_000_000);
        ebx = eax;
        ecx = 100;
      }
      default -> {
        // Zeros: nothing of the kind is there.
      }
    }
  }

  private static int text(String text, int at) {
    int word = 0;
    for (int i = 0; i < 4 && at + i < text.length(); i++) {
      word |= (text.charAt(at + i) & 0x7F) << 8 * i;
    }
    return word;
  }

  private int bit(Feature feature, int number) {
    return cpu.model.has(feature) ? 1 << number : 0;
  }

  private void features() {
    eax = cpu.model.signature();
    ebx = cpu.apicId() << 24 | Math.min(255, cpu.threads()) << 16 | 8 << 8;
    ecx = bit(Feature.SSE3, 0) | bit(Feature.PCLMULQDQ, 1) | bit(Feature.SSSE3, 9) | CMPXCHG16B | bit(Feature.SSE4_1, 19)
        | bit(Feature.SSE4_2, 20) | bit(Feature.MOVBE, 22) | bit(Feature.POPCNT, 23) | bit(Feature.AES, 25) | bit(
            Feature.XSAVE, 26)
        | bit(Feature.RDRAND, 30);
    ecx |= cpu.model.has(Feature.INVPCID) ? PCID : 0;
    ecx |= cpu.counting.capabilities() ? 1 << 15 : 0;
    ecx |= cpu.inputs.x2apic() ? 1 << 21 : 0;
    ecx |= cpu.inputs.deadline() ? 1 << 24 : 0;
    ecx |= (cpu.cr4 & ControlBits.OSXSAVE) != 0 ? 1 << 27 : 0;
    edx = LEAF1_EDX | bit(Feature.CMOV, 15) | bit(Feature.CLFSH, 19) | bit(Feature.MMX, 23) | bit(Feature.FXSR, 24) | bit(
        Feature.SSE, 25)
        | bit(Feature.SSE2, 26);
    edx |= cpu.inputs.apic() ? 1 << 9 : 0;
    edx |= cpu.threads() > 1 ? 1 << 28 : 0;
  }

  /** 32 KiB of first-level data and code, 1 MiB of second level; nothing is cached, but software sizes its work by them. */
  private void cache(int subleaf) {
    if (subleaf > 2) {
      return;
    }
    int level = subleaf == 2 ? 2 : 1;
    int type = subleaf == 0 ? 1 : subleaf == 1 ? 2 : 3;
    int cores = 1;
    while (cores < cpu.threads()) {
      cores <<= 1;
    }
    eax = type | level << 5 | 1 << 8 | cores - 1 << 26;
    int ways = subleaf == 2 ? 16 : 8;
    ebx = 63 | ways - 1 << 22;
    ecx = (subleaf == 2 ? 1024 : 64) - 1;
  }

  private void structured(int subleaf) {
    if (subleaf != 0) {
      return;
    }
    ebx = bit(Feature.FSGSBASE, 0) | 1 << 1 | 1 << 7 | bit(Feature.INVPCID, 10) | bit(Feature.RDSEED, 18) | bit(Feature.ADX, 19)
        | bit(Feature.SMAP, 20) | bit(Feature.CLFLUSHOPT, 23) | bit(Feature.CLWB, 24);
    ecx = 1 << 2 | bit(Feature.PKU, 3) | ((cpu.cr4 & ControlBits.PKE) != 0 ? 1 << 4 : 0) | bit(Feature.PKS, 31);
    edx = 1 << 29;
  }

  private void topology(int subleaf) {
    edx = cpu.apicId();
    ecx = subleaf & 0xFF;
    if (subleaf == 0) {
      ebx = 1;
      ecx |= 1 << 8;
    } else if (subleaf == 1) {
      int bits = 0;
      while (1 << bits < cpu.threads()) {
        bits++;
      }
      eax = bits;
      ebx = cpu.threads();
      ecx |= 2 << 8;
    }
  }

  private void extendedState(int subleaf) {
    if (!cpu.model.has(Feature.XSAVE)) {
      return;
    }
    if (subleaf == 0) {
      eax = (int) cpu.extended.supported();
      ebx = ExtendedState.size(cpu.xcr0, false);
      ecx = ExtendedState.size(cpu.extended.supported(), false);
    } else if (subleaf == 1) {
      eax = bit(Feature.XSAVEOPT, 0) | bit(Feature.XSAVEC, 1) | 1 << 2;
      ebx = ExtendedState.size(cpu.xcr0, true);
    } else if (subleaf == ExtendedState.KEYS_COMPONENT && cpu.model.has(Feature.PKU)) {
      eax = ExtendedState.KEYS_SIZE;
      ebx = ExtendedState.KEYS_PLACE;
    }
  }

  private void extended(int leaf) {
    switch (leaf & 0x7FFF_FFFF) {
      case 0 -> eax = HIGHEST_EXTENDED;
      case 1 -> {
        ecx = bit(Feature.LAHF, 0) | bit(Feature.LZCNT, 5) | 1 << 8;
        edx = 1 << 11 | 1 << 20 | (cpu.model.hugePages() ? 1 << 26 : 0) | bit(Feature.RDTSCP, 27) | 1 << 29;
      }
      case 2, 3, 4 -> {
        int at = ((leaf & 7) - 2) * 16;
        eax = text(cpu.model.name(), at);
        ebx = text(cpu.model.name(), at + 4);
        ecx = text(cpu.model.name(), at + 8);
        edx = text(cpu.model.name(), at + 12);
      }
      case 6 -> ecx = 1024 << 16 | 8 << 12 | 64;
      // The time-stamp counter's frequency never changes.
      case 7 -> edx = 1 << 8;
      case 8 -> eax = cpu.model.physicalBits() | 48 << 8;
      default -> {
        // Zeros.
      }
    }
  }
}
