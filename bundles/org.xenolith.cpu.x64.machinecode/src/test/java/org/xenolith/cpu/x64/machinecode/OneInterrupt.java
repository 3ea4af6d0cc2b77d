// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.LocalInterrupts;
import org.xenolith.x64.arch.Core;

/** Asks for one interrupt, each time it is told to. */
final class OneInterrupt implements LocalInterrupts, ViewContext {
  static final int VECTOR = 31;

  private final Cpu cpu;

  OneInterrupt(Core of) {
    CpuView view = of.view(this);
    cpu = view.as(Cpu.class);
    cpu.claim(this);
    view.commit();
  }

  void ask() {
    cpu.interrupt(true);
  }

  @Override
  public int acknowledge() {
    cpu.interrupt(false);
    return VECTOR;
  }

  @Override
  public int taskPriority() {
    return 0;
  }

  @Override
  public void taskPriority(int priority) {
    // There are no others.
  }

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public boolean x2apic() {
    return false;
  }

  @Override
  public boolean deadline() {
    return false;
  }

  @Override
  public String instance() {
    return "interrupts";
  }

  @Override
  public int order() {
    return 0;
  }

  @Override
  public void failed(Throwable bug) {
    throw new AssertionError(bug);
  }

  @Override
  public void entered(int cpu) {
    // There is one.
  }
}
