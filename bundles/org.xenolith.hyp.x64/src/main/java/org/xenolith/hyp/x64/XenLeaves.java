// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.CpuidAnswer;
import org.xenolith.hyp.x64.api.CpuidTrap;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.x64.arch.Core;

/**
 * What CPUID tells of the hypervisor (Xen public header {@code arch-x86/cpuid.h}), and what it doesn't tell of the machine: its local APIC, whose guest's kind another subsystem tells.
 */
final class XenLeaves implements CpuidTrap {
  private static final int BASE = 0x4000_0000;
  private static final int LAST = 5;
  private static final int VERSION = 4 << 16 | 17;
  /** "XenVMMXenVMM". */
  private static final int SIGNATURE_EBX = 0x566E_6558;
  private static final int SIGNATURE_ECX = 0x6558_4D4D;
  private static final int SIGNATURE_EDX = 0x4D4D_566E;
  private static final int HYPERVISOR = 1 << 31;
  private static final int X2APIC = 1 << 21;
  private static final int DEADLINE = 1 << 24;
  private static final int APIC = 1 << 9;
  /** Bits of leaf 4: EBX and ECX tell. */
  private static final int VCPU_ID = 1 << 3;
  private static final int DOMAIN_ID = 1 << 4;
  private static final int UPCALL_VECTOR = 1 << 6;
  /** Of leaf 3: the machine's counter is reliable. */
  private static final int RELIABLE = 1 << 1;

  private final GuestInterruptsPort interrupts;

  XenLeaves(GuestInterruptsPort interrupts) {
    this.interrupts = interrupts;
  }

  @Override
  public void answer(Vcpu vcpu, int leaf, int subleaf, CpuidAnswer answer) {
    if (leaf == 1) {
      answer.set(answer.eax(), answer.ebx() & 0xFFFF, answer.ecx() & ~(X2APIC | DEADLINE) | HYPERVISOR, answer.edx() & ~APIC);
    } else if (leaf >= BASE && leaf <= BASE + LAST) {
      xen(vcpu, leaf - BASE, subleaf, answer);
    } else if (leaf >>> 8 == BASE >>> 8) {
      answer.set(0, 0, 0, 0);
    }
  }

  private void xen(Vcpu vcpu, int leaf, int subleaf, CpuidAnswer answer) {
    switch (leaf) {
      case 0 -> answer.set(BASE + LAST, SIGNATURE_EBX, SIGNATURE_ECX, SIGNATURE_EDX);
      case 1 -> answer.set(VERSION, 0, 0, 0);
      case 2 -> answer.set(1, HypercallPage.MSR, 0, 0);
      case 3 -> time(vcpu, subleaf, answer);
      case 4 -> answer.set(VCPU_ID | DOMAIN_ID | upcalls(vcpu), vcpu.id(), vcpu.domain().id(), 0);
      default -> answer.set(0, 0, 0, 0);
    }
  }

  /**
   * Whether each virtual CPU may have an upcall vector of its own. Xen says so of guests without local interrupt controllers, too, which then hear of no event.
   */
  private int upcalls(Vcpu vcpu) {
    return interrupts.has(vcpu.domain()) ? UPCALL_VECTOR : 0;
  }

  /** The counter isn't emulated, and has no offset. */
  private static void time(Vcpu vcpu, int subleaf, CpuidAnswer answer) {
    int kilohertz = (int) (((Core) vcpu.loaded()).clock.hertz() / 1000);
    switch (subleaf) {
      case 0 -> answer.set(RELIABLE, 0, kilohertz, 0);
      case 2 -> answer.set(kilohertz, 0, 0, 0);
      default -> answer.set(0, 0, 0, 0);
    }
  }
}
