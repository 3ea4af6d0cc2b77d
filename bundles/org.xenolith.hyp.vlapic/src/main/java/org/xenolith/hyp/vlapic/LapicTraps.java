// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.CpuidAnswer;
import org.xenolith.hyp.x64.api.CpuidTrap;
import org.xenolith.hyp.x64.api.MsrTrap;
import org.xenolith.x64.api.MsrFault;

/** How a guest reaches the local APIC of the virtual CPU that it is on: in memory, by model-specific registers, and what CPUID says of it. */
final class LapicTraps implements GuestMmio, MsrTrap, CpuidTrap {
  private static final long OFFSET = 0xFFF;
  // CPUID (SDM volume 2A, table 3-8).
  private static final int FEATURES = 1;
  private static final int TOPOLOGY = 0xB;
  private static final int ID_SHIFT = 24;
  private static final int X2APIC = 1 << 21;
  private static final int DEADLINE = 1 << 24;
  private static final int APIC = 1 << 9;

  private final AllLapics lapics;

  LapicTraps(AllLapics lapics) {
    this.lapics = lapics;
  }

  // ---- Memory

  @Override
  public boolean covers(Domain domain, long address) {
    return (address & ~OFFSET) == DomainLapics.BASE && lapics.of(domain) != null;
  }

  @Override
  public long read(Vcpu vcpu, long address, int size) {
    VcpuLapic lapic = lapics.of(vcpu);
    return lapic == null ? -1L >>> 64 - 8 * size : lapic.load(address & OFFSET, size);
  }

  @Override
  public void write(Vcpu vcpu, long address, int size, long value) {
    VcpuLapic lapic = lapics.of(vcpu);
    if (lapic != null) {
      lapic.store(address & OFFSET, size, value);
    }
  }

  // ---- Model-specific registers

  private VcpuLapic present(Vcpu vcpu) throws MsrFault {
    VcpuLapic lapic = lapics.of(vcpu);
    if (lapic == null) {
      throw MsrFault.INSTANCE;
    }
    return lapic;
  }

  @Override
  public long read(Vcpu vcpu, int msr) throws MsrFault {
    return present(vcpu).msrs.read(msr);
  }

  @Override
  public void write(Vcpu vcpu, int msr, long value) throws MsrFault {
    present(vcpu).msrs.write(msr, value);
  }

  // ---- CPUID

  @Override
  public void answer(Vcpu vcpu, int leaf, int subleaf, CpuidAnswer answer) {
    VcpuLapic lapic = leaf == FEATURES || leaf == TOPOLOGY ? lapics.of(vcpu) : null;
    if (lapic == null) {
      return;
    }
    if (leaf == TOPOLOGY) {
      answer.set(answer.eax(), answer.ebx(), answer.ecx(), lapic.apicId());
    } else {
      int ebx = answer.ebx() & (1 << ID_SHIFT) - 1 | lapic.apicId() << ID_SHIFT;
      // It is as if there were none while IA32_APIC_BASE disables it (SDM volume 3, 12.4.3).
      int edx = lapic.apic.enabled() ? answer.edx() | APIC : answer.edx() & ~APIC;
      answer.set(answer.eax(), ebx, answer.ecx() | X2APIC | DEADLINE, edx);
    }
  }
}
