// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.api.CpuMonitor;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.SystemRegister;
import org.xenolith.machine.api.SystemRegisterHandler;

/** A CPU as one device sees it: its claims take effect together and end with the device. */
final class ClaimedCpu implements CpuPort {
  private final Cpu cpu;
  private final String device;
  private final Hardware hardware;
  private final Consumer<Throwable> failure;
  private final List<Claim> claims = new ArrayList<>();
  private final List<Runnable> starts = new ArrayList<>();
  private GuardedMonitor monitor;

  private record Claim(GuardedRegisters handler, int[] ids) {}

  /**
   * @param device  instance of the device
   * @param failure told what its handlers throw
   */
  ClaimedCpu(Cpu cpu, String device, Hardware hardware, Consumer<Throwable> failure) {
    this.cpu = cpu;
    this.device = device;
    this.hardware = hardware;
    this.failure = failure;
  }

  @Override
  public void claim(SystemRegisterHandler handler, int... ids) {
    claims.add(new Claim(new GuardedRegisters(device, handler, hardware, failure), ids.clone()));
  }

  @Override
  public void atPowerOn(Runnable firmware) {
    starts.add(() -> {
      try {
        firmware.run();
      } catch (Throwable bug) {
        failure.accept(bug);
      }
    });
  }

  void commit() {
    for (Claim claim : claims) {
      try {
        cpu.claim(claim.handler, claim.ids);
      } catch (IllegalArgumentException e) {
        throw new ModelException(device + ": " + e.getMessage() + "; only one device may answer "
            + SystemRegister.name(claim.ids[0]));
      }
    }
    starts.forEach(cpu::atPowerOn);
    if (monitor != null) {
      cpu.monitor(monitor);
    }
  }

  @Override
  public void monitor(CpuMonitor newMonitor) {
    monitor = new GuardedMonitor(newMonitor, hardware.exits, device, failure);
  }

  @Override
  public void watch(int what, long retired) {
    cpu.watch(what, retired);
  }

  @Override
  public long retired() {
    return cpu.retired();
  }

  void close() {
    if (monitor != null) {
      cpu.forget(monitor);
      monitor = null;
    }
    claims.forEach(claim -> cpu.release(claim.handler));
    claims.clear();
    starts.forEach(cpu::forget);
    starts.clear();
  }

  @Override
  public <T> T as(Class<T> type) {
    return cpu.as(type);
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
