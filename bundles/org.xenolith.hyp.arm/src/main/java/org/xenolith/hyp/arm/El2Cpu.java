// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.El2Port;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;
import org.xenolith.hyp.core.PhysicalCpu;
import org.xenolith.regs.DeviceState;

/** EL2 of one physical CPU: what happens when something is taken to it, and what it has in its registers for a virtual CPU. */
final class El2Cpu extends PhysicalCpu implements El2Port {
  /** HCR_EL2 while guests run: VM, SWIO, PTW, FMO, IMO, AMO, FB, BSU inner, TWI, TIDCP, TSC, TACR, RW (Arm ARM D19.2.48). */
  private static final long HCR = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9 | 1 << 10 | 1 << 13 | 1 << 19
      | 1 << 20 | 1 << 21 | 1L << 31;
  /** Of HCR_EL2: WFE is trapped, too. */
  private static final long TWE = 1 << 14;
  private static final long MPIDR_RES1 = 1L << 31;

  final Cpu cpu;
  private final VirtualGicPort gic;
  private final Traps traps;

  El2Cpu(HypervisorCore core, Cpu cpu, DeviceState state) {
    super(core, cpu, state);
    this.cpu = cpu;
    gic = core.context.port(VirtualGicPort.class);
    traps = new Traps(core, this);
  }

  // ---- What is taken to EL2

  @Override
  public void start(Cpu ignored) {
    enter();
    try {
      cpu.el2.write(SysReg.HCR_EL2, HCR);
      cpu.el2.write(SysReg.MDCR_EL2, cpu.el2.read(SysReg.MDCR_EL2) | DebugRegisters.TRAPS);
      cpu.el2.write(SysReg.VPIDR_EL2, cpu.config.midr() & 0xFFFF_FFFFL);
      gic.start(cpu);
      core.bringUp();
      schedule();
    } finally {
      leave();
    }
  }

  @Override
  public void synchronous(Cpu ignored) {
    enter();
    try {
      GuestVcpu vcpu = current();
      if (vcpu == null) {
        core.context.events().report("hypervisor-stray", "cpu " + cpu.index(),
            "ESR_EL2 0x%x with no virtual CPU".formatted(cpu.sys[SysReg.ESR_EL2.ordinal()]));
        idle();
        return;
      }
      traps.serve(vcpu);
      settle();
    } finally {
      leave();
    }
  }

  @Override
  public void irq(Cpu ignored) {
    enter();
    try {
      if (!gic.present()) {
        standStill();
        return;
      }
      gic.interrupt(cpu);
      settle();
    } finally {
      leave();
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

  // ---- What the core asks of it

  @Override
  protected boolean interruptible() {
    return gic.present();
  }

  @Override
  protected void whenInterruptible(Runnable action) {
    gic.whenPresent(action);
  }

  @Override
  protected void kick() {
    gic.kick(cpu);
  }

  /** Who spins until another one's lock is free gives way to those that wait for this CPU: the other one may be among them. */
  @Override
  protected void contended(boolean others) {
    long now = cpu.el2.read(SysReg.HCR_EL2);
    long next = others ? now | TWE : now & ~TWE;
    if (next != now) {
      cpu.el2.write(SysReg.HCR_EL2, next);
    }
  }

  @Override
  protected void save(GuestVcpu vcpu) {
    ArmVcpu.of(vcpu).context().save(cpu);
  }

  @Override
  protected void load(GuestVcpu vcpu) {
    long root = vcpu.domain().root();
    if (core.ports.p2m().present()) {
      cpu.el2.write(SysReg.VTCR_EL2, core.ports.p2m().control());
    }
    cpu.el2.write(SysReg.HCR_EL2, HCR);
    cpu.el2.write(SysReg.VTTBR_EL2, root);
    cpu.el2.write(SysReg.VMPIDR_EL2, MPIDR_RES1 | vcpu.id() & 15 | (vcpu.id() >> 4) << 8);
    ArmVcpu.of(vcpu).context().load(cpu);
  }

  @Override
  protected void store(long va, byte[] bytes) {
    cpu.el2.memory.write(va, bytes, 0, bytes.length, false);
  }

  @Override
  protected void await() {
    cpu.waitForInterrupt();
  }

  @Override
  protected void powerOn() {
    cpu.powerOn(0, 0);
  }
}
