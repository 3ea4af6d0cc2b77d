// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.x64.api.CpuidAnswer;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.x64.api.MsrFault;

/** A hypervisor with local APICs, and what guests do with them. */
final class GuestBench {
  static final long BASE = 0xFEE0_0000L;
  static final int ID = 0x20;
  static final int TPR = 0x80;
  static final int EOI = 0xB0;
  static final int SVR = 0xF0;
  static final int IRR = 0x200;
  static final int LVT_TIMER = 0x320;
  static final int INITIAL = 0x380;
  static final int CURRENT = 0x390;
  static final int DIVIDE = 0x3E0;
  static final int BY_1 = 0xB;
  static final int APIC_BASE = 0x1B;
  static final int DEADLINE = 0x6E0;
  static final int TSC_DEADLINE = 2 << 17;
  static final int PERIODIC = 1 << 17;

  final FakeHypervisor hypervisor = new FakeHypervisor(1);

  GuestBench() {
    hypervisor.cpu(0).platformObject(new StampingCpu(hypervisor.clock()));
    hypervisor.install("vlapic", new VlapicComponent());
  }

  /** The four registers of CPUID. */
  static final class Answer implements CpuidAnswer {
    int eax = -1;
    int ebx = -1;
    int ecx;
    int edx;

    @Override
    public int eax() {
      return eax;
    }

    @Override
    public int ebx() {
      return ebx;
    }

    @Override
    public int ecx() {
      return ecx;
    }

    @Override
    public int edx() {
      return edx;
    }

    @Override
    public void set(int newEax, int newEbx, int newEcx, int newEdx) {
      eax = newEax;
      ebx = newEbx;
      ecx = newEcx;
      edx = newEdx;
    }
  }

  GuestInterruptsPort interrupts() {
    return hypervisor.port(GuestInterruptsPort.class);
  }

  GuestProcessorsPort processors() {
    return hypervisor.port(GuestProcessorsPort.class);
  }

  /** Who answers in the page of registers, or null. */
  GuestMmio window(FakeVcpu vcpu, long address) {
    GuestTrapsPort.Claim<GuestMmio> claim = hypervisor.port(GuestTrapsPort.class).window(vcpu.domain(), address);
    return claim == null ? null : claim.handler();
  }

  long read(FakeVcpu vcpu, int offset) {
    return window(vcpu, BASE + offset).read(vcpu, BASE + offset, 4);
  }

  void write(FakeVcpu vcpu, int offset, long value) {
    window(vcpu, BASE + offset).write(vcpu, BASE + offset, 4, value);
  }

  long rdmsr(FakeVcpu vcpu, int msr) {
    return processors().readMsr(vcpu, msr);
  }

  void wrmsr(FakeVcpu vcpu, int msr, long value) {
    processors().writeMsr(vcpu, msr, value);
  }

  void refuses(FakeVcpu vcpu, int msr) {
    assertSame(MsrFault.INSTANCE, assertThrows(MsrFault.class, () -> rdmsr(vcpu, msr)));
    assertSame(MsrFault.INSTANCE, assertThrows(MsrFault.class, () -> wrmsr(vcpu, msr, 0)));
  }

  Answer cpuid(FakeVcpu vcpu, int leaf) {
    Answer answer = new Answer();
    processors().cpuid(vcpu, leaf, 0, answer);
    return answer;
  }

  /** Software enables it. */
  void enable(FakeVcpu... vcpus) {
    for (FakeVcpu vcpu : vcpus) {
      write(vcpu, SVR, 0x1FF);
    }
  }

  void x2apic(FakeVcpu vcpu) {
    wrmsr(vcpu, APIC_BASE, rdmsr(vcpu, APIC_BASE) | 0xC00);
  }

  /** Sends by the interrupt command register in xAPIC mode. */
  void command(FakeVcpu vcpu, int destination, int low) {
    write(vcpu, 0x310, (long) destination << 24);
    write(vcpu, 0x300, low);
  }

  boolean pending(FakeVcpu vcpu) {
    return interrupts().pending(vcpu);
  }

  int acknowledge(FakeVcpu vcpu) {
    return interrupts().acknowledge(vcpu);
  }

  /** Takes the interrupt that waits and ends it. @return its vector, or -1 */
  int serve(FakeVcpu vcpu) {
    int vector = acknowledge(vcpu);
    if (vector >= 0) {
      write(vcpu, EOI, 0);
    }
    return vector;
  }

  /** Starts a timer that counts. */
  void start(FakeVcpu vcpu, int entry, long initial) {
    write(vcpu, LVT_TIMER, entry);
    write(vcpu, DIVIDE, BY_1);
    write(vcpu, INITIAL, initial);
  }

  void advance(long nanoseconds) {
    hypervisor.clock().advance(nanoseconds);
  }

  /** When the machine's alarm rings. */
  long alarm() {
    return hypervisor.context("vlapic").deadlines().get("timers");
  }
}
