// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.LocalInterrupts;
import org.xenolith.x64.api.MsrHandler;
import org.xenolith.x64.api.PerformanceMonitor;

/** A CPU as one device sees it: its claims take effect together and end with the device. */
final class CpuDeviceView implements Cpu, CpuView {
  private final Core cpu;
  private final ViewContext device;
  private final List<Claim> claims = new ArrayList<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private @Nullable GuardedInterrupts controller;
  private @Nullable GuardedPerformanceMonitor monitor;

  private record Claim(GuardedMsrs handler, int[] msrs) {}

  CpuDeviceView(Core cpu, @Nullable ViewContext device) {
    this.cpu = cpu;
    this.device = device;
  }

  @Override
  public void claim(LocalInterrupts newController) {
    controller = new GuardedInterrupts(newController, cpu, device);
  }

  @Override
  public void claim(MsrHandler handler, int... msrs) {
    claims.add(new Claim(new GuardedMsrs(handler, this, cpu, device), msrs.clone()));
  }

  @Override
  public void monitor(PerformanceMonitor newMonitor) {
    monitor = new GuardedPerformanceMonitor(newMonitor, cpu, device);
  }

  @Override
  public void watch(int what, long retired) {
    if (cpu.counting.isClaimed(monitor)) {
      cpu.counting.watch(what, retired);
    }
  }

  @Override
  public void atTimeStampWritten(Runnable action) {
    listeners.add(() -> {
      try {
        action.run();
      } catch (Throwable bug) {
        device.failed(bug);
      }
    });
  }

  @Override
  public void commit() {
    try {
      for (Claim claim : claims) {
        cpu.msrs.claim(claim.handler, claim.msrs);
      }
      if (controller != null) {
        cpu.inputs.claim(controller);
      }
      if (monitor != null) {
        monitor.describe();
        cpu.counting.claim(monitor);
      }
    } catch (IllegalArgumentException e) {
      throw new ModelException(device.instance() + ": cpu " + index() + ": " + e.getMessage() + "; only one device may be it");
    }
    listeners.forEach(cpu.clock::listen);
  }

  @Override
  public void close() {
    claims.forEach(claim -> cpu.msrs.release(claim.handler));
    claims.clear();
    listeners.forEach(cpu.clock::forget);
    listeners.clear();
    if (controller != null) {
      cpu.inputs.release(controller);
      controller = null;
    }
    if (monitor != null) {
      cpu.counting.release(monitor);
      monitor = null;
    }
  }

  /** The view where that will do; the CPU itself for who asks for no less. */
  @Override
  public <T> T as(Class<T> type) {
    return type.isInstance(this) ? type.cast(this) : cpu.as(type);
  }

  @Override
  public int index() {
    return cpu.index();
  }

  @Override
  public long retired() {
    return cpu.counting.retired();
  }

  @Override
  public boolean executing() {
    return cpu.inputs.running();
  }

  @Override
  public void performanceInterrupt() {
    cpu.inputs.performanceInterrupt();
  }

  @Override
  public boolean powered() {
    return cpu.powered();
  }

  @Override
  public void powerOff() {
    cpu.powerOff();
  }

  @Override
  public int apicId() {
    return cpu.apicId();
  }

  @Override
  public void interrupt(boolean level) {
    cpu.inputs.interrupt(level);
  }

  @Override
  public void nmi() {
    cpu.inputs.nmi();
  }

  @Override
  public void init() {
    cpu.inputs.init();
  }

  @Override
  public void startUp(int vector) {
    cpu.inputs.startUp(vector);
  }

  @Override
  public boolean bootstrap() {
    return cpu.inputs.bootstrap();
  }

  @Override
  public int physicalAddressBits() {
    return cpu.model.physicalBits();
  }

  @Override
  public void registersAt(long window, long address) {
    cpu.mmu.moved(window, address);
  }

  @Override
  public int privilegeLevel() {
    return cpu.cpl;
  }

  @Override
  public long timeStamp() {
    return cpu.clock.read();
  }

  @Override
  public long timeStampHertz() {
    return cpu.clock.hertz();
  }

  @Override
  public long timeOf(long timeStamp) {
    return cpu.clock.timeOf(timeStamp);
  }
}
