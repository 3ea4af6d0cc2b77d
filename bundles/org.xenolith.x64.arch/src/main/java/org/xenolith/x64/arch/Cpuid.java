// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.Feature;

/**
 * What CPUID answers (Intel SDM volume 2A, CPUID): what the CPU's description says, without what its machine hasn't, and with what depends on the topology or changes at run
 * time.
 */
public final class Cpuid {
  private static final int PDCM = 1 << 15;
  private static final int X2APIC = 1 << 21;
  private static final int DEADLINE = 1 << 24;
  private static final int OSXSAVE = 1 << 27;
  private static final int APIC = 1 << 9;
  private static final int HTT = 1 << 28;
  private static final int OSPKE = 1 << 4;
  private static final int BRAND = 0x8000_0002;
  private static final int BRAND_LAST = 0x8000_0004;

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
    boolean known = leaf < 0 ? leaf <= cpu.model.highestExtended() : leaf <= cpu.model.highest();
    int number = known ? leaf : cpu.model.highest();
    CpuidLeaf said = cpu.model.leaf(number, subleaf);
    eax = said.eax();
    ebx = said.ebx();
    ecx = said.ecx();
    edx = said.edx();
    switch (number) {
      case 1 -> features();
      case 4 -> cache();
      case 7 -> ecx &= (cpu.cr4 & ControlBits.PKE) != 0 ? -1 : ~OSPKE;
      case 0xA -> {
        eax = cpu.counting.eax();
        ebx = cpu.counting.ebx();
        edx = cpu.counting.edx();
      }
      case 0xB -> topology(subleaf);
      case 0xD -> extendedState(subleaf);
      default -> {
        if (number >= BRAND && number <= BRAND_LAST) {
          brand((number - BRAND) * 16);
        }
      }
    }
  }

  /** Four characters of a text, the first one lowest. */
  static int text(String text, int at) {
    int word = 0;
    for (int i = 0; i < 4 && at + i < text.length(); i++) {
      word |= (text.charAt(at + i) & 0x7F) << 8 * i;
    }
    return word;
  }

  private void brand(int at) {
    String brand = cpu.model.brand();
    eax = text(brand, at);
    ebx = text(brand, at + 4);
    ecx = text(brand, at + 8);
    edx = text(brand, at + 12);
  }

  private void features() {
    ebx |= cpu.apicId() << 24 | Math.min(255, cpu.threads()) << 16;
    ecx &= ~((cpu.counting.capabilities() ? 0 : PDCM) | (cpu.inputs.x2apic() ? 0 : X2APIC) | (cpu.inputs.deadline() ? 0 : DEADLINE)
        | ((cpu.cr4 & ControlBits.OSXSAVE) != 0 ? 0 : OSXSAVE));
    edx &= ~((cpu.inputs.apic() ? 0 : APIC) | (cpu.threads() > 1 ? 0 : HTT));
  }

  /** How many cores there may be is the machine's to say; nothing is cached, but software sizes its work by the rest. */
  private void cache() {
    if (eax == 0) {
      return;
    }
    int cores = 1;
    while (cores < cpu.threads()) {
      cores <<= 1;
    }
    eax |= cores - 1 << 26;
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
      ebx = ExtendedState.size(cpu.xcr0, true);
    } else if (subleaf == ExtendedState.KEYS_COMPONENT && cpu.model.has(Feature.PKU)) {
      eax = ExtendedState.KEYS_SIZE;
      ebx = ExtendedState.KEYS_PLACE;
    }
  }
}
