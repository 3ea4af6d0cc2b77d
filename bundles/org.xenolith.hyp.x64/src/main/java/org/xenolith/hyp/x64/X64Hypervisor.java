// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.GuestEvents;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.core.GuestDomain;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.arch.Core;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** The hypervisor of a machine with x86-64 CPUs: in the place of a host's software under each of them. */
final class X64Hypervisor extends HypervisorCore implements GuestEvents {
  final GuestProcessorsPort processorsPort;
  final GuestInterruptsPort interrupts;
  final HostVectorsPort vectors;
  private final XenLeaves leaves;
  private final HypercallPage page;
  private final MemoryTypes types = new MemoryTypes();
  private final Constants constants = new Constants();
  private final DebugPort debug;
  private final VcpuOperations vcpuOperations;
  private final UpcallOperations upcallOperations;
  /** Performance counters of guests, xenpmu_op: Xen offers them to no guest that has a local APIC, and to others only where it was told to. */
  private final HypercallHandler counters = call -> -XenErrno.XEN_EOPNOTSUPP;
  private final X64Facts facts;

  X64Hypervisor(DeviceContext context) {
    super(context, Core.class, HostCpu::new);
    processorsPort = context.port(GuestProcessorsPort.class);
    interrupts = context.port(GuestInterruptsPort.class);
    vectors = context.port(HostVectorsPort.class);
    leaves = new XenLeaves(interrupts);
    page = new HypercallPage(this);
    processorsPort.claim(leaves, context);
    processorsPort.claim(page, context, HypercallPage.MSR);
    processorsPort.claim(types, context, MemoryTypes.REGISTERS);
    processorsPort.claim(constants, context, Constants.REGISTERS);
    Core first = processors().getFirst().as(Core.class);
    debug = new DebugPort(ports.log());
    processorsPort.claim(debug, context, DebugPort.PORT, DebugPort.PORT);
    vcpuOperations = new VcpuOperations(context, first.controls.cr4Bits());
    upcallOperations = new UpcallOperations(this, context);
    ports.hypercalls().add(HypercallNumber.__HYPERVISOR_vcpu_op, vcpuOperations.operations, context);
    ports.hypercalls().add(HypercallNumber.__HYPERVISOR_hvm_op, upcallOperations.operations, context);
    ports.hypercalls().claim(HypercallNumber.__HYPERVISOR_xenpmu_op, counters, context);
    new ProcessorPowerCalls(Cpu.of(context.processors()).size()).claim(context.port(PlatformOperationsPort.class), context);
    new PhysicalCpuCalls(Cpu.of(context.processors())).claim(context.port(PlatformOperationsPort.class), context);
    context.port(ControlOperationsPort.class).claim(HypercallNumber.__HYPERVISOR_domctl, context, new HvmContext(HvmContext.Machine.of(
        first), X64GuestVcpu.class::cast).operations());
    facts = new X64Facts(first);
    context.port(ArchitectureFactsPort.class).attach(facts, context);
    ports.events().attach(this, context);
    for (CpuPort cpu : processors()) {
      ((HostCpu) processor(cpu.index())).attach(this);
    }
  }

  @Override
  protected GuestVcpu vcpu(GuestDomain domain, int id) {
    return new X64GuestVcpu(this, domain, id);
  }

  @Override
  public CpuEntry entry() {
    return new PvhEntry(0, 0);
  }

  @Override
  protected SharedLayout sharedLayout(int wordSize) {
    return wordSize == 8 ? SharedLayouts.X64 : SharedLayouts.IA32;
  }

  /** Guests say themselves by which vector they are called up. */
  @Override
  protected int eventInterrupt(DomainSpec spec) {
    return 0;
  }

  @Override
  public void removed() {
    processorsPort.release(leaves);
    processorsPort.release(page);
    processorsPort.release(types);
    processorsPort.release(constants);
    processorsPort.release(debug);
    ports.hypercalls().release(HypercallNumber.__HYPERVISOR_vcpu_op, vcpuOperations.operations);
    ports.hypercalls().release(HypercallNumber.__HYPERVISOR_hvm_op, upcallOperations.operations);
    ports.hypercalls().release(HypercallNumber.__HYPERVISOR_xenpmu_op, counters);
    context.port(PlatformOperationsPort.class).release(context);
    context.port(ControlOperationsPort.class).release(context);
    context.port(ArchitectureFactsPort.class).detach(facts);
    ports.events().detach(this);
    super.removed();
  }

  // ---- Events

  @Override
  public void raise(Vcpu vcpu) {
    X64GuestVcpu guest = (X64GuestVcpu) vcpu;
    if (guest.upcalls.own() != 0) {
      interrupts.raise(vcpu, guest.upcalls.own());
    }
    guest.interruptsChanged();
  }

  @Override
  public boolean deliverable(Vcpu vcpu) {
    return ((X64GuestVcpu) vcpu).hasInterrupt();
  }
}
