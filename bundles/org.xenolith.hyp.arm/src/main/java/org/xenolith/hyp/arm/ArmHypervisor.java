// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.arm.kit.ArmLayouts;
import org.xenolith.hyp.core.GuestDomain;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;

/** The hypervisor of a machine with A64 CPUs: in the place of EL2's software on each of them. */
final class ArmHypervisor extends HypervisorCore {
  private final DebugRegisters debugRegisters = new DebugRegisters();
  private final ArchitectureFactsPort factsPort;
  private final ArmFacts facts;
  private final SystemRegistersPort registers;

  ArmHypervisor(DeviceContext context) {
    super(context, Cpu.class, El2Cpu::new);
    facts = new ArmFacts(processors().getFirst().as(Cpu.class));
    factsPort = context.port(ArchitectureFactsPort.class);
    factsPort.attach(facts, context);
    registers = context.port(SystemRegistersPort.class);
    registers.claim(debugRegisters, context, DebugRegisters.ANSWERED);
    for (CpuPort cpu : processors()) {
      cpu.as(Cpu.class).el2.attach((El2Cpu) processor(cpu.index()));
    }
  }

  @Override
  protected GuestVcpu vcpu(GuestDomain domain, int id) {
    return new ArmGuestVcpu(domain, id);
  }

  @Override
  protected SharedLayout sharedLayout(int wordSize) {
    return ArmLayouts.ARM;
  }

  @Override
  public CpuEntry entry() {
    return new ArmEntry(0, 0);
  }

  @Override
  public void removed() {
    factsPort.detach(facts);
    registers.release(debugRegisters);
    super.removed();
  }
}
