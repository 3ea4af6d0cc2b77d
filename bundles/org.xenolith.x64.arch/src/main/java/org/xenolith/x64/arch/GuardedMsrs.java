// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.MsrHandler;

/** A device's model-specific registers: what they throw besides a refusal takes the device off, and the guest reads all ones. */
final class GuardedMsrs implements MsrHandler {
  private final MsrHandler handler;
  private final Cpu view;
  private final Core cpu;
  private final ViewContext device;

  GuardedMsrs(MsrHandler handler, Cpu view, Core cpu, ViewContext device) {
    this.handler = handler;
    this.view = view;
    this.cpu = cpu;
    this.device = device;
  }

  @Override
  public long read(Cpu unused, int msr) {
    device.entered(cpu.index());
    if (!cpu.exits.wanted()) {
      return answer(msr);
    }
    cpu.exits.begin(ExitKind.REGISTER, device.instance());
    try {
      long value = answer(msr);
      cpu.exits.tell(watcher -> watcher.accessedRegister(view, device.instance(), msr, false, value));
      return value;
    } finally {
      cpu.exits.end();
    }
  }

  private long answer(int msr) {
    try {
      return handler.read(view, msr);
    } catch (MsrFault | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
      return -1;
    }
  }

  @Override
  public void write(Cpu unused, int msr, long value) {
    device.entered(cpu.index());
    if (!cpu.exits.wanted()) {
      take(msr, value);
      return;
    }
    cpu.exits.begin(ExitKind.REGISTER, device.instance());
    try {
      take(msr, value);
      cpu.exits.tell(watcher -> watcher.accessedRegister(view, device.instance(), msr, true, value));
    } finally {
      cpu.exits.end();
    }
  }

  private void take(int msr, long value) {
    try {
      handler.write(view, msr, value);
    } catch (MsrFault | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }
}
