// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.PerformanceMonitor;

/** A device's performance monitor of a CPU: what it throws takes the device off, and the CPU goes on uncounted. */
final class GuardedPerformanceMonitor implements PerformanceMonitor {
  private final PerformanceMonitor monitor;
  private final Core cpu;
  private final ViewContext device;
  // What the architecture says never changes.
  private int eax;
  private int ebx;
  private int edx;
  private boolean capabilities;

  GuardedPerformanceMonitor(PerformanceMonitor monitor, Core cpu, ViewContext device) {
    this.monitor = monitor;
    this.cpu = cpu;
    this.device = device;
  }

  /** Asks what it has, once. What that throws is who adds the device's. */
  void describe() {
    eax = monitor.cpuidEax();
    ebx = monitor.cpuidEbx();
    edx = monitor.cpuidEdx();
    capabilities = monitor.capabilities();
  }

  @Override
  public int cpuidEax() {
    return eax;
  }

  @Override
  public int cpuidEbx() {
    return ebx;
  }

  @Override
  public int cpuidEdx() {
    return edx;
  }

  @Override
  public boolean capabilities() {
    return capabilities;
  }

  @Override
  public long counter(int select) {
    device.entered(cpu.index());
    if (!cpu.exits.wanted()) {
      return answer(select);
    }
    cpu.exits.begin(ExitKind.REGISTER, device.instance());
    try {
      return answer(select);
    } finally {
      cpu.exits.end();
    }
  }

  private long answer(int select) {
    try {
      return monitor.counter(select);
    } catch (MsrFault | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
      return -1;
    }
  }

  @Override
  public void contextChanged() {
    device.entered(cpu.index());
    try {
      monitor.contextChanged();
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }

  @Override
  public void branched(int level) {
    device.entered(cpu.index());
    try {
      monitor.branched(level);
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }

  @Override
  public void retiredReached() {
    device.entered(cpu.index());
    if (!cpu.exits.wanted()) {
      reached();
      return;
    }
    cpu.exits.begin(ExitKind.ALARM, device.instance());
    try {
      reached();
    } finally {
      cpu.exits.end();
    }
  }

  private void reached() {
    try {
      monitor.retiredReached();
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }
}
