// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp;

import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.El2Port;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * EL2 of one physical CPU: which virtual CPU is on it, and what happens when something is taken to EL2. A virtual CPU that
 * waits stays loaded until another one wants the CPU, so that a wake-up costs no switch.
 */
final class PhysicalCpu implements El2Port {
  /** HCR_EL2 while guests run: VM, SWIO, PTW, FMO, IMO, AMO, FB, BSU inner, TWI, TIDCP, TSC, TACR, RW (Arm ARM D19.2.48). */
  private static final long HCR = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9 | 1 << 10 | 1 << 13 | 1 << 19
      | 1 << 20 | 1 << 21 | 1L << 31;
  /** Of HCR_EL2: WFE is trapped, too. */
  private static final long TWE = 1 << 14;
  private static final long MPIDR_RES1 = 1L << 31;

  final Core core;
  final Cpu cpu;
  private final Traps traps;
  private final LongCell domainOn;
  private final LongCell vcpuOn;
  private final LongCell executing;
  /** 1 while who runs is to be chosen anew as soon as EL2 is entered. */
  private final LongCell reschedule;
  /** Whose registers are in the CPU, executing or waiting; null if nobody's. */
  private GuestVcpu loaded;

  PhysicalCpu(Core core, Cpu cpu, DeviceState state) {
    this.core = core;
    this.cpu = cpu;
    traps = new Traps(core, this);
    String prefix = "cpu" + cpu.index() + '.';
    domainOn = state.cell(prefix + "domain", -1);
    vcpuOn = state.cell(prefix + "vcpu", 0);
    executing = state.cell(prefix + "executing", 0);
    reschedule = state.cell(prefix + "reschedule", 0);
  }

  /** All virtual CPUs are gone, and with them whose registers are here. */
  void clear() {
    loaded = null;
  }

  /** The state is back from a record. */
  void restored() {
    GuestDomain domain = core.byId((int) domainOn.value);
    loaded = domain == null ? null : domain.vcpu((int) vcpuOn.value);
    if (loaded != null) {
      loaded.home = this;
    }
  }

  /** The virtual CPU whose registers are here; null if nobody's. */
  GuestVcpu current() {
    return loaded;
  }

  /** Whether a virtual CPU executes here, or would if the CPU had its turn. */
  boolean executes(GuestVcpu vcpu) {
    return loaded == vcpu && executing.value != 0;
  }

  // ---- What is taken to EL2

  @Override
  public void start(Cpu ignored) {
    core.inside = this;
    try {
      cpu.el2.write(SysReg.HCR_EL2, HCR);
      cpu.el2.write(SysReg.MDCR_EL2, cpu.el2.read(SysReg.MDCR_EL2) | DebugRegisters.TRAPS);
      cpu.el2.write(SysReg.VPIDR_EL2, cpu.config.midr() & 0xFFFF_FFFFL);
      core.ports.gic().start(cpu);
      core.bringUp();
      schedule();
    } finally {
      core.inside = null;
    }
  }

  @Override
  public void synchronous(Cpu ignored) {
    core.inside = this;
    try {
      if (loaded == null) {
        core.context.events().report("hypervisor-stray", "cpu " + cpu.index(),
            "ESR_EL2 0x%x with no virtual CPU".formatted(cpu.sys[SysReg.ESR_EL2.ordinal()]));
        idle();
        return;
      }
      traps.serve(loaded);
      leave();
    } finally {
      core.inside = null;
    }
  }

  @Override
  public void irq(Cpu ignored) {
    core.inside = this;
    try {
      if (!core.ports.gic().present()) {
        standStill();
        return;
      }
      core.ports.gic().interrupt(cpu);
      leave();
    } finally {
      core.inside = null;
    }
  }

  @Override
  public void fiq(Cpu same) {
    irq(same);
  }

  @Override
  public void systemError(Cpu ignored) {
    core.context.events().report("system-error", "cpu " + cpu.index(), "an SError interrupt reached the hypervisor");
  }

  private void leave() {
    if (reschedule.value != 0 || loaded == null || executing.value == 0 || !loaded.runnable()) {
      schedule();
    }
  }

  // ---- Who runs

  /** The choice of who runs may be another now: at once if EL2 is on this CPU, else as soon as it can be made to enter EL2. */
  void reschedule() {
    reschedule.value = 1;
    if (core.inside != this && cpu.powered()) {
      core.ports.gic().kick(cpu);
    }
  }

  private void schedule() {
    reschedule.value = 0;
    if (!core.ports.gic().present()) {
      standStill();
      return;
    }
    if (loaded != null && executing.value != 0) {
      core.scheduler.charge(loaded, loaded.enter(loaded.waitingKind()));
      executing.value = 0;
    }
    GuestVcpu next = core.scheduler.pick(this);
    if (next == null) {
      idle();
      return;
    }
    if (next != loaded) {
      unload();
      load(next);
    }
    next.enter(GuestVcpu.RUNNING);
    next.show(cpu);
    executing.value = 1;
    trapEvents(core.scheduler.begins(next));
  }

  /** Who spins until another one's lock is free gives way to those that wait for this CPU: the other one may be among them. */
  private void trapEvents(boolean trapped) {
    long now = cpu.el2.read(SysReg.HCR_EL2);
    long next = trapped ? now | TWE : now & ~TWE;
    if (next != now) {
      cpu.el2.write(SysReg.HCR_EL2, next);
    }
  }

  /** Nobody may run. Who only waits for an interrupt stays loaded: the hardware ends its wait. */
  private void idle() {
    if (loaded != null && !loaded.blocked()) {
      unload();
    }
    cpu.waitForInterrupt();
  }

  /** Without an interrupt controller nothing can be taken to EL2: the CPU is off until one is back. */
  private void standStill() {
    if (loaded != null) {
      if (executing.value != 0) {
        core.scheduler.charge(loaded, loaded.enter(loaded.waitingKind()));
        executing.value = 0;
      }
      unload();
    }
    cpu.powerOff();
    core.ports.gic().whenPresent(() -> cpu.powerOn(0, 0));
  }

  private void unload() {
    if (loaded != null) {
      core.ports.contextSwitch().save(loaded, cpu);
      loaded.context().save(cpu);
      loaded.home = null;
      loaded = null;
      domainOn.value = -1;
    }
  }

  private void load(GuestVcpu vcpu) {
    GuestDomain domain = vcpu.domain();
    if (core.ports.p2m().present()) {
      domain.root.value = core.ports.p2m().root(domain);
      cpu.el2.write(SysReg.VTCR_EL2, core.ports.p2m().control());
    }
    cpu.el2.write(SysReg.HCR_EL2, HCR);
    cpu.el2.write(SysReg.VTTBR_EL2, domain.root.value);
    cpu.el2.write(SysReg.VMPIDR_EL2, MPIDR_RES1 | vcpu.id() & 15 | (vcpu.id() >> 4) << 8);
    vcpu.context().load(cpu);
    vcpu.home = this;
    loaded = vcpu;
    domainOn.value = domain.id();
    vcpuOn.value = vcpu.id();
    core.ports.contextSwitch().load(vcpu, cpu);
    if (core.ports.trace().on()) {
      core.ports.trace().happened(Kind.SWITCH, vcpu, cpu.index(), 0, 0);
    }
  }

  /** A virtual CPU's registers here are void: it is gone, or begins anew. */
  void evict(GuestVcpu vcpu) {
    if (loaded == vcpu) {
      if (executing.value != 0) {
        core.scheduler.charge(vcpu, vcpu.enter(vcpu.waitingKind()));
        executing.value = 0;
      }
      core.ports.contextSwitch().save(vcpu, cpu);
      vcpu.home = null;
      loaded = null;
      domainOn.value = -1;
      reschedule();
    }
  }

  /** A domain is gone. */
  void evict(GuestDomain domain) {
    if (loaded != null && loaded.domain() == domain) {
      evict(loaded);
    }
  }
}
