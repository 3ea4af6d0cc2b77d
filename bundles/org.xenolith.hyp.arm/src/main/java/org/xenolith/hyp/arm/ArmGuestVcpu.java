// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import java.util.Map;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuContext;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.hyp.core.GuestDomain;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.kit.NamedRegisters;

/** One virtual CPU of Arm's, with its registers while it isn't loaded. */
final class ArmGuestVcpu extends GuestVcpu implements ArmVcpu, NamedRegisters {
  private static final int SPSR_EL2 = SysReg.SPSR_EL2.ordinal();
  /** SPSR_EL2.I. */
  private static final long IRQ_MASK = 1 << 7;

  private final CpuContext context = new CpuContext(record(), "cpu.");

  ArmGuestVcpu(GuestDomain domain, int id) {
    super(domain, id);
  }

  @Override
  public CpuContext context() {
    return context;
  }

  @Override
  public Cpu loaded() {
    return (Cpu) super.loaded();
  }

  @Override
  public long x(int n) {
    Cpu cpu = loaded();
    return cpu == null ? context.x(n) : cpu.x[n];
  }

  @Override
  public void x(int n, long value) {
    Cpu cpu = loaded();
    if (cpu == null) {
      context.x(n, value);
    } else {
      cpu.x[n] = value;
    }
  }

  @Override
  public Map<String, Long> registers() {
    Cpu cpu = loaded();
    if (cpu == null) {
      return context.named();
    }
    if (cpu.el != 2) {
      return Map.of();
    }
    CpuContext now = new CpuContext();
    now.save(cpu);
    return now.named();
  }

  /** PSTATE.I, which is the only mask of events on Arm. */
  @Override
  public void unmask() {
    Cpu cpu = loaded();
    if (cpu != null) {
      cpu.sys[SPSR_EL2] &= ~IRQ_MASK;
    }
  }

  @Override
  protected void resetRegisters(long entry, long argument) {
    context.reset(entry, argument);
  }
}
