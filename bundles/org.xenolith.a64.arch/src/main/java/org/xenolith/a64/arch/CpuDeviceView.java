// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.arm.api.SemihostingHandler;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.ViewContext;

/** A CPU as one device sees it: its claims take effect together and end with the device. */
final class CpuDeviceView implements ArmCpu, CpuView {
  private final Cpu cpu;
  private final ViewContext device;
  private final List<Claim> claims = new ArrayList<>();
  private final List<Runnable> starts = new ArrayList<>();
  private final List<SmcccHandler> firmware = new ArrayList<>();
  private @Nullable SemihostingHandler semihosting;
  private @Nullable GuardedMonitor monitor;

  private record Claim(GuardedRegisters handler, int[] ids) {}

  /** @param device told what its handlers throw */
  CpuDeviceView(Cpu cpu, ViewContext device) {
    this.cpu = cpu;
    this.device = device;
  }

  @Override
  public void claim(SystemRegisterHandler handler, int... ids) {
    claims.add(new Claim(new GuardedRegisters(handler, device, cpu.exits), ids.clone()));
  }

  @Override
  public void atPowerOn(Runnable firmware) {
    starts.add(() -> {
      try {
        firmware.run();
      } catch (Throwable bug) {
        device.failed(bug);
      }
    });
  }

  @Override
  public void firmware(SmcccHandler handler) {
    firmware.add(handler);
  }

  @Override
  public void semihosting(SemihostingHandler handler) {
    semihosting = handler;
  }

  @Override
  public void commit() {
    for (Claim claim : claims) {
      try {
        cpu.claim(claim.handler, claim.ids);
      } catch (IllegalArgumentException e) {
        throw new ModelException(device.instance() + ": " + e.getMessage() + "; only one device may answer "
            + SystemRegister.name(claim.ids[0]));
      }
    }
    starts.forEach(cpu::atPowerOn);
    firmware.forEach(handler -> cpu.smccc.add(handler, device));
    if (semihosting != null) {
      cpu.semihosting.add(semihosting, device);
    }
    if (monitor != null) {
      cpu.monitor(monitor);
    }
  }

  @Override
  public void monitor(CpuMonitor newMonitor) {
    monitor = new GuardedMonitor(newMonitor, cpu.exits, device);
  }

  @Override
  public void watch(int what, long retired) {
    cpu.watch(what, retired);
  }

  @Override
  public long retired() {
    return cpu.retired();
  }

  @Override
  public void close() {
    if (monitor != null) {
      cpu.forget(monitor);
      monitor = null;
    }
    claims.forEach(claim -> cpu.release(claim.handler));
    claims.clear();
    starts.forEach(cpu::forget);
    starts.clear();
    firmware.forEach(cpu.smccc::remove);
    firmware.clear();
    cpu.semihosting.remove(semihosting);
    semihosting = null;
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
  public long affinity() {
    return cpu.affinity();
  }

  @Override
  public void signal(Signal signal, boolean level) {
    cpu.signal(signal, level);
  }

  @Override
  public int exceptionLevel() {
    return cpu.exceptionLevel();
  }

  @Override
  public long systemRegister(int id) {
    return cpu.systemRegister(id);
  }

  @Override
  public long described(int id) {
    return cpu.described(id);
  }

  @Override
  public void event() {
    cpu.event();
  }

  @Override
  public boolean powered() {
    return cpu.powered();
  }

  @Override
  public void powerOn(long entry, long context) {
    cpu.powerOn(entry, context);
  }

  @Override
  public void powerOff() {
    cpu.powerOff();
  }

  @Override
  public void waitForInterrupt() {
    cpu.waitForInterrupt();
  }
}
