// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.core.GuestDomain;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;

/** HVC #0xEA1 of one physical CPU (public header {@code arch-arm.h}). */
final class HypercallTrap implements Hypercall {
  private static final int ELR_EL2 = SysReg.ELR_EL2.ordinal();
  private static final int NUMBER = 16;

  private final HypervisorCore core;
  private final Cpu cpu;
  private GuestVcpu vcpu;
  private int number;
  private boolean again;

  HypercallTrap(HypervisorCore core, Cpu cpu) {
    this.core = core;
    this.cpu = cpu;
  }

  void serve(GuestVcpu caller) {
    vcpu = caller;
    long asked = cpu.x[NUMBER];
    number = asked >= 0 && asked < Integer.MAX_VALUE ? (int) asked : -1;
    again = false;
    if (core.ports.trace().on()) {
      core.ports.trace().happened(Kind.HYPERCALL, caller, number, cpu.x[0], cpu.x[1]);
    }
    long result = core.ports.hypercalls().dispatch(this);
    if (caller.loaded() != cpu) {
      // It is gone, or began anew: there is nobody to answer.
      return;
    }
    if (again) {
      cpu.sys[ELR_EL2] -= 4;
    } else {
      cpu.x[0] = result;
    }
    if (core.ports.trace().on()) {
      core.ports.trace().happened(Kind.RESULT, caller, number, result, again ? 1 : 0);
    }
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public long argument(int index) {
    return index >= 0 && index < 5 ? cpu.x[index] : 0;
  }

  @Override
  public void argument(int index, long value) {
    if (index >= 0 && index < 5) {
      cpu.x[index] = value;
    }
  }

  @Override
  public GuestVcpu vcpu() {
    return vcpu;
  }

  @Override
  public GuestDomain domain() {
    return vcpu.domain();
  }

  @Override
  public boolean read(long va, byte[] to, int offset, int length) {
    return cpu.el2.memory.read(va, to, offset, length, false) == 0;
  }

  @Override
  public boolean write(long va, byte[] from, int offset, int length) {
    return cpu.el2.memory.write(va, from, offset, length, false) == 0;
  }

  @Override
  public void again() {
    again = true;
  }
}
