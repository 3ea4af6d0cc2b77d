// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.machine.watch.ExitKind;

/** A device's system registers: what they throw besides a trap takes the device off, and the guest reads all-ones. */
final class GuardedRegisters implements SystemRegisterHandler {
  private final SystemRegisterHandler handler;
  private final ViewContext device;
  private final Exits exits;

  /** @param device told what the handler throws */
  GuardedRegisters(SystemRegisterHandler handler, ViewContext device, Exits exits) {
    this.handler = handler;
    this.device = device;
    this.exits = exits;
  }

  @Override
  public long read(ArmCpu cpu, int id) {
    device.entered(cpu.index());
    if (!exits.wanted()) {
      return answer(cpu, id);
    }
    exits.begin(ExitKind.REGISTER, device.instance());
    try {
      long value = answer(cpu, id);
      exits.tell(watcher -> watcher.accessedRegister(cpu, device.instance(), id, false, value));
      return value;
    } finally {
      exits.end();
    }
  }

  private long answer(ArmCpu cpu, int id) {
    try {
      return handler.read(cpu, id);
    } catch (SystemRegisterTrap | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
      return -1;
    }
  }

  /** Who wants to hear of each way out hears of each read. */
  @Override
  public long frequency(int id) {
    if (exits.wanted()) {
      return 0;
    }
    try {
      return handler.frequency(id);
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
      return 0;
    }
  }

  @Override
  public void write(ArmCpu cpu, int id, long value) {
    device.entered(cpu.index());
    if (!exits.wanted()) {
      take(cpu, id, value);
      return;
    }
    exits.begin(ExitKind.REGISTER, device.instance());
    try {
      take(cpu, id, value);
      exits.tell(watcher -> watcher.accessedRegister(cpu, device.instance(), id, true, value));
    } finally {
      exits.end();
    }
  }

  private void take(ArmCpu cpu, int id, long value) {
    try {
      handler.write(cpu, id, value);
    } catch (SystemRegisterTrap | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }
}
