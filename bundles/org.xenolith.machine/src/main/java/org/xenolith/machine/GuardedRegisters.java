// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.function.Consumer;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.api.SystemRegisterHandler;
import org.xenolith.machine.api.SystemRegisterTrap;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.watch.ExitKind;

/** A device's system registers: what they throw besides a trap takes the device off, and the guest reads all-ones. */
final class GuardedRegisters implements SystemRegisterHandler {
  private final SystemRegisterHandler handler;
  private final Initiator initiator;
  private final String device;
  private final Exits exits;
  private final Consumer<Throwable> failure;

  /**
   * @param device  instance of the device
   * @param failure told what the handler throws
   */
  GuardedRegisters(String device, SystemRegisterHandler handler, Hardware hardware, Consumer<Throwable> failure) {
    this.device = device;
    this.handler = handler;
    this.initiator = hardware.initiator;
    this.exits = hardware.exits;
    this.failure = failure;
  }

  @Override
  public long read(CpuPort cpu, int id) {
    initiator.cpu = cpu.index();
    if (!exits.wanted()) {
      return answer(cpu, id);
    }
    exits.begin(ExitKind.REGISTER, device);
    try {
      return answer(cpu, id);
    } finally {
      exits.end();
    }
  }

  private long answer(CpuPort cpu, int id) {
    try {
      return handler.read(cpu, id);
    } catch (SystemRegisterTrap | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      failure.accept(bug);
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
      failure.accept(bug);
      return 0;
    }
  }

  @Override
  public void write(CpuPort cpu, int id, long value) {
    initiator.cpu = cpu.index();
    if (!exits.wanted()) {
      take(cpu, id, value);
      return;
    }
    exits.begin(ExitKind.REGISTER, device);
    try {
      take(cpu, id, value);
    } finally {
      exits.end();
    }
  }

  private void take(CpuPort cpu, int id, long value) {
    try {
      handler.write(cpu, id, value);
    } catch (SystemRegisterTrap | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      failure.accept(bug);
    }
  }
}
