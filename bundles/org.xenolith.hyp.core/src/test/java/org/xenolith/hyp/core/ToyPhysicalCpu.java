// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeCpu;

/** A physical CPU without instructions: an interrupt that it is told to take makes it enter the hypervisor. */
final class ToyPhysicalCpu extends PhysicalCpu {
  /** Who is to run again when there is an interrupt controller; nothing while {@link #interruptible}. */
  private final List<Runnable> waiting = new ArrayList<>();
  final FakeCpu cpu;
  private boolean interruptible = true;
  private boolean contended;
  private long stored;

  ToyPhysicalCpu(HypervisorCore core, FakeCpu cpu, DeviceState state) {
    super(core, cpu, state);
    this.cpu = cpu;
  }

  void takeInterrupt() {
    if (cpu.powered() && cpu.signal(Signal.IRQ)) {
      cpu.signal(Signal.IRQ, false);
      enter();
      try {
        core.bringUp();
        settle();
      } finally {
        leave();
      }
    }
  }

  /** Whether the interrupt controller is there from now on. */
  void interruptible(boolean is) {
    interruptible = is;
    if (is) {
      waiting.forEach(Runnable::run);
      waiting.clear();
    }
  }

  /** What {@link #contended(boolean)} said last. */
  boolean isContended() { return contended; }

  /** Where bytes were stored last. */
  long stored() {
    return stored;
  }

  @Override
  protected boolean interruptible() {
    return interruptible;
  }

  @Override
  protected void whenInterruptible(Runnable action) {
    waiting.add(action);
  }

  @Override
  protected void kick() {
    cpu.signal(Signal.IRQ, true);
  }

  @Override
  protected void save(GuestVcpu vcpu) {
    ((ToyVcpu) vcpu).saved++;
  }

  @Override
  protected void load(GuestVcpu vcpu) {
    ((ToyVcpu) vcpu).loaded++;
  }

  @Override
  protected void contended(boolean others) {
    contended = others;
  }

  @Override
  protected void store(long va, byte[] bytes) {
    stored = va;
  }

  @Override
  protected void await() {
    cpu.waitForInterrupt();
  }

  @Override
  protected void powerOn() {
    cpu.powerOn(0, 0);
    kick();
  }
}
