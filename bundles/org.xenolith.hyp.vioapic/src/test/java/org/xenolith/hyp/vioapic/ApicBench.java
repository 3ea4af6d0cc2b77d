// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.testkit.hyp.FakeX64Cpu;
import org.xenolith.testkit.hyp.MessageLog;

/** A hypervisor on a machine with an I/O APIC, a hardware domain, and what both do. */
final class ApicBench {
  static final long BASE = 0xFEC0_0000L;
  static final int MASKED = 1 << 16;
  static final int LEVEL = 1 << 15;
  static final int REMOTE_IRR = 1 << 14;
  private static final int DATA = 0x10;
  private static final int TABLE = 0x10;

  final FakeHypervisor hypervisor = new FakeHypervisor(1);
  final MachineApic machine = new MachineApic();
  final MessageLog messages = new MessageLog();
  FakeDomain dom0 = hypervisor.dom0(2);

  ApicBench() {
    hypervisor.cpu(0).platformObject(new FakeX64Cpu());
    hypervisor.beside(FakeNode.at("/ioapic@fec00000").compatible("intel,ce4100-ioapic").window(BASE, 0x1000).build());
    hypervisor.machine().window(new AddressWindow(BASE, 0x1000), machine);
    attach();
    install();
  }

  void install() {
    hypervisor.install("vioapic", new VioapicComponent());
  }

  void attach() {
    interrupts().attach(messages, hypervisor.context("vioapic"));
  }

  GuestInterruptsPort interrupts() {
    return hypervisor.port(GuestInterruptsPort.class);
  }

  HostInterruptsPort lines() {
    return hypervisor.port(HostInterruptsPort.class);
  }

  HostVectorsPort vectors() {
    return hypervisor.port(HostVectorsPort.class);
  }

  FakeVcpu vcpu() {
    return hypervisor.byId(0).vcpu(0);
  }

  /** Who answers an address of a domain, or null. */
  GuestMmio window(FakeDomain domain, long address) {
    GuestTrapsPort.Claim<GuestMmio> claim = hypervisor.port(GuestTrapsPort.class).window(domain, address);
    return claim == null ? null : claim.handler();
  }

  long load(long offset, int size) {
    return window(hypervisor.byId(0), BASE + offset).read(vcpu(), BASE + offset, size);
  }

  void store(long offset, int size, long value) {
    window(hypervisor.byId(0), BASE + offset).write(vcpu(), BASE + offset, size, value);
  }

  long read(int register) {
    store(0, 4, register);
    return load(DATA, 4);
  }

  void write(int register, long value) {
    store(0, 4, register);
    store(DATA, 4, value);
  }

  long low(int pin) {
    return read(TABLE + 2 * pin);
  }

  /** The hardware domain sets an entry of its table. */
  void route(int pin, int apicId, int low) {
    write(TABLE + 2 * pin + 1, (long) apicId << 24);
    write(TABLE + 2 * pin, low);
  }

  /** The machine's CPU takes an interrupt with the vector that the machine's I/O APIC has for an input. */
  void pulse(int pin) {
    assertTrue(vectors().serve(hypervisor.cpu(0), machine.vector(pin)), "nobody has the vector of input " + pin);
  }

  /** Messages that came since this was asked last. */
  List<String> sent() {
    return messages.take();
  }

  void end(FakeDomain domain, int vector) {
    interrupts().ended(domain, vector);
  }
}
