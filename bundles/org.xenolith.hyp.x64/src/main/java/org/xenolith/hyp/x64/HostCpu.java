// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;
import org.xenolith.hyp.core.PhysicalCpu;
import org.xenolith.machine.api.RolePort;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.HostPort;

/** The host under one physical CPU: what happens when its guest leaves it, and what it has in its registers for a virtual CPU. */
final class HostCpu extends PhysicalCpu implements HostPort {
  /** SHUTDOWN_reboot of {@code sched.h}: what a triple fault is, as on a PC. */
  private static final int REBOOT = 1;

  private static final int GENERAL_PROTECTION = 13;
  /** SHUTDOWN_poweroff. */
  private static final int POWER_OFF = 0;

  final Core cpu;
  private final HostApic apic;
  private final VmcallTrap hypercalls;
  private final Answer answer;
  private X64Hypervisor hypervisor;

  HostCpu(HypervisorCore core, Core cpu, DeviceState state) {
    super(core, cpu, state);
    this.cpu = cpu;
    apic = new HostApic(cpu);
    hypercalls = new VmcallTrap(core, cpu);
    answer = new Answer(cpu.cpuid);
  }

  void attach(X64Hypervisor newHypervisor) {
    hypervisor = newHypervisor;
    cpu.host.attach(this);
  }

  private X64GuestVcpu guest() {
    return (X64GuestVcpu) current();
  }

  /** Lets the guest go on that is loaded now, if any, with the interrupts that it has. */
  private void goOn() {
    settle();
    X64GuestVcpu vcpu = guest();
    cpu.host.request(vcpu != null && vcpu.hasInterrupt());
  }

  // ---- Between two instructions

  @Override
  public void start(Core ignored) {
    enter();
    try {
      apic.enable();
      core.bringUp();
      schedule();
      goOn();
    } finally {
      leave();
    }
  }

  @Override
  public void interrupt(Core ignored) {
    enter();
    try {
      if (!cpu.host.interruptible()) {
        standStill();
        return;
      }
      apic.serve(hypervisor.vectors);
      goOn();
    } finally {
      leave();
    }
  }

  @Override
  public void halted(Core ignored) {
    enter();
    try {
      X64GuestVcpu vcpu = guest();
      if (vcpu != null) {
        if ((cpu.flags & FlagBits.IF) == 0) {
          // Nothing can end that wait but what begins it anew; a guest whose last virtual CPU waits so has powered off.
          vcpu.powerOff();
          if (vcpu.domain().vcpus().stream().noneMatch(GuestVcpu::online)) {
            vcpu.domain().shutdown(POWER_OFF);
          }
        } else {
          vcpu.block();
        }
      }
      goOn();
    } finally {
      leave();
    }
  }

  @Override
  public void hypercall(Core ignored) {
    enter();
    try {
      hypercalls.serve(current());
      goOn();
    } finally {
      leave();
    }
  }

  @Override
  public void nestedFault(Core ignored, long address, boolean write, boolean fetch) {
    enter();
    try {
      X64GuestVcpu vcpu = guest();
      if (vcpu == null) {
        core.context.events().report("hypervisor-stray", "cpu " + cpu.index(), "an access of 0x%x with no virtual CPU".formatted(address));
        idle();
        return;
      }
      if (!core.ports.p2m().present()) {
        vcpu.park();
        core.ports.p2m().whenPresent(vcpu::unpark);
      } else if (!core.ports.p2m().fault(vcpu, address, write)) {
        refuse(vcpu, address, write, fetch);
      }
      goOn();
    } finally {
      leave();
    }
  }

  /** What is there can't be used so: a page that is read-only or not for code. It can't go on. */
  private void refuse(X64GuestVcpu vcpu, long address, boolean write, boolean fetch) {
    core.context.events().report("guest-fault", "d" + vcpu.domain().id() + "v" + vcpu.id(),
        "%s of 0x%x at rip 0x%x isn't allowed by nested tables; a general protection".formatted(fetch ? "fetch" : write ? "store" : "load",
            address, cpu.pc));
    cpu.host.inject(GENERAL_PROTECTION, 0);
  }

  @Override
  public void shutdown(Core ignored) {
    enter();
    try {
      X64GuestVcpu vcpu = guest();
      if (vcpu != null) {
        core.context.events().report("triple-fault", "d" + vcpu.domain().id() + "v" + vcpu.id(),
            "at rip 0x%x, cr2 0x%x: an exception while a double fault was delivered".formatted(cpu.pc, cpu.cr2));
        vcpu.domain().shutdown(REBOOT);
      }
      goOn();
    } finally {
      leave();
    }
  }

  // ---- Within an instruction. What it did so far may have ended its guest: what follows concerns nobody.

  @Override
  public int acknowledge(Core ignored) {
    X64GuestVcpu vcpu = guest();
    if (vcpu == null) {
      cpu.host.request(false);
      return -1;
    }
    if (vcpu.upcalls.pending()) {
      // It stays pending in the guest's memory until the guest clears it; asked again when it leaves next.
      cpu.host.request(hypervisor.interrupts.pending(vcpu));
      return vcpu.upcalls.vector();
    }
    int vector = hypervisor.interrupts.acknowledge(vcpu);
    cpu.host.request(hypervisor.interrupts.pending(vcpu));
    return vector;
  }

  @Override
  public void cpuid(Core ignored, int leaf, int subleaf) {
    GuestVcpu vcpu = current();
    if (vcpu != null) {
      hypervisor.processorsPort.cpuid(vcpu, leaf, subleaf, answer);
    }
  }

  @Override
  public long in(Core ignored, int port, int size) {
    GuestVcpu vcpu = current();
    return vcpu == null ? allOnes(size) : hypervisor.processorsPort.in(vcpu, port, size);
  }

  @Override
  public void out(Core ignored, int port, int size, long value) {
    GuestVcpu vcpu = current();
    if (vcpu != null) {
      hypervisor.processorsPort.out(vcpu, port, size, value);
    }
  }

  @Override
  public long readMsr(Core ignored, int msr) throws MsrFault {
    GuestVcpu vcpu = current();
    return vcpu == null ? 0 : hypervisor.processorsPort.readMsr(vcpu, msr);
  }

  @Override
  public void writeMsr(Core ignored, int msr, long value) throws MsrFault {
    GuestVcpu vcpu = current();
    if (vcpu != null) {
      hypervisor.processorsPort.writeMsr(vcpu, msr, value);
    }
  }

  @Override
  public int taskPriority(Core ignored) {
    GuestVcpu vcpu = current();
    return vcpu == null ? 0 : hypervisor.interrupts.taskPriority(vcpu);
  }

  @Override
  public void taskPriority(Core ignored, int priority) {
    X64GuestVcpu vcpu = guest();
    if (vcpu != null) {
      hypervisor.interrupts.taskPriority(vcpu, priority);
      vcpu.interruptsChanged();
    }
  }

  /** What nobody answers at reads as all ones, like a bus; but memory that only isn't allowed so is a fault. */
  @Override
  public boolean emulates(Core ignored, long address) {
    GuestVcpu vcpu = current();
    return vcpu != null && core.ports.p2m().present() && (core.ports.traps().window(vcpu.domain(), address) != null
        || core.ports.p2m().type(vcpu.domain(), address >>> 12) == PageType.NONE);
  }

  @Override
  public long read(Core ignored, long address, int size) {
    GuestVcpu vcpu = current();
    GuestTrapsPort.Claim<GuestMmio> claim = vcpu == null ? null : core.ports.traps().window(vcpu.domain(), address);
    if (claim != null) {
      try {
        return claim.handler().read(vcpu, address, size);
      } catch (Throwable bug) {
        failed(claim, bug);
      }
    }
    return allOnes(size);
  }

  private static long allOnes(int size) {
    return -1L >>> 64 - 8 * size;
  }

  @Override
  public void write(Core ignored, long address, int size, long value) {
    GuestVcpu vcpu = current();
    GuestTrapsPort.Claim<GuestMmio> claim = vcpu == null ? null : core.ports.traps().window(vcpu.domain(), address);
    if (claim != null) {
      try {
        claim.handler().write(vcpu, address, size, value);
      } catch (Throwable bug) {
        failed(claim, bug);
      }
    }
  }

  private void failed(GuestTrapsPort.Claim<GuestMmio> claim, Throwable bug) {
    RolePort.rethrowMemory(bug);
    core.ports.traps().release(claim.handler());
    claim.owner().failed(bug);
  }

  // ---- What the core asks of it

  @Override
  protected boolean interruptible() {
    return cpu.host.interruptible();
  }

  @Override
  protected void whenInterruptible(Runnable action) {
    cpu.host.whenInterruptible(action);
  }

  @Override
  protected void kick() {
    apic.kick();
  }

  @Override
  protected void save(GuestVcpu vcpu) {
    ((X64GuestVcpu) vcpu).registers.save(cpu);
  }

  @Override
  protected void load(GuestVcpu vcpu) {
    cpu.host.nestedRoot(vcpu.domain().root());
    ((X64GuestVcpu) vcpu).registers.load(cpu);
  }

  @Override
  protected void store(long va, byte[] bytes) {
    cpu.host.write(va, bytes, 0, bytes.length);
  }

  @Override
  protected void await() {
    cpu.host.waitForInterrupt();
  }

  @Override
  protected void powerOn() {
    cpu.host.powerOn();
  }
}
